package attendance_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/store"
)

func (o *fixture) statusAt(t *testing.T, session models.Session, place models.Enrollment) models.Attendance {
	t.Helper()
	var a models.Attendance
	if err := o.DB.Where("session_id = ? AND enrollment_id = ?", session.ID, place.ID).Take(&a).Error; err != nil {
		t.Fatal(err)
	}
	return a
}

func TestManyAreCorrectedFromEveryListAndTheCorrectionIsTakenBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if err := o.Store.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	b := o.As(t, models.RoleAdmin)
	session, class := o.Sessions[0], o.Classes[0]
	first, second := o.Enrollments[1], o.Enrollments[2]
	for name, c := range map[string]struct {
		page, to string
		pairs    []string
	}{
		"a figure's list, ticked": {"/attendance", "/attendance", []string{"filter", "", "chosen", session.ID.String() + "/" + first.ID.String(), "chosen", session.ID.String() + "/" + second.ID.String()}},
		"a figure's list, all":    {"/attendance", "/attendance", []string{"filter", "by=class&key=" + class.ID.String(), "all", "1"}},
		"a session":               {"/sessions/" + session.ID.String() + "?correct=1", "/sessions/" + session.ID.String() + "/corrections", []string{"chosen", first.ID.String(), "chosen", second.ID.String()}},
		"a whole session":         {"/sessions/" + session.ID.String() + "?correct=1", "/sessions/" + session.ID.String() + "/corrections", []string{"all", "1"}},
		"a class's matrix": {"/classes/" + class.ID.String() + "/attendance", "/classes/" + class.ID.String() + "/corrections", []string{"chosen", first.ID.String(), "chosen", second.ID.String(), "session", session.ID.String(),
			"session", o.Sessions[1].ID.String()}},
	} {
		ticked := regexp.MustCompile(first.ID.String() + `"[^>]* checked|name="all" value="1" checked`)
		page := b.Get(c.page).Body
		if !strings.Contains(page, `form="correct"`) || !strings.Contains(page, `action="`+c.to+`"`) {
			t.Errorf("%s: nobody can be ticked", name)
		}
		if got := b.Upload(c.to, "", "", nil, append([]string{"status", "sick"}, c.pairs...)...); got.Status != http.StatusUnprocessableEntity || !ticked.MatchString(got.Body) {
			t.Errorf("%s, without a reason: %d, or what was ticked is gone", name, got.Status)
		}
		sent := b.Upload(c.to, "", "", nil, append([]string{"status", "sick", "reason", "keracunan makanan"}, c.pairs...)...)
		if sent.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d\n%s", name, sent.Status, sent.Body)
		}
		href := sent.Header.Get("Location")
		if preview := b.Get(href).Body; !strings.Contains(preview, "keracunan makanan") || !strings.Contains(preview, href+"/apply") {
			t.Errorf("%s: no preview:\n%s", name, preview)
		}
		b.Follow(b.Post(href + "/apply"))
		if a := o.statusAt(t, session, first); a.Status != models.StatusSick || !a.Corrected {
			t.Errorf("%s: %+v", name, a)
		}
		for what, path := range map[string]string{"the session": "/sessions/" + session.ID.String(), "the matrix": "/classes/" + class.ID.String() + "/attendance",
			"the list": "/attendance?what=sick", "the person": "/sessions/" + session.ID.String() + "/people/" + first.ID.String(), "the change": href} {
			if got := b.Get(path + map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "lang=en").Body; !strings.Contains(got, "Sick") || !strings.Contains(got, "by the scans") && what != "the person" && what != "the change" {
				t.Errorf("%s, on %s: both values don't show", name, what)
			}
		}
		b.Follow(b.Post(href+"/undo", "reason", "salah hari"))
		if a := o.statusAt(t, session, first); a.Status != a.Derived || a.Corrected {
			t.Errorf("%s, undone: %+v", name, a)
		}
		if person := b.Get("/sessions/" + session.ID.String() + "/people/" + first.ID.String()).Body; !strings.Contains(person, "salah hari") || !strings.Contains(person, "keracunan makanan") {
			t.Errorf("%s: the person's page lacks the correction or that it was taken back", name)
		}
	}
}

func TestWhoMayNotCorrectIsOfferedNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, role := range []models.Role{models.RoleReviewer, models.RoleCoordinator} {
		b := o.As(t, role)
		for _, path := range []string{"/attendance", "/sessions/" + o.Sessions[0].ID.String() + "?correct=1", "/classes/" + o.Classes[0].ID.String() + "/attendance"} {
			if got := b.Get(path); strings.Contains(got.Body, `form="correct"`) || got.Status != http.StatusOK {
				t.Errorf("%s as %s: %d", path, role, got.Status)
			}
		}
	}
}
