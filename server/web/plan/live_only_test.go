package plan_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"buktihadir/models"
)

// The page says how many tickets a rule makes useless before it is saved, and renews them with it.
func TestARuleThatRefusesFixedCodesSaysHowManyTicketsItReplaces(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	href := "/pilots/" + o.Pilot.ID.String()
	fields := []string{"check_in_before", "60", "check_in_after", "60", "late_after", "15", "check_out_before", "30", "check_out_after", "120", "min_stay", "60",
		"open_stay", "0", "minutes_share", "80", "sessions_share", "100", "spot_check", "0", "late_upload", "72", "check_out", "1", "reentry", "1", "live_only", "1",
		"policy_reason", "titip tiket"}
	asked := b.Post(href+"/policy", fields...)
	said := regexp.MustCompile(`(\d+) dari (\d+) tiket yang dipegang orang`).FindStringSubmatch(asked.Body)
	sure := regexp.MustCompile(`name="sure" value="(\w+)"`).FindStringSubmatch(asked.Body)
	if said == nil || said[1] == "0" || sure == nil {
		t.Fatalf("nothing says how many: %v %v %s", said, sure, asked.Body)
	}
	renews := href + "/tickets/renew"
	if strings.Contains(b.Get(href).Body, renews) {
		t.Error("something is to be renewed before the rule is saved")
	}
	if got := b.Post(href+"/policy", append(fields, "sure", sure[1])...); got.Status != http.StatusSeeOther {
		t.Fatalf("agreed: %d %s", got.Status, got.Body)
	}
	var renewed int64
	if err := o.DB.Model(&models.HistoryEntry{}).Where("action = ?", "ticket.renew").Count(&renewed).Error; err != nil || renewed == 0 {
		t.Errorf("nothing was renewed, %v", err)
	}
	if strings.Contains(b.Get(href).Body, renews) {
		t.Error("tickets are left that nobody takes")
	}
	// Whoever was cut off in the middle finds the rest on the pilot's page.
	if err := o.DB.Exec("UPDATE tickets SET live = ? WHERE revoked_at = 0", false).Error; err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.Get(href).Body, renews) {
		t.Error("the page doesn't offer to renew them")
	}
	if page := b.Follow(b.Post(renews)); !strings.Contains(page.Body, "tiket diganti") || strings.Contains(page.Body, renews) {
		t.Errorf("renewed: %d", page.Status)
	}
}
