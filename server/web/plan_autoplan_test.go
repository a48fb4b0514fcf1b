package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/templates"
)

// idle imports participants of Bandung and of Manado without a class.
func (o *fixture) idle(b *browser) {
	b.t.Helper()
	file := "number,nik,name,phone,regency\n"
	for n := range 35 {
		regency := "32.73"
		if n >= 33 {
			regency = "71.71"
		}
		file += fmt.Sprintf("IDLE-%d,007301150695%04d,Peserta Menunggu %d,0812999%05d,%s\n", n, 5000+n, n, n, regency)
	}
	sent := b.upload("/imports", "file", "peserta.csv", []byte(file), "kind", "participants", "pilot", o.pilot.ID.String())
	b.settled(sent)
	b.settled(b.post(sent.header.Get("Location") + "/apply"))
}

// asked is the proposal form, filled in for the Bandung course.
func (o *fixture) asked(t *testing.T, changed ...string) []string {
	t.Helper()
	courses, err := o.st.Read(t.Context()).Courses()
	if err != nil {
		t.Fatal(err)
	}
	form := []string{"pilot", o.pilot.ID.String(), "course", courses[0].ID.String(), "first1", "2026-07-06", "last1", "2026-07-10", "from1", "08:00",
		"to1", "16:00", "weekday", "1", "class_seats", "20", "most_km", "100", "empty_km", "1", "unplaced_km", "1000"}
	return append(form, changed...)
}

func TestClassesAreProposedShownAndAcceptedInPart(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	o.idle(b)
	sent := b.post("/plan", o.asked(t, "last1", "2026-07-31")...)
	page := b.settled(sent)
	for _, want := range []string{"Balai Latihan Kerja Bandung", "Kota Manado", `name="class" value="1"`, `name="class" value="2"`} {
		if !strings.Contains(page.body, want) {
			t.Fatalf("the proposal lacks %q:\n%s", want, page.body)
		}
	}
	href := sent.header.Get("Location")
	if strings.Contains(b.get("/classes").body, "BAR-01-BDG-01-1") {
		t.Error("a class was made before anybody accepted it")
	}
	if got := b.settled(b.post(href + "/accept")); !strings.Contains(got.body, `class="flash flash-bad"`) {
		t.Error("nothing was chosen, and nobody says so")
	}
	accepted := b.settled(b.post(href+"/accept", "class", "2"))
	if strings.Contains(accepted.body, `name="class" value="2"`) || !strings.Contains(accepted.body, `name="class" value="1"`) {
		t.Errorf("not just the second class is accepted:\n%s", accepted.body)
	}
	if !strings.Contains(b.get("/classes").body, "BAR-01-BDG-01-1") || strings.Contains(b.get("/classes").body, "BAR-01-BDG-01-2") {
		t.Error("not just one class was made")
	}
	b.settled(b.post(href+"/accept", "all", "1"))
	if !strings.Contains(b.get("/classes").body, "BAR-01-BDG-01-2") {
		t.Error("the rest was not accepted")
	}
	history := b.get("/history").body
	for _, action := range []string{"Membuat usulan kelas", "Menyetujui usulan kelas", "Membuat kelas"} {
		if !strings.Contains(history, action) {
			t.Errorf("the history lacks %q", action)
		}
	}
	for _, lang := range templates.Langs() {
		for _, path := range []string{"/plan", "/plan/new", href} {
			got := b.get(path + "?lang=" + string(lang))
			if got.status != http.StatusOK || strings.Contains(got.body, "⟦") || strings.Contains(got.body, "<no value>") {
				t.Errorf("%s in %s: %d or a text is lacking\n%s", path, lang, got.status, got.body)
			}
		}
	}
}

func TestAProposalThatMakesNoSenseComesBackWithASentence(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
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
			got := b.post("/plan", o.asked(t, c.field, c.value)...)
			if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, c.sentence) {
				t.Errorf("%d without %q:\n%s", got.status, c.sentence, got.body)
			}
			if c.field != "last1" && !strings.Contains(got.body, "2026-07-10") {
				t.Error("what was typed is gone")
			}
		})
	}
}
