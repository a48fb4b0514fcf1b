package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/store"
)

// form posts one with files' encoding: name and value in turn.
func (b *browser) form(path string, pairs ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	req := b.request(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req)
}

func (o *fixture) statusAt(t *testing.T, session models.Session, place models.Enrollment) models.Attendance {
	t.Helper()
	var a models.Attendance
	if err := o.db.Where("session_id = ? AND enrollment_id = ?", session.ID, place.ID).Take(&a).Error; err != nil {
		t.Fatal(err)
	}
	return a
}

func TestManyAreCorrectedFromEveryListAndTheCorrectionIsTakenBack(t *testing.T) {
	o := newOffice(t)
	if err := o.st.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	b := o.as(t, models.RoleAdmin)
	session, class := o.sessions[0], o.classes[0]
	first, second := o.enrollments[1], o.enrollments[2]
	for name, c := range map[string]struct {
		page, to string
		pairs    []string
	}{
		"a figure's list, ticked": {"/attendance", "/attendance", []string{"filter", "", "chosen", session.ID.String() + "/" + first.ID.String(), "chosen", session.ID.String() + "/" + second.ID.String()}},
		"a figure's list, all":    {"/attendance", "/attendance", []string{"filter", "by=class&key=" + class.ID.String(), "all", "1"}},
		"a session":               {"/sessions/" + session.ID.String() + "?correct=1", "/sessions/" + session.ID.String() + "/corrections", []string{"chosen", first.ID.String(), "chosen", second.ID.String()}},
		"a whole session":         {"/sessions/" + session.ID.String() + "?correct=1", "/sessions/" + session.ID.String() + "/corrections", []string{"all", "1"}},
		"a class's matrix": {"/classes/" + class.ID.String() + "/attendance", "/classes/" + class.ID.String() + "/corrections", []string{"chosen", first.ID.String(), "chosen", second.ID.String(), "session", session.ID.String(),
			"session", o.sessions[1].ID.String()}},
	} {
		ticked := regexp.MustCompile(first.ID.String() + `"[^>]* checked|name="all" value="1" checked`)
		page := b.get(c.page).body
		if !strings.Contains(page, `form="correct"`) || !strings.Contains(page, `action="`+c.to+`"`) {
			t.Errorf("%s: nobody can be ticked", name)
		}
		if got := b.form(c.to, append([]string{"status", "sick"}, c.pairs...)...); got.status != http.StatusUnprocessableEntity || !ticked.MatchString(got.body) {
			t.Errorf("%s, without a reason: %d, or what was ticked is gone", name, got.status)
		}
		sent := b.form(c.to, append([]string{"status", "sick", "reason", "keracunan makanan"}, c.pairs...)...)
		if sent.status != http.StatusSeeOther {
			t.Fatalf("%s: %d\n%s", name, sent.status, sent.body)
		}
		href := sent.header.Get("Location")
		if preview := b.get(href).body; !strings.Contains(preview, "keracunan makanan") || !strings.Contains(preview, href+"/apply") {
			t.Errorf("%s: no preview:\n%s", name, preview)
		}
		b.follow(b.post(href + "/apply"))
		if a := o.statusAt(t, session, first); a.Status != models.StatusSick || !a.Corrected {
			t.Errorf("%s: %+v", name, a)
		}
		for what, path := range map[string]string{"the session": "/sessions/" + session.ID.String(), "the matrix": "/classes/" + class.ID.String() + "/attendance",
			"the list": "/attendance?what=sick", "the person": "/sessions/" + session.ID.String() + "/people/" + first.ID.String(), "the change": href} {
			if got := b.get(path + map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "lang=en").body; !strings.Contains(got, "Sick") || !strings.Contains(got, "by the scans") && what != "the person" && what != "the change" {
				t.Errorf("%s, on %s: both values don't show", name, what)
			}
		}
		b.follow(b.post(href+"/undo", "reason", "salah hari"))
		if a := o.statusAt(t, session, first); a.Status != a.Derived || a.Corrected {
			t.Errorf("%s, undone: %+v", name, a)
		}
		if person := b.get("/sessions/" + session.ID.String() + "/people/" + first.ID.String()).body; !strings.Contains(person, "salah hari") || !strings.Contains(person, "keracunan makanan") {
			t.Errorf("%s: the person's page lacks the correction or that it was taken back", name)
		}
	}
}

func TestWhoMayNotCorrectIsOfferedNothing(t *testing.T) {
	o := newOffice(t)
	for _, role := range []models.Role{models.RoleReviewer, models.RoleCoordinator} {
		b := o.as(t, role)
		for _, path := range []string{"/attendance", "/sessions/" + o.sessions[0].ID.String() + "?correct=1", "/classes/" + o.classes[0].ID.String() + "/attendance"} {
			if got := b.get(path); strings.Contains(got.body, `form="correct"`) || got.status != http.StatusOK {
				t.Errorf("%s as %s: %d", path, role, got.status)
			}
		}
	}
}

func TestAClassGetsRulesOfItsOwnAndThePilotsAgain(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	class := o.classes[0]
	at := "/classes/" + class.ID.String() + "/policy"
	form := []string{"check_in_before", "60", "check_in_after", "60", "late_after", "25", "check_out_before", "30", "check_out_after", "120", "min_stay", "60", "open_stay", "0",
		"minutes_share", "80", "sessions_share", "100", "spot_check", "0", "late_upload", "72", "check_out", "1"}
	if got := b.post(at, form...); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `value="25"`) {
		t.Errorf("without a reason: %d, or what was typed is gone", got.status)
	}
	b.follow(b.post(at, append(form, "reason", "kapal terlambat")...))
	page := b.get(at + "?lang=en").body
	for _, text := range []string{"Pilot&#39;s rule: 15", "Pilot&#39;s rule: yes", "Use the pilot&#39;s rules again"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	if seen := o.as(t, models.RoleCoordinator).get("/classes/" + class.ID.String()).body; !strings.Contains(seen, "25") || strings.Contains(seen, at) {
		t.Error("a coordinator doesn't see what differs, or is offered to change it")
	}
	b.follow(b.post(at, "do", "pilot", "reason", "sudah baik"))
	if page := b.get(at + "?lang=en").body; !strings.Contains(page, "Everything is the same as in the pilot") {
		t.Error("the class doesn't follow the pilot again")
	}
	if h := b.get("/history?lang=id&entity=class&id=" + class.ID.String()).body; strings.Count(h, "Mengubah aturan presensi kelas") != 2 {
		t.Error("the history lacks it")
	}
}
