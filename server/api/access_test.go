package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/server/account"
	"buktihadir/server/api"
	"buktihadir/server/office"
)

// The matrix is made from the OpenAPI document: an operation without a scope, or with an
// unknown one, fails here before it is called.
func TestEveryOperationAnswersItsOwnScopeAndNoOther(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	whole, bound := map[account.TokenScope]string{}, map[account.TokenScope]string{}
	for _, s := range account.TokenScopes() {
		scopes := []account.TokenScope{s}
		if s == account.ReadNumbers { // it never comes alone
			continue
		}
		whole[s] = o.token(uuid.Nil, scopes...)
		if s.ForProviders() {
			bound[s] = o.token(o.own.ID, scopes...)
		}
	}
	operations := 0
	for path, item := range o.api.Document().Paths {
		for method, op := range api.Operations(item) {
			operations++
			if len(op.Security) != 1 || len(op.Security[0]["token"]) != 1 || !slices.Contains(account.TokenScopes(), account.TokenScope(op.Security[0]["token"][0])) {
				t.Errorf("%s %s declares %v, want one scope", method, path, op.Security)
				continue
			}
			asks := account.TokenScope(op.Security[0]["token"][0])
			at := strings.NewReplacer("{id}", uuid.NewString(), "{enrollment}", uuid.NewString()).Replace(path)
			var body any
			if op.RequestBody != nil {
				body = struct{}{}
			}
			for _, none := range []string{"", "bhapi_", "bhapi_" + strings.Repeat("A", 43), "x"} {
				if got := o.call(none, method, at, body); got.status != http.StatusUnauthorized || !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer") {
					t.Errorf("%s %s with the token %q: %d, want 401", method, path, none, got.status)
				}
			}
			for whose, tokens := range map[string]map[account.TokenScope]string{"the office's": whole, "an institution's": bound} {
				for scope, token := range tokens {
					got := o.call(token, method, at, body)
					if refused := got.status == http.StatusForbidden; refused != (scope != asks) || got.status == http.StatusUnauthorized || got.status >= 500 {
						t.Errorf("%s %s with %s %s: %d; it asks for %s", method, path, whose, scope, got.status, asks)
					}
				}
			}
		}
	}
	if operations < 19 {
		t.Errorf("the document has %d operations", operations)
	}
}

func TestATokenOfAnInstitutionSeesNothingOfAnother(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for i := range o.places["C"][:3] {
		o.correct("C", 0, i, "present")
	}
	o.correct("A", 0, 0, "present")
	token := o.token(o.own.ID, account.ReadClasses, account.ReadPeople, account.ReadAttendance, account.ReadCompletions)
	theirs := o.places["C"][0].Enrollment
	for _, path := range []string{"/classes", "/sessions", "/enrollments", "/participants", "/attendance", "/completions"} {
		got := o.call(token, http.MethodGet, path, nil)
		for _, secret := range []string{`"C"`, theirs.ID.String(), theirs.ClassID.String(), `"P-09"`, `"P-10"`} {
			if got.status != http.StatusOK || strings.Contains(string(got.body), secret) {
				t.Errorf("%s (%d) tells of %s", path, got.status, secret)
			}
		}
		if !strings.Contains(string(got.body), `"items":[{`) {
			t.Errorf("%s tells nothing of their own either: %s", path, got.body)
		}
	}
	filter := "class=" + theirs.ClassID.String()
	for _, path := range []string{"/sessions?" + filter, "/enrollments?" + filter, "/attendance?" + filter, "/completions?" + filter} {
		if got := fetch[list[struct{}]](o, token, path); len(got.Items) != 0 {
			t.Errorf("%s: %d items", path, len(got.Items))
		}
	}
	for _, path := range []string{"/classes/" + theirs.ClassID.String(), "/sessions/" + o.sessions["C"][0].ID.String(), "/enrollments/" + theirs.ID.String(),
		"/participants/" + theirs.ParticipantID.String(), "/sessions/" + o.sessions["C"][0].ID.String() + "/attendance", "/classes/" + theirs.ClassID.String() +
			"/documents"} {
		if got := o.call(token, http.MethodGet, path, nil); got.status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, got.status)
		}
	}
}

func TestATokenEndsWhenItIsRevokedOrOver(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	row, token, err := o.accounts.AddToken(t.Context(), account.NewToken{Name: "x", Scopes: []account.TokenScope{account.ReadPilots}, Days: 2},
		office.Actor{Name: "test"})
	o.ok(err)
	other := o.token(uuid.Nil, account.ReadPilots)
	if got := o.call(token, http.MethodGet, "/pilots", nil); got.status != http.StatusOK {
		t.Fatalf("a fresh token: %d", got.status)
	}
	used, err := o.st.Read(t.Context()).APIToken(row.ID)
	o.ok(err)
	if used.LastUsed != o.now() || strings.Contains(string(used.TokenHash), token) {
		t.Errorf("last used at %d, want %d", used.LastUsed, o.now())
	}
	o.at.Add(int64(48*time.Hour/time.Millisecond) - 1)
	if got := o.call(token, http.MethodGet, "/pilots", nil); got.status != http.StatusOK {
		t.Errorf("a millisecond before its end: %d", got.status)
	}
	o.at.Add(1)
	if got := o.call(token, http.MethodGet, "/pilots", nil); got.status != http.StatusUnauthorized {
		t.Errorf("at its end: %d, want 401", got.status)
	}
	rows, err := o.st.Read(t.Context()).APITokens()
	o.ok(err)
	for _, r := range rows {
		o.ok(o.accounts.RevokeToken(t.Context(), r.ID, office.Actor{Name: "test"}))
	}
	if got := o.call(other, http.MethodGet, "/pilots", nil); got.status != http.StatusUnauthorized {
		t.Errorf("revoked: %d, want 401", got.status)
	}
}

func TestWhoAsksTooMuchWaitsAndHoldsNobodyElseUp(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	greedy, other := o.token(uuid.Nil, account.ReadPilots), o.token(uuid.Nil, account.ReadPilots)
	var got answer
	for range 101 {
		got = o.call(greedy, http.MethodGet, "/pilots", nil)
	}
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "1" || got.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("the 101st: %d, Retry-After %q", got.status, got.header.Get("Retry-After"))
	}
	if got := o.call(other, http.MethodGet, "/pilots", nil); got.status != http.StatusOK {
		t.Errorf("another token: %d", got.status)
	}
	o.at.Add(1000)
	if got := o.call(greedy, http.MethodGet, "/pilots", nil); got.status != http.StatusOK {
		t.Errorf("a second later: %d", got.status)
	}
}

func TestWhatATokenMayIsCheckedWhenItIsMade(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, c := range []struct {
		name string
		wish account.NewToken
		key  string
	}{
		{"no name", account.NewToken{Scopes: []account.TokenScope{account.ReadPilots}, Days: 1}, "api.name_wrong"},
		{"no scope", account.NewToken{Name: "x", Days: 1}, "api.scopes_missing"},
		{"a scope that is none", account.NewToken{Name: "x", Scopes: []account.TokenScope{"all"}, Days: 1}, "api.scope_unknown"},
		{"an institution that corrects attendance", account.NewToken{Name: "x", Scopes: []account.TokenScope{account.WriteCorrections}, Provider: o.own.ID, Days: 1},
			"api.scope_for_office"},
		{"numbers of nobody", account.NewToken{Name: "x", Scopes: []account.TokenScope{account.ReadNumbers}, Days: 1}, "api.numbers_of_whom"},
		{"for ever", account.NewToken{Name: "x", Scopes: []account.TokenScope{account.ReadPilots}, Days: 10_000}, "api.days_wrong"},
		{"an institution that isn't there", account.NewToken{Name: "x", Scopes: []account.TokenScope{account.ReadClasses}, Provider: uuid.New(), Days: 1},
			"account.provider_missing"},
	} {
		_, text, err := o.accounts.AddToken(t.Context(), c.wish, office.Actor{Name: "test"})
		if r, ok := err.(*office.Refusal); !ok || r.Key != c.key || text != "" {
			t.Errorf("%s: %v, want %s", c.name, err, c.key)
		}
	}
}
