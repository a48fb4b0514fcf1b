package web_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestAnAgentsCodeIsShownOnceWithItsCommand(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	made := b.post("/sites/"+o.sites[0].ID.String()+"/agents", "agent", "Laptop belakang")
	page := b.follow(made)
	if !strings.Contains(page.body, "site-agent enroll --server "+o.url+" --code ") || !strings.Contains(page.body, "<svg") {
		t.Errorf("no command, or no QR code: %d", page.status)
	}
	if again := b.follow(made); strings.Contains(again.body, "--code") {
		t.Error("the code is shown a second time")
	}
}

func TestARevokedAgentIsSaidToBe(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	page := b.follow(b.post("/agents/"+o.agent.ID.String()+"/revoke", "sure", "1"))
	if !strings.Contains(page.body, "Dinonaktifkan") || strings.Contains(page.body, "/agents/"+o.agent.ID.String()+"/revoke") {
		t.Errorf("%d: a revoked agent must be said to be, and can't be revoked again", page.status)
	}
}

func TestAnOfficersPINIsShownOnce(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	site := "/sites/" + o.sites[0].ID.String()
	if got := b.post(site+"/officers", "name", " "); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="name-problem"`) {
		t.Errorf("an officer without a name: %d, want a sentence at the field", got.status)
	}
	added := b.post(site+"/officers", "name", "Joko", "supervisor", "1")
	if page := b.follow(added); !strings.Contains(page.body, `<pre class="code"`) {
		t.Errorf("the PIN is missing: %d", page.status)
	}
	if page := b.follow(added); strings.Contains(page.body, `<pre class="code"`) {
		t.Error("the PIN is shown a second time")
	}
}

func TestAPilotIsPlannedAndDecidedFromItsPage(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	for _, c := range []struct {
		name  string
		form  []string
		field string
	}{
		{"a code that is taken", []string{"code", "UJI-1", "name", "Kedua"}, "code"},
		{"a quota in words", []string{"code", "UJI-2", "name", "Kedua", "quota", "banyak"}, "quota"},
		{"a province that doesn't exist", []string{"code", "UJI-2", "name", "Kedua", "provinces", "32: 10\nAtlantis"}, "provinces"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := b.post("/pilots", c.form...)
			if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="`+c.field+`-problem"`) || !strings.Contains(got.body, "Kedua") {
				t.Errorf("%d, want what was typed with a sentence at %s", got.status, c.field)
			}
		})
	}
	added := b.post("/pilots", "code", "UJI-2", "name", "Kedua", "quota", "1.000", "provinces", "Jawa Barat: 400\n53\n")
	page := b.follow(added)
	if !strings.Contains(page.body, "1.000") || !strings.Contains(page.body, "Nusa Tenggara Timur") {
		t.Errorf("the pilot's page: %d", page.status)
	}
	href := added.header.Get("Location")
	if got := b.post(href+"/phase", "phase", "closed", "sure", "1"); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Selesai") {
		t.Errorf("closing what is being prepared: %d, want a sentence that names the phase", got.status)
	}
	b.follow(b.post(href+"/phase", "phase", "awaiting_decision"))
	half := b.upload(href+"/decide", "document", "a.pdf", []byte("%PDF-1.7"), "number", "KCK/99", "date", "2026-06-01", "first_day", "")
	if half.status != http.StatusUnprocessableEntity || !strings.Contains(half.body, "KCK/99") || !strings.Contains(half.body, "2026-06-01") {
		t.Errorf("half a decision: %d, and what was typed must stay", half.status)
	}
	bare := b.post(href+"/decide", "number", "KCK/99", "date", "2026-06-01", "first_day", "2026-07-01")
	if bare.status != http.StatusUnprocessableEntity || !strings.Contains(bare.body, `id="document-problem"`) {
		t.Errorf("a decision without its document: %d", bare.status)
	}
	page = b.follow(b.upload(href+"/decide", "document", "keputusan.pdf", []byte("%PDF-1.7"), "number", "KCK/99", "date", "2026-06-01", "first_day", "2026-07-01"))
	if !strings.Contains(page.body, "Disetujui") || !strings.Contains(page.body, "keputusan.pdf") {
		t.Errorf("after the decision: %d", page.status)
	}
}

func TestAPolicyKeepsWhatWasTyped(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	href := "/pilots/" + o.pilot.ID.String()
	got := b.post(href+"/policy", "late_after", "lima belas", "check_in_before", "45")
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "lima belas") || !strings.Contains(got.body, `id="late_after-problem"`) {
		t.Errorf("a policy in words: %d", got.status)
	}
	fields := []string{"check_in_before", "45", "check_in_after", "60", "late_after", "20", "check_out_before", "30", "check_out_after", "120", "min_stay", "60",
		"open_stay", "0", "minutes_share", "80", "sessions_share", "100", "spot_check", "50", "late_upload", "72", "check_out", "1", "policy_reason", "surat edaran"}
	b.follow(b.post(href+"/policy", fields...))
	pilot, err := o.st.Read(t.Context()).Pilot(o.pilot.ID)
	if err != nil || pilot.Policy.LateAfter != 20 || pilot.Policy.Version != 2 || !pilot.Policy.CheckOut || pilot.Policy.Reentry {
		t.Errorf("stored %+v, %v", pilot.Policy, err)
	}
}

func TestAPlaceIsCancelledWithAReasonOnly(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	href := "/enrollments/" + o.enrollments[1].ID.String()
	if got := b.post(href + "/cancel"); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="cancel_reason-problem"`) {
		t.Errorf("without a reason: %d", got.status)
	}
	if page := b.follow(b.post(href+"/cancel", "cancel_reason", "pindah kota")); !strings.Contains(page.body, "pindah kota") {
		t.Errorf("after cancelling: %d", page.status)
	}
	class := "/classes/" + o.classes[0].ID.String()
	if got := b.post(class+"/enroll", "number", "REG-99999"); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "REG-99999") {
		t.Errorf("enrolling nobody: %d", got.status)
	}
}

func TestARuleOutOfBoundsIsSaidInWords(t *testing.T) {
	o := newOffice(t)
	b, href := o.as(t, models.RoleAdmin), "/pilots/"+o.pilot.ID.String()
	form := []string{"check_in_before", "60", "check_in_after", "60", "late_after", "2000", "check_out_before", "30", "check_out_after", "60", "min_stay", "30",
		"open_stay", "0", "minutes_share", "80", "sessions_share", "100", "spot_check", "50", "late_upload", "72", "policy_reason", "surat edaran"}
	for lang, want := range map[string]string{"id": "“Terlambat setelah (menit)” harus 0 sampai 1440", "en": "“Late after (minutes)” must be 0 to 1440"} {
		got := b.post(href+"/policy?lang="+lang, form...)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, want) || strings.Contains(got.body, "want 0 to") || !strings.Contains(got.body, `id="late_after-problem"`) {
			t.Errorf("in %s: %d, want %q at its field", lang, got.status, want)
		}
	}
}

func TestACaseSaysItsCauseInWords(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	for code, want := range map[string]string{
		"unknown_kind": "Jenis catatan tidak dikenal", "unknown_session": "Sesinya tidak dikenal", "enrollment_of_another_class": "Kepesertaan di kelas lain",
		"class_closed": "Kelas sudah ditutup", "unchecked": "Belum bisa diperiksa", "impossible_time": "Waktunya tidak mungkin",
	} {
		k := o.opened(t, models.CaseQuarantine)[0]
		o.db.Model(&k).Update("detail", code)
		for _, path := range []string{"/cases?kind=quarantine", "/cases/" + k.ID.String()} {
			if page := b.get(path).body; !strings.Contains(page, want) || strings.Contains(page, code) {
				t.Errorf("%s shows the code of %s, or not its words", path, code)
			}
		}
	}
}
