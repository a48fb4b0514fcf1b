package plan_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/web/webtest"
)

// agreed changes a policy, which is asked about once where it changes results.
func agreed(t testing.TB, b *webtest.Browser, at string, fields ...string) {
	t.Helper()
	asked := b.Post(at, fields...)
	if sure := regexp.MustCompile(`name="sure" value="([0-9a-f]+)"`).FindStringSubmatch(asked.Body); sure != nil {
		asked = b.Post(at, append(fields, "sure", sure[1])...)
	}
	b.Follow(asked)
}

func TestAClassGetsRulesOfItsOwnAndThePilotsAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	class := o.Classes[0]
	at := "/classes/" + class.ID.String() + "/policy"
	form := []string{"check_in_before", "60", "check_in_after", "60", "late_after", "25", "check_out_before", "30", "check_out_after", "120", "min_stay", "60", "open_stay", "0",
		"minutes_share", "80", "sessions_share", "100", "spot_check", "0", "late_upload", "72", "check_out", "1"}
	if got := b.Post(at, form...); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `value="25"`) {
		t.Errorf("without a reason: %d, or what was typed is gone", got.Status)
	}
	agreed(t, b, at, append(form, "reason", "kapal terlambat")...)
	page := b.Get(at + "?lang=en").Body
	for _, text := range []string{"Pilot&#39;s rule: 15", "Pilot&#39;s rule: yes", "Use the pilot&#39;s rules again"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	if seen := o.As(t, models.RoleCoordinator).Get("/classes/" + class.ID.String()).Body; !strings.Contains(seen, "25") || strings.Contains(seen, at) {
		t.Error("a coordinator doesn't see what differs, or is offered to change it")
	}
	agreed(t, b, at, "do", "pilot", "reason", "sudah baik")
	if page := b.Get(at + "?lang=en").Body; !strings.Contains(page, "Everything is the same as in the pilot") {
		t.Error("the class doesn't follow the pilot again")
	}
	if h := b.Get("/history?lang=id&entity=class&id=" + class.ID.String()).Body; strings.Count(h, "Mengubah aturan presensi kelas") != 2 {
		t.Error("the history lacks it")
	}
}
