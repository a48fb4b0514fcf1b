package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/web/webtest"
	"buktihadir/templates"
)

func TestEveryRouteAsksForItsPermissionOfEveryRole(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	engine, err := o.Pages.Engine()
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]account.Permission{}
	for _, d := range o.Pages.Declared() {
		declared[d.Method+" "+d.Path] = d.Asks
	}
	roles := map[models.Role]*webtest.Browser{}
	for _, role := range append(models.Roles(), "") {
		roles[role] = o.As(t, role)
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
				b = o.As(t, role)
			}
			path := strings.NewReplacer(":token", "abc", ":id", uuid.NewString(), ":kind", "sites").Replace(r.Path)
			got := b.Do(b.Request(r.Method, path, nil))
			sentToSignIn := got.Status == http.StatusSeeOther && strings.HasPrefix(got.Header.Get("Location"), "/login") && r.Path != "/logout"
			switch {
			case account.May(role, asks):
				if got.Status == http.StatusForbidden || sentToSignIn {
					t.Errorf("%s %s as %q: %d, but the role holds %s", r.Method, r.Path, role, got.Status, asks)
				}
			case role == "" && !sentToSignIn:
				t.Errorf("%s %s as a guest: %d, want the way to sign in", r.Method, r.Path, got.Status)
			case role != "" && got.Status != http.StatusForbidden:
				t.Errorf("%s %s as %s: %d, want 403", r.Method, r.Path, role, got.Status)
			}
			if got.Status >= http.StatusInternalServerError {
				t.Errorf("%s %s as %q: %d", r.Method, r.Path, role, got.Status)
			}
		}
	}
}

func TestACoordinatorSeesNothingOfAnotherInstitution(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	b := o.As(t, models.RoleCoordinator)
	own, foreign := o.Classes[0], o.Classes[2]
	foreignPerson := o.ForeignPerson.ParticipantID.String()
	for _, path := range []string{
		"/classes/" + own.ID.String(), "/classes/" + own.ID.String() + "/people", "/classes/" + own.ID.String() + "/attendance",
		"/sessions/" + o.Sessions[1].ID.String(), "/sessions/" + o.Sessions[1].ID.String() + "/attendance.csv",
		"/sessions/" + o.Sessions[1].ID.String() + "/people/" + o.OwnPlace.ID.String(), "/participants/" + o.Participants[0].ID.String(),
		"/classes/" + own.ID.String() + "/documents", "/classes/" + own.ID.String() + "/badges", "/classes/" + own.ID.String() + "/badges.pdf", "/classes/" + own.ID.String() + "/drafts/session_report", "/sessions/" + o.Sessions[1].ID.String() + "/sheet", "/sessions/" + o.Sessions[1].ID.String() + "/sheet/print",
	} {
		if got := b.Get(path); got.Status != http.StatusOK {
			t.Errorf("their own %s: %d", path, got.Status)
		}
	}
	for _, path := range []string{
		"/classes/" + foreign.ID.String(), "/classes/" + foreign.ID.String() + "/people", "/classes/" + foreign.ID.String() + "/attendance",
		"/sessions/" + o.Sessions[7].ID.String(), "/sessions/" + o.Sessions[7].ID.String() + "/attendance.csv",
		"/sessions/" + o.Sessions[7].ID.String() + "/people/" + o.ForeignPerson.ID.String(), "/participants/" + foreignPerson,
		"/sessions/" + o.Sessions[1].ID.String() + "/people/" + o.ForeignPerson.ID.String(),
		"/classes/" + foreign.ID.String() + "/documents", "/classes/" + foreign.ID.String() + "/badges", "/classes/" + foreign.ID.String() + "/badges.pdf", "/classes/" + foreign.ID.String() + "/drafts/session_report", "/sessions/" + o.Sessions[7].ID.String() + "/sheet", "/sessions/" + o.Sessions[7].ID.String() + "/sheet/print",
	} {
		if got := b.Get(path); got.Status != http.StatusNotFound {
			t.Errorf("another institution's %s: %d, want 404", path, got.Status)
		}
	}
	for _, path := range []string{"/", "/classes", "/sessions?day=2026-06-22", "/participants", "/participants?page=2", "/classes?q=las"} {
		got := b.Get(path)
		for _, secret := range []string{foreign.Code, foreignPerson, "REG-00036", o.Other.Name} {
			if strings.Contains(got.Body, secret) {
				t.Errorf("%s names %q of another institution", path, secret)
			}
		}
	}
	if got := b.Post("/participants/find", "q", o.Personal[len(o.Personal)-3]); strings.Contains(got.Body, foreignPerson) {
		t.Error("the NIK of another institution's participant finds them")
	}
}

// seenPages are the pages to look at, with what they show filled in.
func seenPages(o *webtest.Office) []string {
	class, session := o.Classes[0].ID.String(), o.Sessions[1].ID.String()
	return []string{
		"/", "/?trend=all", "/sessions?state=begun", "/classes?province=32", "/agents?trouble=at_work", "/classes", "/classes?q=barista", "/classes?q=tidakada", "/classes/" + class, "/classes/" + class + "/people",
		"/sessions?day=2026-06-22", "/sessions?day=2020-01-01", "/calendar", "/calendar?span=month", "/calendar/feeds", "/calendar/feeds?kind=instructor", "/holidays", "/classes/" + class + "/sessions/new", "/participants", "/participants?q=siti", "/participants?q=tidakada",
		"/participants/" + o.Participants[0].ID.String(), "/pilots", "/pilots/" + o.Pilot.ID.String(), "/pilots/" + o.Pilot.ID.String() + "/budget", "/pilots/" + o.Pilot.ID.String() + "/tickets", "/pilots/" + o.Pilot.ID.String() + "/budget/classes",
		"/pilots/" + o.Pilot.ID.String() + "/what-if", "/sites", "/sites/" + o.Sites[0].ID.String(),
		"/sites/" + o.Sites[2].ID.String(), "/agents", "/agents?trouble=disk", "/agents?trouble=any", "/history", "/users", "/users/new", "/account", "/tidak-ada",
		"/classes/" + class + "/attendance", "/classes/" + class + "/documents", "/classes/" + class + "/close", "/sessions/" + session, "/sessions/" + session + "/attendance.csv",
		"/sessions/" + session + "/people/" + o.OwnPlace.ID.String(), "/enrollments/" + o.OwnPlace.ID.String(),
		"/sessions/" + session + "?correct=1", "/sessions/" + session + "/sheet/print", "/classes/" + class + "/policy", "/classes/" + class + "/badges", "/classes/" + class + "/badges?layout=a4_8&who=instructor&code=0", "/subscriptions", "/subscriptions/new", "/subscriptions/new?list=%2Fattendance%3Fwhat%3Dabsent", "/t/find", "/requests", "/requests?state=answered", "/tokens", "/tokens/new", "/webhooks", "/webhooks/new", "/imports", "/imports/new?kind=participants", "/bundles", "/pilots/new", "/history?entity=pilot", "/log",
	}
}

func TestPagesSpeakBothLanguagesAndShowNoWholeNumber(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	for _, role := range append(models.Roles(), "") {
		b := o.As(t, role)
		for _, path := range append(seenPages(o), "/login") {
			for _, lang := range templates.Langs() {
				sep := "?"
				if strings.Contains(path, "?") {
					sep = "&"
				}
				got := b.Get(path + sep + "lang=" + string(lang))
				if got.Status >= http.StatusInternalServerError || role == models.RoleAdmin && got.Status != http.StatusOK && path != "/login" && path != "/tidak-ada" {
					t.Errorf("%s in %s as %q: %d", path, lang, role, got.Status)
				}
				if i := strings.Index(got.Body, "⟦"); i >= 0 {
					t.Errorf("%s in %s lacks a text: %s", path, lang, got.Body[i:min(len(got.Body), i+60)])
				}
				for _, number := range o.Personal {
					if strings.Contains(got.Body, number) {
						t.Errorf("%s in %s as %q shows the whole number %s", path, lang, role, number)
					}
				}
			}
		}
	}
}

func TestAWholeNumberFindsItsOwnerAndIsNotShownAgain(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	b := o.As(t, models.RoleReviewer)
	nik, phone := o.Personal[0], o.Personal[1]
	for _, typed := range []string{nik, phone, "0812-3450-0000"} {
		got := b.Post("/participants/find", "q", typed)
		if !strings.Contains(got.Body, o.Participants[0].ID.String()) || strings.Contains(got.Body, o.Participants[1].ID.String()) {
			t.Errorf("%s does not find just its owner: %d", typed, got.Status)
		}
		if strings.Contains(got.Body, nik) || strings.Contains(got.Body, phone) || strings.Contains(got.Body, typed) {
			t.Errorf("the answer to %s shows a whole number", typed)
		}
	}
	if got := b.Post("/participants/find", "q", "siti"); got.Header.Get("Location") != "/participants?q=siti&wave=" {
		t.Errorf("words move into the address, got %q", got.Header.Get("Location"))
	}
	if got := b.Get("/participants?q=" + nik); got.Header.Get("Location") != "/participants" {
		t.Errorf("a NIK in an address is dropped, got %d %q", got.Status, got.Header.Get("Location"))
	}
}
