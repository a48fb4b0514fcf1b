package account

import (
	"context"
	"errors"
	"unicode/utf8"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/names"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Invitation is a new user as an admin describes them.
type Invitation struct {
	Email, Name string
	Role        models.Role
	Provider    uuid.UUID // only of a coordinator
}

func (i *Invitation) check() error {
	i.Email, i.Name = cleanEmail(i.Email), names.Clean(i.Name)
	if err := checkEmail(i.Email); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(i.Name); n == 0 || n > 120 {
		return office.RefuseField("name", "account.name_wrong")
	}
	switch i.Role {
	case models.RoleAdmin, models.RoleReviewer:
		if i.Provider != uuid.Nil {
			return office.RefuseField("provider", "account.provider_unwanted")
		}
	case models.RoleCoordinator:
		if i.Provider == uuid.Nil {
			return office.RefuseField("provider", "account.provider_missing")
		}
	default:
		return office.RefuseField("role", "account.role_wrong")
	}
	return nil
}

// Invite registers somebody. The token goes into their set-up link; it works
// once, and is stored only as a hash.
func (a *Accounts) Invite(ctx context.Context, i Invitation, by office.Actor) (models.User, string, error) {
	if err := i.check(); err != nil {
		return models.User{}, "", err
	}
	id, err := store.NewID()
	if err != nil {
		return models.User{}, "", err
	}
	token := newToken()
	u := models.User{ID: id, Email: i.Email, Name: i.Name, Role: i.Role, SetupHash: hashToken(token),
		SetupExpires: a.now().Add(setupLasts), Active: true}
	if i.Provider != uuid.Nil {
		u.ProviderID = &i.Provider
	}
	err = a.add(ctx, u, by)
	if errors.Is(err, store.ErrExists) {
		return u, "", office.RefuseField("email", "account.email_taken")
	}
	return u, token, err
}

func (a *Accounts) add(ctx context.Context, u models.User, by office.Actor) error {
	return a.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddUser(u); err != nil {
			return err
		}
		return record(tx, by, "user.add", u)
	})
}

// First makes the first admin of an installation without users. If there is a user
// already, the token is "".
func (a *Accounts) First(ctx context.Context) (token string, err error) {
	id, err := store.NewID()
	if err != nil {
		return "", err
	}
	err = a.st.Write(ctx, func(tx *store.Tx) error {
		some, err := tx.HasUsers()
		if err != nil || some {
			return err
		}
		token = newToken()
		u := models.User{ID: id, Email: firstEmail, Name: "Admin PMO", Role: models.RoleAdmin, SetupHash: hashToken(token), Active: true}
		if err := tx.AddUser(u); err != nil {
			return err
		}
		return record(tx, office.Program("server"), "user.add", u)
	})
	return token, err
}

// Renew gives a user a new set-up link, for one that was lost or a password
// forgotten. The old password works no longer.
func (a *Accounts) Renew(ctx context.Context, id uuid.UUID, by office.Actor) (models.User, string, error) {
	u, err := a.st.Read(ctx).User(id)
	if err != nil {
		return u, "", err
	}
	token := newToken()
	u.PasswordHash, u.SetupHash, u.SetupExpires = "", hashToken(token), a.now().Add(setupLasts)
	return u, token, a.save(ctx, u, by, "user.renew")
}

// SetActive activates or deactivates a user. A user cannot deactivate themselves.
func (a *Accounts) SetActive(ctx context.Context, id uuid.UUID, active bool, by office.Actor) error { //nolint:revive // the argument is the value to set
	if by.ID != nil && id == *by.ID {
		return office.Refuse("account.not_yourself")
	}
	u, err := a.st.Read(ctx).User(id)
	if err != nil {
		return err
	}
	u.Active = active
	action := "user.deactivate"
	if active {
		action = "user.activate"
	}
	return a.save(ctx, u, by, action)
}

// Setup is the form behind a set-up link. Email counts only for the first admin, whose
// address is not known yet.
type Setup struct{ Email, Name, Password string }

// Pending finds whom a set-up link is for, and whether they must name their
// address; ErrNotFound if it was used or is too old.
func (a *Accounts) Pending(ctx context.Context, token string) (u models.User, first bool, err error) {
	u, err = a.st.Read(ctx).UserBySetup(hashToken(token))
	if err == nil && (!u.Active || u.SetupExpires != 0 && u.SetupExpires < a.now()) {
		err = store.ErrNotFound
	}
	return u, u.Email == firstEmail, err
}

// Complete uses up a set-up link.
func (a *Accounts) Complete(ctx context.Context, token string, s Setup) (models.User, error) {
	u, first, err := a.Pending(ctx, token)
	if err != nil {
		return u, err
	}
	u.Name = names.Clean(s.Name)
	if n := utf8.RuneCountInString(u.Name); n == 0 || n > 120 {
		return u, office.RefuseField("name", "account.name_wrong")
	}
	if first {
		u.Email = cleanEmail(s.Email)
		if err := checkEmail(u.Email); err != nil {
			return u, err
		}
	}
	if err := checkPassword(s.Password); err != nil {
		return u, err
	}
	if u.PasswordHash, err = a.hash(s.Password); err != nil {
		return u, err
	}
	u.SetupHash, u.SetupExpires = nil, 0
	err = a.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.UseSetup(u, hashToken(token)); err != nil {
			return err
		}
		return record(tx, office.User(u), "user.setup", u)
	})
	if errors.Is(err, store.ErrExists) {
		return u, office.RefuseField("email", "account.email_taken")
	}
	return u, err
}
