package web_test

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
)

var offer = regexp.MustCompile(`href="(/subscriptions/new\?list=[^"]*)"`)

// subscribes asks to be sent what a page shows.
func (b *browser) subscribes(page string, more ...string) answer {
	b.t.Helper()
	form := append([]string{"list", page, "name", "Laporan pagi", "every", "day", "hour", "7", "zone", "WIB", "format", "csv", "lang", "id"}, more...)
	return b.post("/subscriptions", form...)
}

func TestEveryPageOfFiguresOffersToBeSentWithItsFilter(t *testing.T) {
	o := newOffice(t)
	if err := o.st.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	b := o.as(t, models.RoleReviewer)
	for page, list := range map[string]string{
		"/": "/", "/figures?by=site&sort=absent": "/figures?by=site&sort=absent", "/progress?standing=last&page=2": "/progress?standing=last",
		"/attendance?what=absent&by=province&key=32&from=2026-06-01&lang=en": "/attendance?by=province&from=2026-06-01&key=32&what=absent",
	} {
		m := offer.FindStringSubmatch(b.get(page).body)
		if m == nil {
			t.Errorf("%s offers nothing", page)
			continue
		}
		u, err := url.Parse(html.UnescapeString(m[1]))
		if err != nil || u.Query().Get("list") != list {
			t.Errorf("%s offers %s, want %s", page, m[1], list)
		}
		form := b.get(html.UnescapeString(m[1]))
		if form.status != http.StatusOK || !strings.Contains(form.body, html.EscapeString(list)) {
			t.Errorf("%s: the form answers %d, without its list", page, form.status)
		}
	}
}

func TestASubscriptionIsKeptByItsOwnerAndByWhoManagesUsers(t *testing.T) {
	o := newOffice(t)
	admin, reviewer, coordinator := o.as(t, models.RoleAdmin), o.as(t, models.RoleReviewer), o.as(t, models.RoleCoordinator)
	made := coordinator.subscribes("/attendance?what=absent")
	href := made.header.Get("Location")
	if made.status != http.StatusSeeOther || !strings.HasPrefix(href, "/subscriptions/") {
		t.Fatalf("%d to %q\n%s", made.status, href, made.body)
	}
	for _, action := range []string{"/active", "/send", "/again", "/remove"} {
		if got := reviewer.post(href+action, "active", "0", "sure", "1"); got.status != http.StatusNotFound {
			t.Errorf("somebody else's %s: %d, want 404", action, got.status)
		}
	}
	if got := reviewer.get(href); got.status != http.StatusNotFound || strings.Contains(reviewer.get("/subscriptions").body, href) {
		t.Errorf("somebody else sees it: %d", got.status)
	}
	for who, b := range map[string]*browser{"its owner": coordinator, "an admin": admin} {
		if got := b.get(href); got.status != http.StatusOK || !strings.Contains(b.get("/subscriptions").body, href) {
			t.Errorf("%s doesn't see it: %d", who, got.status)
		}
		for _, active := range []string{"0", "1"} {
			if got := b.follow(b.post(href+"/active", "active", active)); got.status != http.StatusOK {
				t.Errorf("%s switches it to %s: %d", who, active, got.status)
			}
		}
		if got := b.follow(b.post(href + "/send")); !strings.Contains(got.body, "flash-good") {
			t.Errorf("%s can't send it", who)
		}
	}
	if got := coordinator.follow(coordinator.post(href+"/remove", "sure", "1")); got.status != http.StatusOK || admin.get(href).status != http.StatusNotFound {
		t.Errorf("removed: %d, and then %d", got.status, admin.get(href).status)
	}
	history, err := o.st.Read(t.Context()).ListHistory(store.HistoryFilter{Entity: "subscription", EntityID: href[len("/subscriptions/"):]}, store.Slice{Limit: 20})
	if err != nil || len(history.Rows) != 8 {
		t.Errorf("%d entries in the history (%v), want 8: add, twice off, on and send, remove", len(history.Rows), err)
	}
}

func TestOnlyAnAdminSubscribesSomebodyElse(t *testing.T) {
	o := newOffice(t)
	admin, coordinator := o.as(t, models.RoleAdmin), o.as(t, models.RoleCoordinator)
	q := o.st.Read(t.Context())
	boss, err1 := q.UserByEmail(string(models.RoleAdmin) + "@contoh.id")
	own, err2 := q.UserByEmail(string(models.RoleCoordinator) + "@contoh.id")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for _, c := range []struct {
		name      string
		by        *browser
		recipient uuid.UUID
		status    int
	}{
		{"a coordinator for the office", coordinator, boss.ID, http.StatusUnprocessableEntity},
		{"a coordinator for themselves", coordinator, own.ID, http.StatusSeeOther},
		{"an admin for a coordinator", admin, own.ID, http.StatusSeeOther},
		{"an admin for nobody that there is", admin, uuid.New(), http.StatusUnprocessableEntity},
	} {
		if got := c.by.subscribes("/figures?by=class", "recipient", c.recipient.String()); got.status != c.status {
			t.Errorf("%s: %d, want %d", c.name, got.status, c.status)
		}
	}
}

func TestASubscriptionThatMakesNoSenseComesBackAsItWasTyped(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleReviewer)
	for name, wrong := range map[string][]string{
		"no name": {"name", " "}, "no rhythm": {"every", "hour"}, "the 32nd": {"every", "month", "monthday", "32"}, "no day of the month": {"every", "month", "monthday", ""},
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
		got := b.post("/subscriptions", pairs...)
		if got.status != http.StatusUnprocessableEntity || strings.Contains(got.body, "⟦") || !strings.Contains(got.body, "problem") || name != "no name" && !strings.Contains(got.body, "Menuju penyelesaian pagi") {
			t.Errorf("%s: %d", name, got.status)
		}
	}
}
