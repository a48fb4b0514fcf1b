package account

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// TokenScope is what a program that calls the API may do.
type TokenScope string

// The scopes of tokens.
const (
	ReadPilots       TokenScope = "pilots:read"
	ReadBudgets      TokenScope = "budgets:read" // money; nothing of it is an institution's
	ReadSites        TokenScope = "sites:read"
	ReadAgents       TokenScope = "agents:read"
	ReadClasses      TokenScope = "classes:read" // classes and sessions
	ReadPeople       TokenScope = "people:read"  // participants without personal numbers, and their places
	ReadNumbers      TokenScope = "numbers:read" // with people:read: whole NIK and phone numbers. Each call is in the history
	ReadAttendance   TokenScope = "attendance:read"
	ReadCompletions  TokenScope = "completions:read"
	WriteCorrections TokenScope = "corrections:write" // corrections, and marks of tasks that are done
	WriteEnrollments TokenScope = "enrollments:write"
)

// TokenScopes lists every scope.
func TokenScopes() []TokenScope {
	return []TokenScope{ReadPilots, ReadBudgets, ReadSites, ReadAgents, ReadClasses, ReadPeople, ReadNumbers, ReadAttendance, ReadCompletions, WriteCorrections,
		WriteEnrollments}
}

// asks is the permission that a person needs for the same as a scope allows a program.
func (s TokenScope) asks() Permission {
	switch s {
	case ReadPilots, ReadBudgets:
		return SeePilots
	case ReadSites, ReadAgents:
		return SeeSites
	case ReadClasses:
		return SeeClasses
	case ReadPeople:
		return SeePeople
	case ReadNumbers:
		return SeeNumbers
	case ReadAttendance, ReadCompletions:
		return ExportAttendance
	case WriteCorrections:
		return CorrectAttendance
	case WriteEnrollments:
		return ManagePlan
	}
	return ManageTokens
}

// ForProviders says whether a token of an institution may have the scope: it may do what
// the institution's coordinator may do.
func (s TokenScope) ForProviders() bool { return May(models.RoleCoordinator, s.asks()) }

// Caller is a program that showed a valid token.
type Caller struct {
	Token  models.APIToken
	Within Scope
}

// May says whether the caller's token has a scope.
func (c Caller) May(s TokenScope) bool {
	return slices.Contains(strings.Fields(c.Token.Scopes), string(s)) && (c.Token.ProviderID == nil || s.ForProviders())
}

// Name is what the history calls the program.
func (c Caller) Name() string { return "API " + c.Token.Name }

// NewToken is a token as an admin describes it.
type NewToken struct {
	Name     string
	Scopes   []TokenScope
	Provider uuid.UUID // the only institution that it sees; nil: all
	Days     int       // until it expires
}

// tokenPrefix lets scanners for leaked secrets recognise a token.
const tokenPrefix = "bhapi_"

const maxTokenDays = 730

func (n *NewToken) check() error {
	n.Name = strings.TrimSpace(n.Name)
	if c := utf8.RuneCountInString(n.Name); c == 0 || c > 120 {
		return office.RefuseField("name", "api.name_wrong")
	}
	if len(n.Scopes) == 0 {
		return office.RefuseField("scopes", "api.scopes_missing")
	}
	for _, s := range n.Scopes {
		if !slices.Contains(TokenScopes(), s) {
			return office.RefuseField("scopes", "api.scope_unknown", "Scope", string(s))
		}
		if n.Provider != uuid.Nil && !s.ForProviders() {
			return office.RefuseField("scopes", "api.scope_for_office", "Scope", string(s))
		}
	}
	if slices.Contains(n.Scopes, ReadNumbers) && !slices.Contains(n.Scopes, ReadPeople) {
		return office.RefuseField("scopes", "api.numbers_of_whom")
	}
	if n.Days < 1 || n.Days > maxTokenDays {
		return office.RefuseField("days", "api.days_wrong", "Most", maxTokenDays)
	}
	return nil
}

// AddToken makes a token. Its text is told here and kept nowhere.
func (a *Accounts) AddToken(ctx context.Context, n NewToken, by office.Actor) (models.APIToken, string, error) {
	if err := n.check(); err != nil {
		return models.APIToken{}, "", err
	}
	id, err := store.NewID()
	if err != nil {
		return models.APIToken{}, "", err
	}
	secret := make([]byte, 32)
	rand.Read(secret)
	text := tokenPrefix + base64.RawURLEncoding.EncodeToString(secret)
	scopes := make([]string, len(n.Scopes))
	for i, s := range n.Scopes {
		scopes[i] = string(s)
	}
	row := models.APIToken{ID: id, Name: n.Name, TokenHash: hashToken(text), Scopes: strings.Join(scopes, " "), Author: by.Name,
		ExpiresAt: a.now().Add(time.Duration(n.Days) * 24 * time.Hour)}
	if n.Provider != uuid.Nil {
		row.ProviderID = &n.Provider
	}
	err = a.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddAPIToken(row); err != nil {
			return err
		}
		return recordToken(tx, by, "token.add", row, row.Scopes)
	})
	if errors.Is(err, store.ErrReferenced) {
		return row, "", office.RefuseField("provider", "account.provider_missing")
	}
	return row, text, err
}

// RevokeToken ends a token at once.
func (a *Accounts) RevokeToken(ctx context.Context, id uuid.UUID, by office.Actor) error {
	return a.st.Write(ctx, func(tx *store.Tx) error {
		row, err := tx.APIToken(id)
		if err != nil || row.RevokedAt != 0 {
			return err
		}
		if err := tx.RevokeAPIToken(id); err != nil {
			return err
		}
		return recordToken(tx, by, "token.revoke", row, "")
	})
}

func recordToken(tx *store.Tx, by office.Actor, action string, row models.APIToken, detail string) error {
	return by.Record(tx, office.Done{Action: action, Entity: "token", ID: row.ID.String(), Detail: strings.TrimSpace(row.Name + " " + detail)})
}

// ErrToken says that a token is unknown, revoked or expired.
var ErrToken = errors.New("not a valid token")

// Caller finds whose token this is.
func (a *Accounts) Caller(ctx context.Context, text string) (Caller, error) {
	if !strings.HasPrefix(text, tokenPrefix) {
		return Caller{}, ErrToken
	}
	row, err := a.st.Read(ctx).APITokenByHash(hashToken(text))
	if errors.Is(err, store.ErrNotFound) || err == nil && (row.RevokedAt != 0 || row.ExpiresAt <= a.now()) {
		return Caller{}, ErrToken
	}
	if err != nil {
		return Caller{}, err
	}
	if a.now().Sub(row.LastUsed) > time.Minute {
		err = a.st.Write(ctx, func(tx *store.Tx) error { return tx.UsedAPIToken(row.ID) })
	}
	within := Scope{all: true}
	if row.ProviderID != nil {
		within = Scope{provider: *row.ProviderID}
	}
	return Caller{row, within}, err
}
