package account_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

const password = "kopi tubruk pagi"

// office is a fresh installation with a clock that tests turn.
type fixture struct {
	*account.Accounts
	st  *store.Store
	now models.Millis
}

func newOffice(t *testing.T) *fixture {
	t.Helper()
	o := &fixture{now: 1_700_000_000_000}
	clock := func() models.Millis { return o.now }
	var err error
	if o.st, err = store.Open(t.Context(), store.Config{Dir: t.TempDir(), Now: clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.st.Close() })
	if o.Accounts, err = account.New(o.st, clock); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *fixture) admin(t *testing.T) models.User {
	t.Helper()
	token, err := o.First(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	u, err := o.Complete(t.Context(), token, account.Setup{Email: "Ani@Contoh.id ", Name: "Ani", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestTheFirstAdminIsMadeOnceAndSetsUpOnce(t *testing.T) {
	o := newOffice(t)
	token, err := o.First(t.Context())
	if err != nil || token == "" {
		t.Fatalf("first admin: token %q, %v", token, err)
	}
	if again, err := o.First(t.Context()); err != nil || again != "" {
		t.Errorf("a second first admin: token %q, %v", again, err)
	}
	o.now = o.now.Add(365 * 24 * time.Hour)
	if _, first, err := o.Pending(t.Context(), token); err != nil || !first {
		t.Errorf("a year later the link waits still: first %v, %v", first, err)
	}
	setup := account.Setup{Email: "ani@contoh.id", Name: "Ani", Password: password}
	if _, err := o.Complete(t.Context(), token, setup); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Complete(t.Context(), token, setup); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the link used twice: %v, want ErrNotFound", err)
	}
	if _, err := o.SignIn(t.Context(), "ANI@contoh.id", password, "10.0.0.1"); err != nil {
		t.Errorf("sign in after set-up: %v", err)
	}
}

func TestOfManyWhoOpenASetUpLinkAtOnceOneWins(t *testing.T) {
	o := newOffice(t)
	token, err := o.First(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	done := make(chan error, 8)
	for range cap(done) {
		wg.Go(func() {
			_, err := o.Complete(t.Context(), token, account.Setup{Email: "ani@contoh.id", Name: "Ani", Password: password})
			done <- err
		})
	}
	wg.Wait()
	close(done)
	won := 0
	for err := range done {
		if err == nil {
			won++
		} else if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a loser got %v, want ErrNotFound", err)
		}
	}
	if won != 1 {
		t.Errorf("%d won, want 1", won)
	}
}

func TestInvitationsSayWhatIsWrong(t *testing.T) {
	o := newOffice(t)
	o.admin(t)
	good := account.Invitation{Email: "budi@contoh.id", Name: "Budi", Role: models.RoleReviewer}
	for _, c := range []struct {
		name  string
		spoil func(*account.Invitation)
		field string
	}{
		{"no address", func(i *account.Invitation) { i.Email = "" }, "email"},
		{"an address with a name", func(i *account.Invitation) { i.Email = "Budi <budi@contoh.id>" }, "email"},
		{"an address that is taken, in other letters", func(i *account.Invitation) { i.Email = "ANI@contoh.id" }, "email"},
		{"a blank name", func(i *account.Invitation) { i.Name = "  " }, "name"},
		{"a role that doesn't exist", func(i *account.Invitation) { i.Role = "root" }, "role"},
		{"a coordinator of nothing", func(i *account.Invitation) { i.Role = models.RoleCoordinator }, "provider"},
		{"a reviewer of one provider", func(i *account.Invitation) { i.Provider = uuid.New() }, "provider"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := good
			c.spoil(&i)
			_, _, err := o.Invite(t.Context(), i, office.Actor{Name: "test"})
			r, ok := errors.AsType[*office.Refusal](err)
			if !ok || r.Field != c.field {
				t.Errorf("%+v: %v, want a refusal at %q", i, err, c.field)
			}
		})
	}
}

func TestAnInvitationEndsAfterThreeDays(t *testing.T) {
	o := newOffice(t)
	_, token, err := o.Invite(t.Context(), account.Invitation{Email: "b@contoh.id", Name: "B", Role: models.RoleReviewer}, office.Actor{})
	if err != nil {
		t.Fatal(err)
	}
	o.now = o.now.Add(72*time.Hour + time.Millisecond)
	if _, _, err := o.Pending(t.Context(), token); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an old invitation: %v, want ErrNotFound", err)
	}
}

func TestFiveWrongPasswordsCloseTheDoorForThatAddressOnly(t *testing.T) {
	o := newOffice(t)
	o.admin(t)
	for range 5 {
		if _, err := o.SignIn(t.Context(), "ani@contoh.id", "salah sekali", "10.0.0.9"); !errors.Is(err, account.ErrWrong) {
			t.Fatalf("a wrong password: %v", err)
		}
	}
	var locked account.LockedError
	if _, err := o.SignIn(t.Context(), "ani@contoh.id", password, "10.0.0.9"); !errors.As(err, &locked) {
		t.Errorf("the right password after five wrong ones: %v, want a locked door", err)
	}
	if _, err := o.SignIn(t.Context(), "ani@contoh.id", password, "10.0.0.1"); err != nil {
		t.Errorf("from another address: %v", err)
	}
	o.now = locked.Until
	if _, err := o.SignIn(t.Context(), "ani@contoh.id", password, "10.0.0.9"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestAnUnknownAddressAndAnUninvitedPasswordAreJustWrong(t *testing.T) {
	o := newOffice(t)
	if _, err := o.First(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"siapa@contoh.id", "admin", ""} {
		if _, err := o.SignIn(t.Context(), email, "", "10.0.0.1"); !errors.Is(err, account.ErrWrong) {
			t.Errorf("%q: %v, want ErrWrong", email, err)
		}
	}
}

func TestANewPasswordAndADeactivationEndOtherSessions(t *testing.T) {
	o := newOffice(t)
	u := o.admin(t)
	stamp := account.SessionStamp(u)
	if _, err := o.User(t.Context(), u.ID, stamp); err != nil {
		t.Fatal(err)
	}
	changed, err := o.ChangePassword(t.Context(), u.ID, password, "teh manis sore hari")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.User(t.Context(), u.ID, stamp); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the old session: %v, want ErrNotFound", err)
	}
	if err := o.SetActive(t.Context(), u.ID, false, office.Actor{Name: "cli"}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.User(t.Context(), u.ID, account.SessionStamp(changed)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a deactivated user's session: %v, want ErrNotFound", err)
	}
	if _, err := o.SignIn(t.Context(), "ani@contoh.id", "teh manis sore hari", "10.0.0.1"); !errors.Is(err, account.ErrWrong) {
		t.Errorf("a deactivated user signs in: %v, want ErrWrong", err)
	}
}

func TestNobodyShutsOutThemselves(t *testing.T) {
	o := newOffice(t)
	u := o.admin(t)
	err := o.SetActive(t.Context(), u.ID, false, office.User(u))
	if _, ok := errors.AsType[*office.Refusal](err); !ok {
		t.Errorf("deactivating oneself: %v, want a refusal", err)
	}
}

func TestTheAuthorisationTable(t *testing.T) {
	const admin, reviewer, coordinator, guest = models.RoleAdmin, models.RoleReviewer, models.RoleCoordinator, models.Role("")
	want := map[account.Permission][]models.Role{
		account.Open:              {admin, reviewer, coordinator, guest},
		account.Self:              {admin, reviewer, coordinator},
		account.SeeClasses:        {admin, reviewer, coordinator},
		account.SeePeople:         {admin, reviewer, coordinator},
		account.ExportAttendance:  {admin, reviewer, coordinator},
		account.SeePilots:         {admin, reviewer},
		account.SeeSites:          {admin, reviewer},
		account.SeeHistory:        {admin, reviewer},
		account.ReviewCases:       {admin, reviewer},
		account.ImportPlan:        {admin, coordinator},
		account.ManagePilots:      {admin},
		account.ManagePlan:        {admin},
		account.ManageSessions:    {admin, coordinator},
		account.ManageTickets:     {admin},
		account.PrintBadges:       {admin, coordinator},
		account.ManageAgents:      {admin},
		account.CorrectAttendance: {admin},
		account.AnswerRequests:    {admin},
		account.ManageUsers:       {admin},
		account.ManageTokens:      {admin},
		account.CloseClasses:      {admin},
		account.SeeNumbers:        {admin},
	}
	for _, p := range account.Permissions() {
		for _, role := range []models.Role{admin, reviewer, coordinator, guest, "root"} {
			holds := p == account.Open
			for _, r := range want[p] {
				holds = holds || r == role
			}
			if got := account.May(role, p); got != holds {
				t.Errorf("May(%q, %s) = %v, want %v", role, p, got, holds)
			}
		}
	}
	if len(want) != len(account.Permissions()) {
		t.Errorf("%d permissions, the table names %d", len(account.Permissions()), len(want))
	}
	if account.May(admin, "") {
		t.Error("a route that names no permission lets the admin in")
	}
}

func TestAScopeCoversOneInstitution(t *testing.T) {
	own, other := uuid.New(), uuid.New()
	for _, c := range []struct {
		name             string
		user             models.User
		own, other, none bool
	}{
		{"an admin sees all", models.User{Role: models.RoleAdmin}, true, true, true},
		{"a reviewer sees all", models.User{Role: models.RoleReviewer}, true, true, true},
		{"a coordinator sees their own", models.User{Role: models.RoleCoordinator, ProviderID: &own}, true, false, false},
		{"a coordinator of nothing sees nothing", models.User{Role: models.RoleCoordinator}, false, false, false},
		{"a guest sees nothing", models.User{}, false, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := account.ScopeOf(c.user)
			if s.Covers(own) != c.own || s.Covers(other) != c.other || s.Covers(uuid.Nil) != c.none {
				t.Errorf("covers own %v, other %v, none %v", s.Covers(own), s.Covers(other), s.Covers(uuid.Nil))
			}
			if limit := s.Provider(); (limit == nil) != c.other {
				t.Errorf("lists are limited to %v", limit)
			}
		})
	}
}
