package main

import (
	"errors"
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
)

type userCmd struct {
	Add  userAddCmd  `cmd:"" help:"Add a user and print the path of their one-time set-up link."`
	List userListCmd `cmd:"" help:"List the users."`
}

type userAddCmd struct {
	publicFlag
	Email    string `required:"" help:"Email address to sign in with."`
	Name     string `required:"" help:"Name."`
	Role     string `required:"" enum:"pmo_admin,pmo_reviewer,coordinator" help:"pmo_admin, pmo_reviewer or coordinator."`
	Provider string `help:"Code of a coordinator's training provider." placeholder:"CODE"`
	JSON     bool   `name:"json" help:"Print one JSON object."`
}

// Run registers somebody.
func (u *userAddCmd) Run(a *app) error {
	st, accounts, err := a.openAccounts()
	if err != nil {
		return err
	}
	var provider uuid.UUID
	if u.Provider != "" {
		found, err := st.Read(a.ctx).ProviderByCode(u.Provider)
		if errors.Is(err, store.ErrNotFound) {
			return errors.New(a.Say("cli.no_provider", "Code", u.Provider))
		}
		if err != nil {
			return err
		}
		provider = found.ID
	}
	user, token, err := accounts.Invite(a.ctx, account.Invitation{Email: u.Email, Name: u.Name, Role: models.Role(u.Role),
		Provider: provider}, byCLI())
	if err != nil {
		return err
	}
	public, err := u.address(a, st)
	if err != nil {
		return err
	}
	link := public + "/setup/" + token
	if u.JSON {
		return a.JSON(struct {
			ID    uuid.UUID   `json:"id"`
			Email string      `json:"email"`
			Role  models.Role `json:"role"`
			Link  string      `json:"link"`
		}{user.ID, user.Email, user.Role, link})
	}
	fmt.Fprintln(a.Stdout, link)
	return nil
}

type userListCmd struct {
	JSON bool `name:"json" help:"Print one JSON object per line."`
}

type userLine struct {
	ID       uuid.UUID   `json:"id"`
	Email    string      `json:"email"`
	Name     string      `json:"name"`
	Role     models.Role `json:"role"`
	Provider string      `json:"provider,omitempty"`
	Active   bool        `json:"active"`
	SetUp    bool        `json:"set_up"`
}

// Run lists who may sign in.
func (u *userListCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	users, err := st.Read(a.ctx).Users()
	if err != nil {
		return err
	}
	var rows [][]string
	for _, v := range users {
		line := userLine{v.ID, v.Email, v.Name, v.Role, v.ProviderCode, v.Active, v.PasswordHash != ""}
		if u.JSON {
			if err := a.JSON(line); err != nil {
				return err
			}
			continue
		}
		state := "active"
		if !line.Active {
			state = "inactive"
		} else if !line.SetUp {
			state = "invited"
		}
		rows = append(rows, []string{line.Email, line.Name, string(line.Role), line.Provider, state})
	}
	if u.JSON {
		return nil
	}
	return a.Table([]string{"EMAIL", "NAME", "ROLE", "PROVIDER", "STATE"}, rows)
}

// openAccounts opens the database with its accounts.
func (a *app) openAccounts() (*store.Store, *account.Accounts, error) {
	st, err := a.Open()
	if err != nil {
		return nil, nil, err
	}
	accounts, err := account.New(st, a.Now)
	return st, accounts, err
}
