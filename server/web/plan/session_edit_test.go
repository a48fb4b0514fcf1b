package plan_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/web/webtest"
)

var sure = regexp.MustCompile(`name="sure" value="([^"]+)"`)

// agreeing sends a form, and once more where it is answered with warnings.
func agreeing(b *webtest.Browser, path string, pairs ...string) webtest.Answer {
	b.T.Helper()
	got := b.Post(path, pairs...)
	if to := sure.FindStringSubmatch(got.Body); got.Status == http.StatusUnprocessableEntity && to != nil {
		got = b.Post(path, append(pairs, "sure", to[1])...)
	}
	return got
}

func TestASessionIsMovedCancelledAndTakenUpAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	id := o.Sessions[2].ID // tomorrow's
	at := "/sessions/" + id.String()
	session := func() models.Session {
		t.Helper()
		s, err := o.Store.Read(t.Context()).Session(id)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	was := session()
	day := string(models.ZoneWIB.Date(was.StartsAt.Add(24 * 3600 * 1e9)))
	if got := b.Post(at+"/edit", "day", day, "start", "13:00", "end", "12:00", "room", "Aula"); got.Status != http.StatusUnprocessableEntity || session() != was {
		t.Errorf("an end before the start: %d", got.Status)
	}
	got := agreeing(b, at+"/edit", "day", day, "start", "13:00", "end", "16:30", "room", "Aula")
	moved := session()
	if got.Status != http.StatusSeeOther || moved.Room != "Aula" || string(models.ZoneWIB.Date(moved.StartsAt)) != day || moved.EndsAt-moved.StartsAt != 3.5*3600*1000 {
		t.Fatalf("%d: %+v", got.Status, moved)
	}
	if page := b.Get(at + "/edit?lang=en"); !strings.Contains(page.Body, "Earlier versions") {
		t.Error("the page does not tell what the session was")
	}
	if got := b.Post(at+"/cancel", "reason", " "); got.Status != http.StatusUnprocessableEntity || session().Status != models.SessionPlanned {
		t.Errorf("cancelled without a reason: %d", got.Status)
	}
	if got := agreeing(b, at+"/cancel", "reason", "banjir"); got.Status != http.StatusSeeOther || session().Status != models.SessionCancelled {
		t.Errorf("cancel: %d, %s", got.Status, session().Status)
	}
	if got := agreeing(b, at+"/restore", "reason", "surut"); got.Status != http.StatusSeeOther || session().Status != models.SessionPlanned {
		t.Errorf("restore: %d, %s", got.Status, session().Status)
	}
}

// What something has happened at is moved for a reason only, and results follow.
func TestASessionWithScansIsMovedForAReasonOnly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	s := o.Sessions[1]
	if err := o.DB.Create(&models.Correction{ID: [16]byte{7}, SessionID: s.ID, EnrollmentID: o.OwnPlace.ID, Status: models.StatusPresent, Reason: "surat"}).Error; err != nil {
		t.Fatal(err)
	}
	form := []string{"day", string(models.ZoneWIB.Date(s.StartsAt)), "start", "06:00", "end", "09:00", "room", "Lain"}
	href := "/sessions/" + s.ID.String() + "/edit"
	if got := agreeing(b, href, form...); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", got.Status)
	}
	if got := agreeing(b, href, append(form, "reason", "listrik padam")...); got.Status != http.StatusSeeOther {
		t.Errorf("with a reason: %d", got.Status)
	}
}

func TestACoordinatorMovesTheirOwnSessionsWhileNothingHappened(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleCoordinator)
	move := func(s models.Session) webtest.Answer {
		site, err := o.Store.Read(t.Context()).Site(s.SiteID)
		if err != nil {
			t.Fatal(err)
		}
		at := func(m models.Millis) string { return m.Time().In(site.Zone.Location()).Format("15:04") }
		return agreeing(b, "/sessions/"+s.ID.String()+"/edit", "day", string(site.Zone.Date(s.StartsAt).AddDays(21)), "start", at(s.StartsAt), "end", at(s.EndsAt),
			"reason", "ruang dipakai")
	}
	for _, s := range o.Sessions {
		class, err := o.Store.Read(t.Context()).Class(s.ClassID)
		if err != nil {
			t.Fatal(err)
		}
		happened, err := o.Store.Read(t.Context()).SessionHasEvents(s.ID)
		if err != nil {
			t.Fatal(err)
		}
		want := http.StatusSeeOther
		switch {
		case class.ProviderID != o.Own.ID:
			want = http.StatusNotFound
		case happened:
			want = http.StatusUnprocessableEntity
		}
		if got := move(s); got.Status != want {
			t.Errorf("session %d of %s (something happened: %v): %d, want %d", s.Seq, class.Code, happened, got.Status, want)
		}
	}
}

// Tickets that end before a class's last session are named on its page, and replaced by
// who may sign; an institution can only ask.
func TestTicketsThatAreTooShortAreReplacedOnTheClassPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin, coordinator := o.As(t, models.RoleAdmin), o.As(t, models.RoleCoordinator)
	s, class := o.Sessions[2], "/classes/"+o.Classes[0].ID.String()
	if strings.Contains(admin.Get(class).Body, "/tickets/renew") {
		t.Error("no ticket is too short")
	}
	form := []string{"day", "2027-03-01", "start", "08:00", "end", "12:00", "room", "Aula", "reason", "banjir"}
	if got := admin.Post("/sessions/"+s.ID.String()+"/edit", form...); !strings.Contains(got.Body, "13 tiket kelas BDG-BARISTA-1") {
		t.Errorf("the move does not warn: %d", got.Status)
	}
	if got := agreeing(admin, "/sessions/"+s.ID.String()+"/edit", form...); got.Status != http.StatusSeeOther {
		t.Fatalf("the move: %d", got.Status)
	}
	if page := coordinator.Get(class).Body; !strings.Contains(page, "13 tiket") || strings.Contains(page, "/tickets/renew") {
		t.Error("a coordinator does not see it, or is offered what they may not do")
	}
	if got := coordinator.Post(class + "/tickets/renew"); got.Status != http.StatusForbidden {
		t.Errorf("a coordinator renews: %d", got.Status)
	}
	if page := admin.Get(class).Body; !strings.Contains(page, class+"/tickets/renew") {
		t.Error("nobody is offered to replace them")
	}
	if page := admin.Follow(admin.Post(class + "/tickets/renew")).Body; !strings.Contains(page, "13 tiket diganti") || strings.Contains(page, class+"/tickets/renew") {
		t.Errorf("they are not replaced:\n%s", page)
	}
}
