package account_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
)

// An institution's program may do what its coordinator may do, whatever the token's row
// says.
func TestWhatAProgramMayDo(t *testing.T) {
	own := uuid.New()
	bound := []account.TokenScope{account.ReadClasses, account.ReadPeople, account.ReadAttendance, account.ReadCompletions}
	all := ""
	for _, s := range account.TokenScopes() {
		all += string(s) + " "
	}
	for _, s := range append(account.TokenScopes(), "", "all") {
		known := slices.Contains(account.TokenScopes(), s)
		for _, c := range []struct {
			name  string
			token models.APIToken
			may   bool
		}{
			{"the office's with all scopes", models.APIToken{Scopes: all}, known},
			{"an institution's with all scopes", models.APIToken{Scopes: all, ProviderID: &own}, slices.Contains(bound, s)},
			{"one with another scope", models.APIToken{Scopes: "pilots:reader xpilots:read"}, false},
			{"nobody's", models.APIToken{}, false},
		} {
			if got := (account.Caller{Token: c.token}).May(s); got != c.may {
				t.Errorf("%s may %q: %t, want %t", c.name, s, got, c.may)
			}
		}
	}
	if (account.Caller{}).Within.Covers(own) {
		t.Error("who showed no token sees an institution")
	}
}
