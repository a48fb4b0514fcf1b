package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"buktihadir/models"
)

var sure = regexp.MustCompile(`name="sure" value="([^"]+)"`)

// agreeing sends a form, and once more where it is answered with warnings.
func (b *browser) agreeing(path string, pairs ...string) answer {
	b.t.Helper()
	got := b.post(path, pairs...)
	if to := sure.FindStringSubmatch(got.body); got.status == http.StatusUnprocessableEntity && to != nil {
		got = b.post(path, append(pairs, "sure", to[1])...)
	}
	return got
}

func TestASessionIsMovedCancelledAndTakenUpAgain(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	id := o.sessions[2].ID // tomorrow's
	at := "/sessions/" + id.String()
	session := func() models.Session {
		t.Helper()
		s, err := o.st.Read(t.Context()).Session(id)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	was := session()
	day := string(models.ZoneWIB.Date(was.StartsAt.Add(24 * 3600 * 1e9)))
	if got := b.post(at+"/edit", "day", day, "start", "13:00", "end", "12:00", "room", "Aula"); got.status != http.StatusUnprocessableEntity || session() != was {
		t.Errorf("an end before the start: %d", got.status)
	}
	got := b.agreeing(at+"/edit", "day", day, "start", "13:00", "end", "16:30", "room", "Aula")
	moved := session()
	if got.status != http.StatusSeeOther || moved.Room != "Aula" || string(models.ZoneWIB.Date(moved.StartsAt)) != day || moved.EndsAt-moved.StartsAt != 3.5*3600*1000 {
		t.Fatalf("%d: %+v", got.status, moved)
	}
	if page := b.get(at + "/edit?lang=en"); !strings.Contains(page.body, "Earlier versions") {
		t.Error("the page does not tell what the session was")
	}
	if got := b.post(at+"/cancel", "reason", " "); got.status != http.StatusUnprocessableEntity || session().Status != models.SessionPlanned {
		t.Errorf("cancelled without a reason: %d", got.status)
	}
	if got := b.post(at+"/cancel", "reason", "banjir"); got.status != http.StatusSeeOther || session().Status != models.SessionCancelled {
		t.Errorf("cancel: %d, %s", got.status, session().Status)
	}
	if got := b.post(at+"/restore", "reason", "surut"); got.status != http.StatusSeeOther || session().Status != models.SessionPlanned {
		t.Errorf("restore: %d, %s", got.status, session().Status)
	}
}

// What something has happened at is moved for a reason only, and results follow.
func TestASessionWithScansIsMovedForAReasonOnly(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	s := o.sessions[1]
	if err := o.db.Create(&models.Correction{ID: [16]byte{7}, SessionID: s.ID, EnrollmentID: o.ownPlace.ID, Status: models.StatusPresent, Reason: "surat"}).Error; err != nil {
		t.Fatal(err)
	}
	form := []string{"day", string(models.ZoneWIB.Date(s.StartsAt)), "start", "06:00", "end", "09:00", "room", "Lain"}
	href := "/sessions/" + s.ID.String() + "/edit"
	if got := b.agreeing(href, form...); got.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", got.status)
	}
	if got := b.agreeing(href, append(form, "reason", "listrik padam")...); got.status != http.StatusSeeOther {
		t.Errorf("with a reason: %d", got.status)
	}
}

func TestACoordinatorMovesTheirOwnSessionsWhileNothingHappened(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleCoordinator)
	move := func(s models.Session) answer {
		site, err := o.st.Read(t.Context()).Site(s.SiteID)
		if err != nil {
			t.Fatal(err)
		}
		at := func(m models.Millis) string { return m.Time().In(site.Zone.Location()).Format("15:04") }
		return b.agreeing("/sessions/"+s.ID.String()+"/edit", "day", string(site.Zone.Date(s.StartsAt).AddDays(21)), "start", at(s.StartsAt), "end", at(s.EndsAt),
			"reason", "ruang dipakai")
	}
	for _, s := range o.sessions {
		class, err := o.st.Read(t.Context()).Class(s.ClassID)
		if err != nil {
			t.Fatal(err)
		}
		happened, err := o.st.Read(t.Context()).SessionHasEvents(s.ID)
		if err != nil {
			t.Fatal(err)
		}
		want := http.StatusSeeOther
		switch {
		case class.ProviderID != o.own.ID:
			want = http.StatusNotFound
		case happened:
			want = http.StatusUnprocessableEntity
		}
		if got := move(s); got.status != want {
			t.Errorf("session %d of %s (something happened: %v): %d, want %d", s.Seq, class.Code, happened, got.status, want)
		}
	}
}

// Tickets that end before a class's last session are named on its page, and replaced by
// who may sign; an institution can only ask.
func TestTicketsThatAreTooShortAreReplacedOnTheClassPage(t *testing.T) {
	o := newOffice(t)
	admin, coordinator := o.as(t, models.RoleAdmin), o.as(t, models.RoleCoordinator)
	s, class := o.sessions[2], "/classes/"+o.classes[0].ID.String()
	if strings.Contains(admin.get(class).body, "/tickets/renew") {
		t.Error("no ticket is too short")
	}
	form := []string{"day", "2027-03-01", "start", "08:00", "end", "12:00", "room", "Aula", "reason", "banjir"}
	if got := admin.post("/sessions/"+s.ID.String()+"/edit", form...); !strings.Contains(got.body, "13 tiket kelas BDG-BARISTA-1") {
		t.Errorf("the move does not warn: %d", got.status)
	}
	if got := admin.agreeing("/sessions/"+s.ID.String()+"/edit", form...); got.status != http.StatusSeeOther {
		t.Fatalf("the move: %d", got.status)
	}
	if page := coordinator.get(class).body; !strings.Contains(page, "13 tiket") || strings.Contains(page, "/tickets/renew") {
		t.Error("a coordinator does not see it, or is offered what they may not do")
	}
	if got := coordinator.post(class + "/tickets/renew"); got.status != http.StatusForbidden {
		t.Errorf("a coordinator renews: %d", got.status)
	}
	if page := admin.get(class).body; !strings.Contains(page, class+"/tickets/renew") {
		t.Error("nobody is offered to replace them")
	}
	if page := admin.follow(admin.post(class + "/tickets/renew")).body; !strings.Contains(page, "13 tiket diganti") || strings.Contains(page, class+"/tickets/renew") {
		t.Errorf("they are not replaced:\n%s", page)
	}
}
