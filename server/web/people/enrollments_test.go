package people_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestAPlaceIsCancelledWithAReasonOnly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	href := "/enrollments/" + o.Enrollments[1].ID.String()
	if got := b.Post(href + "/cancel"); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `id="cancel_reason-problem"`) {
		t.Errorf("without a reason: %d", got.Status)
	}
	if page := b.Follow(b.Post(href+"/cancel", "cancel_reason", "pindah kota")); !strings.Contains(page.Body, "pindah kota") {
		t.Errorf("after cancelling: %d", page.Status)
	}
	class := "/classes/" + o.Classes[0].ID.String()
	if got := b.Post(class+"/enroll", "number", "REG-99999"); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "REG-99999") {
		t.Errorf("enrolling nobody: %d", got.Status)
	}
}

func TestTasksAreMarkedAndUnmarked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	var place models.Enrollment
	for _, e := range o.Enrollments {
		if e.Role == models.PersonParticipant && e.ClassID == o.Classes[0].ID {
			place = e
		}
	}
	href := "/enrollments/" + place.ID.String() + "/tasks"
	marked := func() bool {
		t.Helper()
		p, err := o.Store.Read(t.Context()).Progress(place.ClassID, place.ID)
		if err != nil {
			t.Fatal(err)
		}
		return p[place.ID].TasksDone
	}
	if b.Post(href, "done", "1"); !marked() {
		t.Error("the mark is not kept")
	}
	if page := b.Get("/classes/" + place.ClassID.String() + "/attendance?lang=en"); !strings.Contains(page.Body, "Unmark tasks as done") {
		t.Error("the class's page does not show the mark")
	}
	if b.Post(href); marked() {
		t.Error("the mark can't be taken back")
	}
	if page := o.As(t, models.RoleReviewer).Post(href, "done", "1"); page.Status != http.StatusForbidden || marked() {
		t.Errorf("a reviewer may mark: %d", page.Status)
	}
}
