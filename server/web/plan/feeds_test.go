package plan_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/store"
	"buktihadir/server/web/webtest"
)

var feedAddress = regexp.MustCompile(`http://[^"]*(/feeds/[0-9a-f]{32}\.ics)`)

// opened makes the calendar address of something, and gives it; "" where that is refused.
func opened(b *webtest.Browser, kind models.FeedKind, subject uuid.UUID) string {
	b.T.Helper()
	got := b.Post("/calendar/feeds", "kind", string(kind), "subject", subject.String(), "back", "/calendar/feeds?kind="+string(kind))
	if got.Status != http.StatusSeeOther {
		return ""
	}
	_, mine, _ := strings.Cut(b.Follow(got).Body, `id="f-`+subject.String()+`"`)
	found := feedAddress.FindStringSubmatch(mine)
	if found == nil {
		b.T.Fatalf("no address of %s on the page:\n%s", subject, mine)
	}
	return found[1]
}

func (o *fixture) instructor(t *testing.T, code string) models.Instructor {
	t.Helper()
	var i models.Instructor
	if err := o.DB.Where("code = ?", code).Take(&i).Error; err != nil {
		t.Fatal(err)
	}
	return i
}

func TestACalendarAddressShowsItsScheduleAndNobodysName(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin, program := o.As(t, models.RoleAdmin), o.Guest(t)
	// Which of the plan's three classes each shows.
	for _, x := range []struct {
		name    string
		kind    models.FeedKind
		subject uuid.UUID
		shows   [3]bool
	}{
		{"an institution's", models.FeedProvider, o.Own.ID, [3]bool{true, true, false}},
		{"a class's", models.FeedClass, o.Classes[1].ID, [3]bool{false, true, false}},
		{"a site's", models.FeedSite, o.Sites[2].ID, [3]bool{false, false, true}},
		{"an instructor's", models.FeedInstructor, o.instructor(t, "P-BDG-BARISTA-1").ID, [3]bool{true, false, false}},
	} {
		t.Run(x.name, func(t *testing.T) {
			got := program.Get(opened(admin, x.kind, x.subject))
			if got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/calendar") {
				t.Fatalf("%d %s", got.Status, got.Header.Get("Content-Type"))
			}
			for i, c := range o.Classes {
				for _, s := range o.Sessions[3*i : 3*i+3] {
					if strings.Contains(got.Body, "UID:"+s.ID.String()) != x.shows[i] {
						t.Errorf("%s: shown %v, want %v", c.Code, !x.shows[i], x.shows[i])
					}
				}
			}
			for _, p := range o.Participants {
				if strings.Contains(got.Body, p.Name) || strings.Contains(got.Body, p.Number) {
					t.Errorf("it names %s", p.Name)
				}
			}
		})
	}
}

func TestACalendarAddressEndsWhenItIsRenewedOrRevoked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b, program := o.As(t, models.RoleCoordinator), o.Guest(t)
	first := opened(b, models.FeedProvider, o.Own.ID)
	second := opened(b, models.FeedProvider, o.Own.ID)
	if first == second || program.Get(first).Status != http.StatusNotFound || program.Get(second).Status != http.StatusOK {
		t.Errorf("renewed: %s is %d, %s is %d", first, program.Get(first).Status, second, program.Get(second).Status)
	}
	revoke := []string{"kind", "provider", "subject", o.Own.ID.String(), "back", "/calendar/feeds", "sure", "1"}
	if page := b.Follow(b.Post("/calendar/feeds/revoke", revoke...)); feedAddress.MatchString(page.Body) || program.Get(second).Status != http.StatusNotFound {
		t.Error("revoked, and still there")
	}
	if page := b.Follow(b.Post("/calendar/feeds/revoke", revoke...)); !strings.Contains(page.Body, "sudah dinonaktifkan") {
		t.Error("revoked twice, and nothing said")
	}
	if third := opened(b, models.FeedProvider, o.Own.ID); third == first || third == second || program.Get(third).Status != http.StatusOK {
		t.Errorf("opened again: %s", third)
	}
	if rows, err := o.Store.Read(t.Context()).ListHistory(store.HistoryFilter{Entity: "provider", EntityID: o.Own.ID.String()}, store.Slice{Limit: 10}); err != nil || rows.Total != 4 {
		t.Errorf("the history knows %d of 4 changes, %v", rows.Total, err)
	}
}

func TestACoordinatorOpensNoCalendarOfAnotherInstitution(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleCoordinator)
	for kind, subject := range map[models.FeedKind]uuid.UUID{models.FeedProvider: o.Other.ID, models.FeedClass: o.Classes[2].ID, models.FeedSite: o.Sites[0].ID,
		models.FeedInstructor: o.instructor(t, "P-JYP-LAS-1").ID, "anything": o.Own.ID} {
		for _, path := range []string{"/calendar/feeds", "/calendar/feeds/revoke"} {
			if got := b.Post(path, "kind", string(kind), "subject", subject.String(), "sure", "1"); got.Status != http.StatusNotFound {
				t.Errorf("%s of a foreign %s: %d, want 404", path, kind, got.Status)
			}
		}
	}
	opened(o.As(t, models.RoleAdmin), models.FeedClass, o.Classes[2].ID)
	for _, path := range []string{"/calendar/feeds?kind=class", "/calendar/feeds?kind=instructor", "/calendar/feeds?kind=site", "/calendar/feeds?kind=provider", "/calendar/feeds?kind=class&q=las"} {
		if got := b.Get(path); got.Status != http.StatusOK || strings.Contains(got.Body, "JYP") || strings.Contains(got.Body, o.Other.Name) {
			t.Errorf("%s (%d) names what is another institution's", path, got.Status)
		}
	}
}

// A calendar program asks again and again: it gets what changed, as a change of what it has.
func TestACalendarIsSentAgainOnlyWhenItChanged(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	address, program := opened(o.As(t, models.RoleAdmin), models.FeedClass, o.Classes[0].ID), o.Guest(t)
	tag := ""
	fetch := func() webtest.Answer {
		req := program.Request(http.MethodGet, address, nil)
		req.Header.Set("If-None-Match", tag)
		got := program.Do(req)
		tag = got.Header.Get("ETag")
		return got
	}
	if got := fetch(); got.Status != http.StatusOK || !strings.Contains(got.Body, "REFRESH-INTERVAL") {
		t.Fatalf("%d\n%s", got.Status, got.Body)
	}
	if got := fetch(); got.Status != http.StatusNotModified || got.Body != "" {
		t.Errorf("unchanged: %d with %d bytes", got.Status, len(got.Body))
	}
	s := o.Sessions[2]
	event := func(text string) string {
		_, after, _ := strings.Cut(text, "UID:"+s.ID.String())
		mine, _, _ := strings.Cut(after, "END:VEVENT")
		return mine
	}
	by := office.Actor{Name: "uji"}
	warned(t, func(agreed string) (plan.Outcome, error) {
		return o.Pages.Plan.CancelSession(t.Context(), by, s.ID, "banjir", agreed)
	})
	if got := fetch(); got.Status != http.StatusOK || !strings.Contains(event(got.Body), "STATUS:CANCELLED") || !strings.Contains(event(got.Body), "SEQUENCE:1\r") {
		t.Errorf("cancelled: %d\n%s", got.Status, event(got.Body))
	}
	warned(t, func(agreed string) (plan.Outcome, error) {
		return o.Pages.Plan.RestoreSession(t.Context(), by, s.ID, "surut", agreed)
	})
	if got := fetch(); !strings.Contains(event(got.Body), "STATUS:CONFIRMED") || !strings.Contains(event(got.Body), "SEQUENCE:2\r") ||
		!strings.Contains(event(got.Body), "DTSTART;TZID=Asia/Jakarta:20260623T083000") {
		t.Errorf("taken up again: %s", event(got.Body))
	}
}
