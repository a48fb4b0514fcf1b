package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/templates"
)

func TestEveryRouteAsksForItsPermissionOfEveryRole(t *testing.T) {
	o := newOffice(t)
	engine, err := o.pages.Engine()
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]account.Permission{}
	for _, d := range o.pages.Declared() {
		declared[d.Method+" "+d.Path] = d.Asks
	}
	roles := map[models.Role]*browser{}
	for _, role := range append(models.Roles(), "") {
		roles[role] = o.as(t, role)
	}
	for _, r := range engine.Routes() {
		if strings.HasPrefix(r.Path, templates.AssetRoot) {
			continue
		}
		asks, ok := declared[strings.Replace(r.Method, http.MethodHead, http.MethodGet, 1)+" "+r.Path]
		if !ok || !slices.Contains(account.Permissions(), asks) {
			t.Errorf("%s %s declares no permission, or %q", r.Method, r.Path, asks)
			continue
		}
		for role, b := range roles {
			if r.Path == "/logout" {
				b = o.as(t, role)
			}
			path := strings.NewReplacer(":token", "abc", ":id", uuid.NewString(), ":kind", "sites").Replace(r.Path)
			got := b.do(b.request(r.Method, path, nil))
			sentToSignIn := got.status == http.StatusSeeOther && strings.HasPrefix(got.header.Get("Location"), "/login") && r.Path != "/logout"
			switch {
			case account.May(role, asks):
				if got.status == http.StatusForbidden || sentToSignIn {
					t.Errorf("%s %s as %q: %d, but the role holds %s", r.Method, r.Path, role, got.status, asks)
				}
			case role == "" && !sentToSignIn:
				t.Errorf("%s %s as a guest: %d, want the way to sign in", r.Method, r.Path, got.status)
			case role != "" && got.status != http.StatusForbidden:
				t.Errorf("%s %s as %s: %d, want 403", r.Method, r.Path, role, got.status)
			}
			if got.status >= http.StatusInternalServerError {
				t.Errorf("%s %s as %q: %d", r.Method, r.Path, role, got.status)
			}
		}
	}
}

func TestACoordinatorSeesNothingOfAnotherInstitution(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleCoordinator)
	own, foreign := o.classes[0], o.classes[2]
	foreignPerson := o.foreignPerson.ParticipantID.String()
	for _, path := range []string{
		"/classes/" + own.ID.String(), "/classes/" + own.ID.String() + "/people", "/classes/" + own.ID.String() + "/attendance",
		"/sessions/" + o.sessions[1].ID.String(), "/sessions/" + o.sessions[1].ID.String() + "/attendance.csv",
		"/sessions/" + o.sessions[1].ID.String() + "/people/" + o.ownPlace.ID.String(), "/participants/" + o.participants[0].ID.String(),
		"/classes/" + own.ID.String() + "/documents", "/classes/" + own.ID.String() + "/badges", "/classes/" + own.ID.String() + "/badges.pdf", "/classes/" + own.ID.String() + "/drafts/session_report", "/sessions/" + o.sessions[1].ID.String() + "/sheet", "/sessions/" + o.sessions[1].ID.String() + "/sheet/print",
	} {
		if got := b.get(path); got.status != http.StatusOK {
			t.Errorf("their own %s: %d", path, got.status)
		}
	}
	for _, path := range []string{
		"/classes/" + foreign.ID.String(), "/classes/" + foreign.ID.String() + "/people", "/classes/" + foreign.ID.String() + "/attendance",
		"/sessions/" + o.sessions[7].ID.String(), "/sessions/" + o.sessions[7].ID.String() + "/attendance.csv",
		"/sessions/" + o.sessions[7].ID.String() + "/people/" + o.foreignPerson.ID.String(), "/participants/" + foreignPerson,
		"/sessions/" + o.sessions[1].ID.String() + "/people/" + o.foreignPerson.ID.String(),
		"/classes/" + foreign.ID.String() + "/documents", "/classes/" + foreign.ID.String() + "/badges", "/classes/" + foreign.ID.String() + "/badges.pdf", "/classes/" + foreign.ID.String() + "/drafts/session_report", "/sessions/" + o.sessions[7].ID.String() + "/sheet", "/sessions/" + o.sessions[7].ID.String() + "/sheet/print",
	} {
		if got := b.get(path); got.status != http.StatusNotFound {
			t.Errorf("another institution's %s: %d, want 404", path, got.status)
		}
	}
	for _, path := range []string{"/", "/classes", "/sessions?day=2026-06-22", "/participants", "/participants?page=2", "/classes?q=las"} {
		got := b.get(path)
		for _, secret := range []string{foreign.Code, foreignPerson, "REG-00036", o.other.Name} {
			if strings.Contains(got.body, secret) {
				t.Errorf("%s names %q of another institution", path, secret)
			}
		}
	}
	if got := b.post("/participants/find", "q", o.personal[len(o.personal)-3]); strings.Contains(got.body, foreignPerson) {
		t.Error("the NIK of another institution's participant finds them")
	}
}

// seenPages are the pages to look at, with what they show filled in.
func (o *fixture) seenPages() []string {
	class, session := o.classes[0].ID.String(), o.sessions[1].ID.String()
	return []string{
		"/", "/?trend=all", "/sessions?state=begun", "/classes?province=32", "/agents?trouble=at_work", "/classes", "/classes?q=barista", "/classes?q=tidakada", "/classes/" + class, "/classes/" + class + "/people",
		"/sessions?day=2026-06-22", "/sessions?day=2020-01-01", "/calendar", "/calendar?span=month", "/calendar/feeds", "/calendar/feeds?kind=instructor", "/holidays", "/classes/" + class + "/sessions/new", "/participants", "/participants?q=siti", "/participants?q=tidakada",
		"/participants/" + o.participants[0].ID.String(), "/pilots", "/pilots/" + o.pilot.ID.String(), "/pilots/" + o.pilot.ID.String() + "/budget", "/pilots/" + o.pilot.ID.String() + "/tickets", "/pilots/" + o.pilot.ID.String() + "/budget/classes",
		"/pilots/" + o.pilot.ID.String() + "/what-if", "/sites", "/sites/" + o.sites[0].ID.String(),
		"/sites/" + o.sites[2].ID.String(), "/agents", "/agents?trouble=disk", "/agents?trouble=any", "/history", "/users", "/users/new", "/account", "/tidak-ada",
		"/classes/" + class + "/attendance", "/classes/" + class + "/documents", "/classes/" + class + "/close", "/sessions/" + session, "/sessions/" + session + "/attendance.csv",
		"/sessions/" + session + "/people/" + o.ownPlace.ID.String(), "/enrollments/" + o.ownPlace.ID.String(),
		"/sessions/" + session + "?correct=1", "/sessions/" + session + "/sheet/print", "/classes/" + class + "/policy", "/classes/" + class + "/badges", "/classes/" + class + "/badges?layout=a4_8&who=instructor&code=0", "/subscriptions", "/subscriptions/new", "/subscriptions/new?list=%2Fattendance%3Fwhat%3Dabsent", "/t/find", "/requests", "/requests?state=answered", "/tokens", "/tokens/new", "/webhooks", "/webhooks/new", "/imports", "/imports/new?kind=participants", "/bundles", "/pilots/new", "/history?entity=pilot", "/log",
	}
}

func TestPagesSpeakBothLanguagesAndShowNoWholeNumber(t *testing.T) {
	o := newOffice(t)
	for _, role := range append(models.Roles(), "") {
		b := o.as(t, role)
		for _, path := range append(o.seenPages(), "/login") {
			for _, lang := range templates.Langs() {
				sep := "?"
				if strings.Contains(path, "?") {
					sep = "&"
				}
				got := b.get(path + sep + "lang=" + string(lang))
				if got.status >= http.StatusInternalServerError || role == models.RoleAdmin && got.status != http.StatusOK && path != "/login" && path != "/tidak-ada" {
					t.Errorf("%s in %s as %q: %d", path, lang, role, got.status)
				}
				if i := strings.Index(got.body, "⟦"); i >= 0 {
					t.Errorf("%s in %s lacks a text: %s", path, lang, got.body[i:min(len(got.body), i+60)])
				}
				for _, number := range o.personal {
					if strings.Contains(got.body, number) {
						t.Errorf("%s in %s as %q shows the whole number %s", path, lang, role, number)
					}
				}
			}
		}
	}
}

func TestAWholeNumberFindsItsOwnerAndIsNotShownAgain(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleReviewer)
	nik, phone := o.personal[0], o.personal[1]
	for _, typed := range []string{nik, phone, "0812-3450-0000"} {
		got := b.post("/participants/find", "q", typed)
		if !strings.Contains(got.body, o.participants[0].ID.String()) || strings.Contains(got.body, o.participants[1].ID.String()) {
			t.Errorf("%s does not find just its owner: %d", typed, got.status)
		}
		if strings.Contains(got.body, nik) || strings.Contains(got.body, phone) || strings.Contains(got.body, typed) {
			t.Errorf("the answer to %s shows a whole number", typed)
		}
	}
	if got := b.post("/participants/find", "q", "siti"); got.header.Get("Location") != "/participants?q=siti&wave=" {
		t.Errorf("words move into the address, got %q", got.header.Get("Location"))
	}
	if got := b.get("/participants?q=" + nik); got.header.Get("Location") != "/participants" {
		t.Errorf("a NIK in an address is dropped, got %d %q", got.status, got.header.Get("Location"))
	}
}
