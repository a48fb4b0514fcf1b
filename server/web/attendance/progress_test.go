package attendance_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestWhoCanStillCompleteTheirClassIsListed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo, own := o.As(t, models.RoleAdmin), o.As(t, models.RoleCoordinator)
	lost := pmo.Get("/progress?standing=lost&lang=en")
	if lost.Status != http.StatusOK || !strings.Contains(lost.Body, "Missed too many sessions (") || strings.Contains(lost.Body, "Missed too many sessions (0)") {
		t.Fatalf("%d\n%s", lost.Status, lost.Body)
	}
	for _, s := range []string{"lost", "last", "tasks", "way", "done", "nonsense"} {
		page := own.Get("/progress?standing=" + s)
		if page.Status != http.StatusOK || strings.Contains(page.Body, o.Classes[len(o.Classes)-1].Code) {
			t.Errorf("%s: %d, or another institution's", s, page.Status)
		}
	}
}
