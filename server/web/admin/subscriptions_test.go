package admin_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/server/web/webtest"
)

var offer = regexp.MustCompile(`href="(/subscriptions/new\?list=[^"]*)"`)

// subscribes asks to be sent what a page shows.
func subscribes(b *webtest.Browser, page string, more ...string) webtest.Answer {
	b.T.Helper()
	form := append([]string{"list", page, "name", "Laporan pagi", "every", "day", "hour", "7", "zone", "WIB", "format", "csv", "lang", "id"}, more...)
	return b.Post("/subscriptions", form...)
}

func TestEveryPageOfFiguresOffersToBeSentWithItsFilter(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	if err := o.Store.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	b := o.As(t, models.RoleReviewer)
	for page, list := range map[string]string{
		"/": "/", "/figures?by=site&sort=absent": "/figures?by=site&sort=absent", "/progress?standing=last&page=2": "/progress?standing=last",
		"/attendance?what=absent&by=province&key=32&from=2026-06-01&lang=en": "/attendance?by=province&from=2026-06-01&key=32&what=absent",
	} {
		m := offer.FindStringSubmatch(b.Get(page).Body)
		if m == nil {
			t.Errorf("%s offers nothing", page)
			continue
		}
		u, err := url.Parse(html.UnescapeString(m[1]))
		if err != nil || u.Query().Get("list") != list {
			t.Errorf("%s offers %s, want %s", page, m[1], list)
		}
		form := b.Get(html.UnescapeString(m[1]))
		if form.Status != http.StatusOK || !strings.Contains(form.Body, html.EscapeString(list)) {
			t.Errorf("%s: the form answers %d, without its list", page, form.Status)
		}
	}
}

func TestASubscriptionIsKeptByItsOwnerAndByWhoManagesUsers(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	admin, reviewer, coordinator := o.As(t, models.RoleAdmin), o.As(t, models.RoleReviewer), o.As(t, models.RoleCoordinator)
	made := subscribes(coordinator, "/attendance?what=absent")
	href := made.Header.Get("Location")
	if made.Status != http.StatusSeeOther || !strings.HasPrefix(href, "/subscriptions/") {
		t.Fatalf("%d to %q\n%s", made.Status, href, made.Body)
	}
	for _, action := range []string{"/active", "/send", "/again", "/remove"} {
		if got := reviewer.Post(href+action, "active", "0", "sure", "1"); got.Status != http.StatusNotFound {
			t.Errorf("somebody else's %s: %d, want 404", action, got.Status)
		}
	}
	if got := reviewer.Get(href); got.Status != http.StatusNotFound || strings.Contains(reviewer.Get("/subscriptions").Body, href) {
		t.Errorf("somebody else sees it: %d", got.Status)
	}
	for who, b := range map[string]*webtest.Browser{"its owner": coordinator, "an admin": admin} {
		if got := b.Get(href); got.Status != http.StatusOK || !strings.Contains(b.Get("/subscriptions").Body, href) {
			t.Errorf("%s doesn't see it: %d", who, got.Status)
		}
		for _, active := range []string{"0", "1"} {
			if got := b.Follow(b.Post(href+"/active", "active", active)); got.Status != http.StatusOK {
				t.Errorf("%s switches it to %s: %d", who, active, got.Status)
			}
		}
		if got := b.Follow(b.Post(href + "/send")); !strings.Contains(got.Body, "flash-good") {
			t.Errorf("%s can't send it", who)
		}
	}
	if got := coordinator.Follow(coordinator.Post(href+"/remove", "sure", "1")); got.Status != http.StatusOK || admin.Get(href).Status != http.StatusNotFound {
		t.Errorf("removed: %d, and then %d", got.Status, admin.Get(href).Status)
	}
	history, err := o.Store.Read(t.Context()).ListHistory(store.HistoryFilter{Entity: "subscription", EntityID: href[len("/subscriptions/"):]}, store.Slice{Limit: 20})
	if err != nil || len(history.Rows) != 8 {
		t.Errorf("%d entries in the history (%v), want 8: add, twice off, on and send, remove", len(history.Rows), err)
	}
}

func TestOnlyAnAdminSubscribesSomebodyElse(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	admin, coordinator := o.As(t, models.RoleAdmin), o.As(t, models.RoleCoordinator)
	q := o.Store.Read(t.Context())
	boss, err1 := q.UserByEmail(string(models.RoleAdmin) + "@contoh.id")
	own, err2 := q.UserByEmail(string(models.RoleCoordinator) + "@contoh.id")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for _, c := range []struct {
		name      string
		by        *webtest.Browser
		recipient uuid.UUID
		status    int
	}{
		{"a coordinator for the office", coordinator, boss.ID, http.StatusUnprocessableEntity},
		{"a coordinator for themselves", coordinator, own.ID, http.StatusSeeOther},
		{"an admin for a coordinator", admin, own.ID, http.StatusSeeOther},
		{"an admin for nobody that there is", admin, uuid.New(), http.StatusUnprocessableEntity},
	} {
		if got := subscribes(c.by, "/figures?by=class", "recipient", c.recipient.String()); got.Status != c.status {
			t.Errorf("%s: %d, want %d", c.name, got.Status, c.status)
		}
	}
}

func TestASubscriptionThatMakesNoSenseComesBackAsItWasTyped(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	b := o.As(t, models.RoleReviewer)
	for name, wrong := range map[string][]string{
		"no name": {"name", " "}, "no repeat": {"every", "hour"}, "the 32nd": {"every", "month", "monthday", "32"}, "no day of the month": {"every", "month", "monthday", ""},
		"an eighth weekday": {"every", "week", "weekday", "7"}, "25 o'clock": {"hour", "25"}, "another zone": {"zone", "UTC"}, "another file": {"format", "exe"}, "another language": {"lang", "fr"},
		"a page of something else": {"list", "/users"}, "another site": {"list", "https://jahat.id/attendance"},
	} {
		form := map[string]string{"list": "/progress", "name": "Menuju penyelesaian pagi", "every": "day", "hour": "7", "zone": "WIB", "format": "xlsx", "lang": "id"}
		for i := 0; i < len(wrong); i += 2 {
			form[wrong[i]] = wrong[i+1]
		}
		var pairs []string
		for k, v := range form {
			pairs = append(pairs, k, v)
		}
		got := b.Post("/subscriptions", pairs...)
		if got.Status != http.StatusUnprocessableEntity || strings.Contains(got.Body, "⟦") || !strings.Contains(got.Body, "problem") || name != "no name" && !strings.Contains(got.Body, "Menuju penyelesaian pagi") {
			t.Errorf("%s: %d", name, got.Status)
		}
	}
}
