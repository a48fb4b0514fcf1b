package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

var feedAddress = regexp.MustCompile(`http://[^"]*(/feeds/[0-9a-f]{32}\.ics)`)

// opened makes the calendar address of something, and gives it; "" where that is refused.
func (b *browser) opened(kind models.FeedKind, subject uuid.UUID) string {
	b.t.Helper()
	got := b.post("/calendar/feeds", "kind", string(kind), "subject", subject.String(), "back", "/calendar/feeds?kind="+string(kind))
	if got.status != http.StatusSeeOther {
		return ""
	}
	_, mine, _ := strings.Cut(b.follow(got).body, `id="f-`+subject.String()+`"`)
	found := feedAddress.FindStringSubmatch(mine)
	if found == nil {
		b.t.Fatalf("no address of %s on the page:\n%s", subject, mine)
	}
	return found[1]
}

func (o *fixture) instructor(t *testing.T, code string) models.Instructor {
	t.Helper()
	var i models.Instructor
	if err := o.db.Where("code = ?", code).Take(&i).Error; err != nil {
		t.Fatal(err)
	}
	return i
}

func TestACalendarAddressShowsItsScheduleAndNobodysName(t *testing.T) {
	o := newOffice(t)
	admin, program := o.as(t, models.RoleAdmin), o.guest(t)
	// Which of the plan's three classes each shows.
	for _, x := range []struct {
		name    string
		kind    models.FeedKind
		subject uuid.UUID
		shows   [3]bool
	}{
		{"an institution's", models.FeedProvider, o.own.ID, [3]bool{true, true, false}},
		{"a class's", models.FeedClass, o.classes[1].ID, [3]bool{false, true, false}},
		{"a site's", models.FeedSite, o.sites[2].ID, [3]bool{false, false, true}},
		{"an instructor's", models.FeedInstructor, o.instructor(t, "P-BDG-BARISTA-1").ID, [3]bool{true, false, false}},
	} {
		t.Run(x.name, func(t *testing.T) {
			got := program.get(admin.opened(x.kind, x.subject))
			if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/calendar") {
				t.Fatalf("%d %s", got.status, got.header.Get("Content-Type"))
			}
			for i, c := range o.classes {
				for _, s := range o.sessions[3*i : 3*i+3] {
					if strings.Contains(got.body, "UID:"+s.ID.String()) != x.shows[i] {
						t.Errorf("%s: shown %v, want %v", c.Code, !x.shows[i], x.shows[i])
					}
				}
			}
			for _, p := range o.participants {
				if strings.Contains(got.body, p.Name) || strings.Contains(got.body, p.Number) {
					t.Errorf("it names %s", p.Name)
				}
			}
		})
	}
}

func TestACalendarAddressEndsWhenItIsRenewedOrRevoked(t *testing.T) {
	o := newOffice(t)
	b, program := o.as(t, models.RoleCoordinator), o.guest(t)
	first := b.opened(models.FeedProvider, o.own.ID)
	second := b.opened(models.FeedProvider, o.own.ID)
	if first == second || program.get(first).status != http.StatusNotFound || program.get(second).status != http.StatusOK {
		t.Errorf("renewed: %s is %d, %s is %d", first, program.get(first).status, second, program.get(second).status)
	}
	revoke := []string{"kind", "provider", "subject", o.own.ID.String(), "back", "/calendar/feeds", "sure", "1"}
	if page := b.follow(b.post("/calendar/feeds/revoke", revoke...)); feedAddress.MatchString(page.body) || program.get(second).status != http.StatusNotFound {
		t.Error("revoked, and still there")
	}
	if page := b.follow(b.post("/calendar/feeds/revoke", revoke...)); !strings.Contains(page.body, "sudah dinonaktifkan") {
		t.Error("revoked twice, and nothing said")
	}
	if third := b.opened(models.FeedProvider, o.own.ID); third == first || third == second || program.get(third).status != http.StatusOK {
		t.Errorf("opened again: %s", third)
	}
	if rows, err := o.st.Read(t.Context()).ListHistory(store.HistoryFilter{Entity: "provider", EntityID: o.own.ID.String()}, store.Slice{Limit: 10}); err != nil || rows.Total != 4 {
		t.Errorf("the history knows %d of 4 changes, %v", rows.Total, err)
	}
}

func TestACoordinatorOpensNoCalendarOfAnotherInstitution(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleCoordinator)
	for kind, subject := range map[models.FeedKind]uuid.UUID{models.FeedProvider: o.other.ID, models.FeedClass: o.classes[2].ID, models.FeedSite: o.sites[0].ID,
		models.FeedInstructor: o.instructor(t, "P-JYP-LAS-1").ID, "anything": o.own.ID} {
		for _, path := range []string{"/calendar/feeds", "/calendar/feeds/revoke"} {
			if got := b.post(path, "kind", string(kind), "subject", subject.String(), "sure", "1"); got.status != http.StatusNotFound {
				t.Errorf("%s of a foreign %s: %d, want 404", path, kind, got.status)
			}
		}
	}
	o.as(t, models.RoleAdmin).opened(models.FeedClass, o.classes[2].ID)
	for _, path := range []string{"/calendar/feeds?kind=class", "/calendar/feeds?kind=instructor", "/calendar/feeds?kind=site", "/calendar/feeds?kind=provider", "/calendar/feeds?kind=class&q=las"} {
		if got := b.get(path); got.status != http.StatusOK || strings.Contains(got.body, "JYP") || strings.Contains(got.body, o.other.Name) {
			t.Errorf("%s (%d) names what is another institution's", path, got.status)
		}
	}
}

// A calendar program asks again and again: it gets what changed, as a change of what it has.
func TestACalendarIsSentAgainOnlyWhenItChanged(t *testing.T) {
	o := newOffice(t)
	address, program := o.as(t, models.RoleAdmin).opened(models.FeedClass, o.classes[0].ID), o.guest(t)
	tag := ""
	fetch := func() answer {
		req := program.request(http.MethodGet, address, nil)
		req.Header.Set("If-None-Match", tag)
		got := program.do(req)
		tag = got.header.Get("ETag")
		return got
	}
	if got := fetch(); got.status != http.StatusOK || !strings.Contains(got.body, "REFRESH-INTERVAL") {
		t.Fatalf("%d\n%s", got.status, got.body)
	}
	if got := fetch(); got.status != http.StatusNotModified || got.body != "" {
		t.Errorf("unchanged: %d with %d bytes", got.status, len(got.body))
	}
	s := o.sessions[2]
	event := func(text string) string {
		_, after, _ := strings.Cut(text, "UID:"+s.ID.String())
		mine, _, _ := strings.Cut(after, "END:VEVENT")
		return mine
	}
	by := office.Actor{Name: "uji"}
	if err := o.pages.Plan.CancelSession(t.Context(), by, s.ID, "banjir"); err != nil {
		t.Fatal(err)
	}
	if got := fetch(); got.status != http.StatusOK || !strings.Contains(event(got.body), "STATUS:CANCELLED") || !strings.Contains(event(got.body), "SEQUENCE:1\r") {
		t.Errorf("cancelled: %d\n%s", got.status, event(got.body))
	}
	if _, err := o.pages.Plan.RestoreSession(t.Context(), by, s.ID, "surut", ""); err != nil {
		t.Fatal(err)
	}
	if got := fetch(); !strings.Contains(event(got.body), "STATUS:CONFIRMED") || !strings.Contains(event(got.body), "SEQUENCE:2\r") ||
		!strings.Contains(event(got.body), "DTSTART;TZID=Asia/Jakarta:20260623T083000") {
		t.Errorf("taken up again: %s", event(got.body))
	}
}

func TestAParticipantsCalendarHasTheirOwnClassesOnly(t *testing.T) {
	o := newOffice(t)
	person := o.participants[0]
	link := o.st.Read(t.Context()).LinkOf(person)
	if err := o.db.Model(&models.Participant{}).Where("id = ?", person.ID).Update("link_hash", store.LinkHash(link)).Error; err != nil {
		t.Fatal(err)
	}
	b := o.guest(t)
	if page := b.get("/t/" + link); !strings.Contains(page.body, `href="/t/`+link+`/calendar.ics"`) {
		t.Error("the ticket's page does not offer it")
	}
	got := b.get("/t/" + link + "/calendar.ics")
	if got.status != http.StatusOK || strings.Count(got.body, "BEGIN:VEVENT") != 3 || strings.Contains(got.body, "KPG") || strings.Contains(got.body, person.Name) {
		t.Errorf("%d\n%s", got.status, got.body)
	}
	if got := b.get("/t/" + strings.Repeat("0", 32) + "/calendar.ics"); got.status != http.StatusNotFound {
		t.Errorf("a link that is none: %d", got.status)
	}
}
