package plan_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestAPilotIsPlannedAndDecidedFromItsPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
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
			got := b.Post("/pilots", c.form...)
			if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `id="`+c.field+`-problem"`) || !strings.Contains(got.Body, "Kedua") {
				t.Errorf("%d, want what was typed with a sentence at %s", got.Status, c.field)
			}
		})
	}
	added := b.Post("/pilots", "code", "UJI-2", "name", "Kedua", "quota", "1.000", "provinces", "Jawa Barat: 400\n53\n")
	page := b.Follow(added)
	if !strings.Contains(page.Body, "1.000") || !strings.Contains(page.Body, "Nusa Tenggara Timur") {
		t.Errorf("the pilot's page: %d", page.Status)
	}
	href := added.Header.Get("Location")
	if got := b.Post(href+"/phase", "phase", "closed", "sure", "1"); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Selesai") {
		t.Errorf("closing what is being prepared: %d, want a sentence that names the phase", got.Status)
	}
	if first := b.Get(href); !strings.Contains(first.Body, "Tekan dulu “Ajukan ke Komite”") || strings.Contains(first.Body, href+"/decide") {
		t.Error("who looks for the form of the decision isn't told what comes first")
	}
	b.Follow(b.Post(href+"/phase", "phase", "awaiting_decision"))
	half := b.Upload(href+"/decide", "document", "a.pdf", []byte("%PDF-1.7"), "number", "KCK/99", "date", "2026-06-01", "first_day", "")
	if half.Status != http.StatusUnprocessableEntity || !strings.Contains(half.Body, "KCK/99") || !strings.Contains(half.Body, "2026-06-01") {
		t.Errorf("half a decision: %d, and what was typed must stay", half.Status)
	}
	bare := b.Post(href+"/decide", "number", "KCK/99", "date", "2026-06-01", "first_day", "2026-07-01")
	if bare.Status != http.StatusUnprocessableEntity || !strings.Contains(bare.Body, `id="document-problem"`) {
		t.Errorf("a decision without its document: %d", bare.Status)
	}
	page = b.Follow(b.Upload(href+"/decide", "document", "keputusan.pdf", []byte("%PDF-1.7"), "number", "KCK/99", "date", "2026-06-01", "first_day", "2026-07-01"))
	if !strings.Contains(page.Body, "Disetujui") || !strings.Contains(page.Body, "keputusan.pdf") {
		t.Errorf("after the decision: %d", page.Status)
	}
	typo := []string{"correct_number", "KCK/98", "correct_date", "2026-06-01", "correct_first_day", "2026-05-01", "correct_reason", "salah tulis"}
	if got := b.Post(href+"/decision", typo...); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `id="correct_first_day-problem"`) ||
		!strings.Contains(got.Body, "KCK/98") {
		t.Errorf("a correction that can't be: %d\n%s", got.Status, got.Body)
	}
	typo[5] = "2026-07-01"
	if page = b.Follow(b.Post(href+"/decision", typo...)); !strings.Contains(page.Body, "dari KCK/99 menjadi KCK/98") || !strings.Contains(page.Body, "salah tulis") {
		t.Errorf("the old number isn't shown: %d\n%s", page.Status, page.Body)
	}
}

func TestAPolicyKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	href := "/pilots/" + o.Pilot.ID.String()
	got := b.Post(href+"/policy", "late_after", "lima belas", "check_in_before", "45")
	if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "lima belas") || !strings.Contains(got.Body, `id="late_after-problem"`) {
		t.Errorf("a policy in words: %d", got.Status)
	}
	fields := []string{"check_in_before", "45", "check_in_after", "60", "late_after", "20", "check_out_before", "30", "check_out_after", "120", "min_stay", "60",
		"open_stay", "0", "minutes_share", "80", "sessions_share", "100", "spot_check", "50", "late_upload", "72", "check_out", "1", "policy_reason", "surat edaran"}
	asked := b.Post(href+"/policy", fields...)
	sure := regexp.MustCompile(`name="sure" value="([0-9a-f]+)"`).FindStringSubmatch(asked.Body)
	if asked.Status != http.StatusUnprocessableEntity || sure == nil || !strings.Contains(asked.Body, o.Participants[0].Name) {
		t.Fatalf("a policy that changes results: %d, want their names and a tick", asked.Status)
	}
	if pilot, err := o.Store.Read(t.Context()).Pilot(o.Pilot.ID); err != nil || pilot.Policy.Version != 1 {
		t.Errorf("before anybody agreed: version %d, %v", pilot.Policy.Version, err)
	}
	b.Follow(b.Post(href+"/policy", append(fields, "sure", sure[1])...))
	pilot, err := o.Store.Read(t.Context()).Pilot(o.Pilot.ID)
	if err != nil || pilot.Policy.LateAfter != 20 || pilot.Policy.Version != 2 || !pilot.Policy.CheckOut || pilot.Policy.Reentry {
		t.Errorf("stored %+v, %v", pilot.Policy, err)
	}
}

func TestARuleOutOfBoundsIsSaidInWords(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b, href := o.As(t, models.RoleAdmin), "/pilots/"+o.Pilot.ID.String()
	form := []string{"check_in_before", "60", "check_in_after", "60", "late_after", "2000", "check_out_before", "30", "check_out_after", "60", "min_stay", "30",
		"open_stay", "0", "minutes_share", "80", "sessions_share", "100", "spot_check", "50", "late_upload", "72", "policy_reason", "surat edaran"}
	for lang, want := range map[string]string{"id": "“Terlambat setelah (menit)” harus 0 sampai 1440", "en": "“Late after (minutes)” must be 0 to 1440"} {
		got := b.Post(href+"/policy?lang="+lang, form...)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, want) || strings.Contains(got.Body, "want 0 to") || !strings.Contains(got.Body, `id="late_after-problem"`) {
			t.Errorf("in %s: %d, want %q at its field", lang, got.Status, want)
		}
	}
}
