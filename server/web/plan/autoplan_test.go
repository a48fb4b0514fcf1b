package plan_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/web/webtest"
	"buktihadir/templates"
)

// idle imports participants of Bandung and of Manado without a class.
func (o *fixture) idle(b *webtest.Browser) {
	b.T.Helper()
	file := "number,nik,name,phone,regency\n"
	for n := range 35 {
		regency := "32.73"
		if n >= 33 {
			regency = "71.71"
		}
		file += fmt.Sprintf("IDLE-%d,007301150695%04d,Peserta Menunggu %d,0812999%05d,%s\n", n, 5000+n, n, n, regency)
	}
	sent := b.Upload("/imports", "file", "peserta.csv", []byte(file), "kind", "participants", "pilot", o.Pilot.ID.String())
	settled(b, sent)
	settled(b, b.Post(sent.Header.Get("Location")+"/apply"))
}

// asked is the proposal form, filled in for the Bandung course.
func (o *fixture) asked(t *testing.T, changed ...string) []string {
	t.Helper()
	courses, err := o.Store.Read(t.Context()).Courses()
	if err != nil {
		t.Fatal(err)
	}
	form := []string{"pilot", o.Pilot.ID.String(), "course", courses[0].ID.String(), "first1", "2026-07-06", "last1", "2026-07-10", "from1", "08:00",
		"to1", "16:00", "weekday", "1", "class_seats", "20", "most_km", "100", "empty_km", "1", "unplaced_km", "1000"}
	return append(form, changed...)
}

func TestClassesAreProposedShownAndAcceptedInPart(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	o.idle(b)
	sent := b.Post("/plan", o.asked(t, "last1", "2026-07-31")...)
	page := settled(b, sent)
	for _, want := range []string{"Balai Latihan Kerja Bandung", "Kota Manado", `name="class" value="1"`, `name="class" value="2"`} {
		if !strings.Contains(page.Body, want) {
			t.Fatalf("the proposal lacks %q:\n%s", want, page.Body)
		}
	}
	href := sent.Header.Get("Location")
	if strings.Contains(b.Get("/classes").Body, "BAR-01-BDG-01-1") {
		t.Error("a class was made before anybody accepted it")
	}
	if got := settled(b, b.Post(href+"/accept")); !strings.Contains(got.Body, `class="flash flash-bad"`) {
		t.Error("nothing was chosen, and nobody says so")
	}
	accepted := settled(b, b.Post(href+"/accept", "class", "2"))
	if strings.Contains(accepted.Body, `name="class" value="2"`) || !strings.Contains(accepted.Body, `name="class" value="1"`) {
		t.Errorf("not just the second class is accepted:\n%s", accepted.Body)
	}
	if !strings.Contains(b.Get("/classes").Body, "BAR-01-BDG-01-1") || strings.Contains(b.Get("/classes").Body, "BAR-01-BDG-01-2") {
		t.Error("not just one class was made")
	}
	settled(b, b.Post(href+"/accept", "all", "1"))
	if !strings.Contains(b.Get("/classes").Body, "BAR-01-BDG-01-2") {
		t.Error("the rest was not accepted")
	}
	history := b.Get("/history").Body
	for _, action := range []string{"Membuat usulan kelas", "Menyetujui usulan kelas", "Membuat kelas"} {
		if !strings.Contains(history, action) {
			t.Errorf("the history lacks %q", action)
		}
	}
	for _, lang := range templates.Langs() {
		for _, path := range []string{"/plan", "/plan/new", href} {
			got := b.Get(path + "?lang=" + string(lang))
			if got.Status != http.StatusOK || strings.Contains(got.Body, "⟦") || strings.Contains(got.Body, "<no value>") {
				t.Errorf("%s in %s: %d or a text is lacking\n%s", path, lang, got.Status, got.Body)
			}
		}
	}
}

func TestAProposalThatMakesNoSenseComesBackWithASentence(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	for _, c := range []struct{ name, field, value, sentence string }{
		{"no pilot", "pilot", "", "Pilih uji coba."},
		{"no course", "course", "", "Pilih setidaknya satu pelatihan."},
		{"no day of the week", "weekday", "", "Pilih setidaknya satu hari."},
		{"yesterday", "first1", "2026-06-21", "Rentang harus mulai setelah hari ini."},
		{"a night class", "to1", "23:00", "Jam tidak sah"},
		{"no time", "from1", "", "Jam tidak sah"},
		{"seats that are no number", "class_seats", "banyak", "Tulis bilangan bulat."},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := b.Post("/plan", o.asked(t, c.field, c.value)...)
			if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, c.sentence) {
				t.Errorf("%d without %q:\n%s", got.Status, c.sentence, got.Body)
			}
			if c.field != "last1" && !strings.Contains(got.Body, "2026-07-10") {
				t.Error("what was typed is gone")
			}
		})
	}
}
