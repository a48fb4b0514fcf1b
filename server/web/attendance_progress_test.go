package web_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestWhoCanStillCompleteTheirClassIsListed(t *testing.T) {
	o := newOffice(t)
	pmo, own := o.as(t, models.RoleAdmin), o.as(t, models.RoleCoordinator)
	lost := pmo.get("/progress?standing=lost&lang=en")
	if lost.status != http.StatusOK || !strings.Contains(lost.body, "Missed too many sessions (") || strings.Contains(lost.body, "Missed too many sessions (0)") {
		t.Fatalf("%d\n%s", lost.status, lost.body)
	}
	for _, s := range []string{"lost", "last", "tasks", "way", "done", "nonsense"} {
		page := own.get("/progress?standing=" + s)
		if page.status != http.StatusOK || strings.Contains(page.body, o.classes[len(o.classes)-1].Code) {
			t.Errorf("%s: %d, or another institution's", s, page.status)
		}
	}
}

func TestTasksAreMarkedAndUnmarked(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	var place models.Enrollment
	for _, e := range o.enrollments {
		if e.Role == models.PersonParticipant && e.ClassID == o.classes[0].ID {
			place = e
		}
	}
	href := "/enrollments/" + place.ID.String() + "/tasks"
	marked := func() bool {
		t.Helper()
		p, err := o.st.Read(t.Context()).Progress(place.ClassID, place.ID)
		if err != nil {
			t.Fatal(err)
		}
		return p[place.ID].TasksDone
	}
	if b.post(href, "done", "1"); !marked() {
		t.Error("the mark is not kept")
	}
	if page := b.get("/classes/" + place.ClassID.String() + "/attendance?lang=en"); !strings.Contains(page.body, "Unmark tasks as done") {
		t.Error("the class's page does not show the mark")
	}
	if b.post(href); marked() {
		t.Error("the mark can't be taken back")
	}
	if page := o.as(t, models.RoleReviewer).post(href, "done", "1"); page.status != http.StatusForbidden || marked() {
		t.Errorf("a reviewer may mark: %d", page.status)
	}
}
