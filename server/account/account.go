package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/mail"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attempts"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// setupLasts is how long an invitation is valid. The first admin's invitation does not
// expire, because there is nobody to make another one.
const setupLasts = 72 * time.Hour

// How many wrong passwords are heard before the door closes, and for how long. They
// count by account and address at once, so that a stranger locks nobody out.
const (
	maxAttempts   = 5
	attemptWindow = 15 * time.Minute
)

// firstEmail stands for the first admin until they have named themselves.
const firstEmail = "admin"

// Accounts are the people who sign in.
type Accounts struct {
	st       *store.Store
	now      func() models.Millis
	attempts *attempts.Limiter
	finders  *finders
	hashers  chan struct{}
	decoy    string
}

// New makes the accounts of a store. The clock is for lockouts and set-up links.
func New(st *store.Store, now func() models.Millis) (*Accounts, error) {
	a := &Accounts{st: st, now: now, attempts: attempts.New(attempts.Rule{Free: maxAttempts, Window: attemptWindow}), finders: newFinders(), hashers: make(chan struct{}, max(2, runtime.NumCPU()))}
	secret := make([]byte, 16)
	rand.Read(secret)
	var err error
	a.decoy, err = a.hash(hex.EncodeToString(secret))
	return a, err
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
	if until := a.attempts.LockedUntil(key, a.now()); until != 0 {
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
		a.attempts.Fail(key, a.now())
		return models.User{}, ErrWrong
	}
	a.attempts.Succeed(key)
	return u, nil
}

// User finds the user of a browser's session. It finds nobody after the user was
// deactivated or changed their password elsewhere. Stamp is SessionStamp's.
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
	if until := a.attempts.LockedUntil(key, a.now()); until != 0 {
		return u, LockedError{until}
	}
	ok, err := a.matches(old, u.PasswordHash)
	if err != nil {
		return u, err
	}
	if !ok {
		a.attempts.Fail(key, a.now())
		return u, office.RefuseField("old", "account.password_wrong")
	}
	a.attempts.Succeed(key)
	if err := checkPassword(password); err != nil {
		return u, err
	}
	if u.PasswordHash, err = a.hash(password); err != nil {
		return u, err
	}
	return u, a.save(ctx, u, office.User(u), "user.password")
}

func (a *Accounts) save(ctx context.Context, u models.User, by office.Actor, action string) error {
	return a.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveUser(u); err != nil {
			return err
		}
		return record(tx, by, action, u)
	})
}

func record(tx *store.Tx, by office.Actor, action string, u models.User) error {
	return by.Record(tx, office.Done{Action: action, Entity: "user", ID: u.ID.String()})
}

func cleanEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func checkEmail(s string) error {
	at, err := mail.ParseAddress(s)
	if err != nil || at.Address != s || len(s) > 254 {
		return office.RefuseField("email", "account.email_wrong")
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
