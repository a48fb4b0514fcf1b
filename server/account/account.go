package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// setupLasts is how long an invitation may lie unopened. The first admin's has
// no end: nobody is there to make another one.
const setupLasts = 72 * time.Hour

// firstEmail stands for the first admin until they have named themselves.
const firstEmail = "admin"

// Accounts are the people who sign in.
type Accounts struct {
	st       *store.Store
	now      func() models.Millis
	attempts attempts
	finders  *finders
	hashers  chan struct{}
	decoy    string
}

// New makes the accounts of a store. The clock is for lockouts and set-up links.
func New(st *store.Store, now func() models.Millis) (*Accounts, error) {
	a := &Accounts{st: st, now: now, attempts: attempts{most: maxAttempts, window: attemptWindow}, finders: newFinders(), hashers: make(chan struct{}, max(2, runtime.NumCPU()))}
	secret := make([]byte, 16)
	rand.Read(secret)
	var err error
	a.decoy, err = a.hash(hex.EncodeToString(secret))
	return a, err
}

// Refusal is a wish that can't be granted, in words for the person: a text's
// key with its arguments, and the form field that caused it.
type Refusal struct {
	Field, Key string
	Args       []any
}

func (r *Refusal) Error() string { return r.Key }

// Message is the text to show.
func (r *Refusal) Message() (key string, args []any) { return r.Key, r.Args }

// Input names the form field that caused it.
func (r *Refusal) Input() string { return r.Field }

func refuse(field, key string, args ...any) *Refusal {
	return &Refusal{Field: field, Key: key, Args: args}
}

// LockedError says that an account is closed to an address for a while.
type LockedError struct{ Until models.Millis }

func (LockedError) Error() string { return "too many wrong passwords" }

// ErrWrong says that address and password don't belong together. It doesn't say which is wrong.
var ErrWrong = errors.New("address and password do not match")

// SignIn checks a password typed at an address of the network.
func (a *Accounts) SignIn(ctx context.Context, email, password, ip string) (models.User, error) {
	email = cleanEmail(email)
	key := email + "\x00" + ip
	if until := a.attempts.lockedUntil(key, a.now()); until != 0 {
		return models.User{}, LockedError{until}
	}
	u, err := a.st.Read(ctx).UserByEmail(email)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return models.User{}, err
	}
	ok, err := a.matches(password, u.PasswordHash)
	if err != nil {
		return models.User{}, err
	}
	if !ok || !u.Active {
		a.attempts.fail(key, a.now())
		return models.User{}, ErrWrong
	}
	a.attempts.succeed(key)
	return u, nil
}

// User finds who a browser's session belongs to: nobody, once they were
// deactivated or their password was changed elsewhere. Stamp is SessionStamp's.
func (a *Accounts) User(ctx context.Context, id uuid.UUID, stamp string) (models.User, error) {
	u, err := a.st.Read(ctx).User(id)
	if err == nil && (!u.Active || SessionStamp(u) != stamp) {
		return models.User{}, store.ErrNotFound
	}
	return u, err
}

// SessionStamp changes with the password, which so ends all other sessions.
func SessionStamp(u models.User) string {
	sum := sha256.Sum256([]byte("session\x00" + u.PasswordHash))
	return hex.EncodeToString(sum[:8])
}

// ChangePassword replaces one's own password.
func (a *Accounts) ChangePassword(ctx context.Context, id uuid.UUID, old, password string) (models.User, error) {
	u, err := a.st.Read(ctx).User(id)
	if err != nil {
		return u, err
	}
	key := "change\x00" + id.String()
	if until := a.attempts.lockedUntil(key, a.now()); until != 0 {
		return u, LockedError{until}
	}
	ok, err := a.matches(old, u.PasswordHash)
	if err != nil {
		return u, err
	}
	if !ok {
		a.attempts.fail(key, a.now())
		return u, refuse("old", "account.password_wrong")
	}
	a.attempts.succeed(key)
	if err := checkPassword(password); err != nil {
		return u, err
	}
	if u.PasswordHash, err = a.hash(password); err != nil {
		return u, err
	}
	return u, a.save(ctx, u, By{ID: id, Name: u.Name}, "user.password")
}

// By is who does something: a signed-in user, or, with no ID, the command line.
type By struct {
	ID   uuid.UUID
	Name string
}

func (a *Accounts) save(ctx context.Context, u models.User, by By, action string) error {
	return a.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveUser(u); err != nil {
			return err
		}
		return tx.Record(entry(u, by, action))
	})
}

func entry(u models.User, by By, action string) models.HistoryEntry {
	h := models.HistoryEntry{Actor: by.Name, Action: action, Entity: "user", EntityID: u.ID.String()}
	if by.ID != uuid.Nil {
		h.ActorID = &by.ID
	}
	return h
}

func cleanEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func checkEmail(s string) error {
	at, err := mail.ParseAddress(s)
	if err != nil || at.Address != s || len(s) > 254 {
		return refuse("email", "account.email_wrong")
	}
	return nil
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

func newToken() string {
	b := make([]byte, 16)
	rand.Read(b)
	return hex.EncodeToString(b)
}

func newID() (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return id, fmt.Errorf("make an id: %w", err)
	}
	return id, nil
}
