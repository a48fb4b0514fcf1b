package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
)

type tokenCmd struct {
	Add    tokenAddCmd    `cmd:"" help:"Create a token for a program that calls the API; it is printed once."`
	List   tokenListCmd   `cmd:"" help:"List tokens."`
	Revoke tokenRevokeCmd `cmd:"" help:"Revoke a token at once."`
}

type tokenAddCmd struct {
	Name     string   `required:"" help:"Name of the program and its owner."`
	Scope    []string `required:"" help:"What it may do, such as attendance:read. Can be repeated." placeholder:"SCOPE"`
	Provider string   `help:"Code of the only training provider that it may see." placeholder:"CODE"`
	Days     int      `help:"Days until it expires." default:"365"`
	JSON     bool     `name:"json" help:"Print one JSON object."`
}

// Run makes a token.
func (t *tokenAddCmd) Run(a *app) error {
	st, accounts, err := a.openAccounts()
	if err != nil {
		return err
	}
	wish := account.NewToken{Name: t.Name, Days: t.Days}
	for _, s := range t.Scope {
		wish.Scopes = append(wish.Scopes, account.TokenScope(s))
	}
	if t.Provider != "" {
		provider, err := st.Read(a.ctx).ProviderByCode(t.Provider)
		if errors.Is(err, store.ErrNotFound) {
			return errors.New(a.Say("cli.no_provider", "Code", t.Provider))
		}
		if err != nil {
			return err
		}
		wish.Provider = provider.ID
	}
	row, text, err := accounts.AddToken(a.ctx, wish, byCLI())
	if err != nil {
		return err
	}
	if t.JSON {
		return a.JSON(struct {
			ID      uuid.UUID `json:"id"`
			Name    string    `json:"name"`
			Scopes  []string  `json:"scopes"`
			Expires string    `json:"expires"`
			Token   string    `json:"token"`
		}{row.ID, row.Name, strings.Fields(row.Scopes), row.ExpiresAt.Time().Format(time.RFC3339), text})
	}
	fmt.Fprintln(a.Stdout, text)
	return nil
}

type tokenListCmd struct {
	JSON bool `name:"json" help:"Print one JSON object per line."`
}

type tokenLine struct {
	ID       uuid.UUID `json:"id"`
	Name     string    `json:"name"`
	Scopes   []string  `json:"scopes"`
	Provider string    `json:"provider,omitempty"`
	Expires  string    `json:"expires"`
	LastUsed string    `json:"last_used,omitempty"`
	State    string    `json:"state"`
}

// Run lists tokens, never their text.
func (t *tokenListCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	tokens, err := st.Read(a.ctx).APITokens()
	if err != nil {
		return err
	}
	var rows [][]string
	for _, v := range tokens {
		line := tokenLine{ID: v.ID, Name: v.Name, Scopes: strings.Fields(v.Scopes), Provider: v.ProviderCode,
			Expires: v.ExpiresAt.Time().Format(time.RFC3339), State: tokenState(v.APIToken, a.Now())}
		if v.LastUsed != 0 {
			line.LastUsed = v.LastUsed.Time().Format(time.RFC3339)
		}
		if t.JSON {
			if err := a.JSON(line); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, []string{line.ID.String(), line.Name, v.Scopes, line.Provider, line.Expires, line.State})
	}
	if t.JSON {
		return nil
	}
	return a.Table([]string{"ID", "NAME", "SCOPES", "PROVIDER", "EXPIRES", "STATE"}, rows)
}

func tokenState(t models.APIToken, now models.Millis) string {
	switch {
	case t.RevokedAt != 0:
		return "revoked"
	case t.ExpiresAt <= now:
		return "expired"
	}
	return "valid"
}

type tokenRevokeCmd struct {
	ID uuid.UUID `arg:"" help:"The token's id, from the list."`
}

// Run ends a token.
func (t *tokenRevokeCmd) Run(a *app) error {
	_, accounts, err := a.openAccounts()
	if err != nil {
		return err
	}
	err = accounts.RevokeToken(a.ctx, t.ID, byCLI())
	if errors.Is(err, store.ErrNotFound) {
		return errors.New(a.Say("api.no_token", "ID", t.ID.String()))
	}
	return err
}
