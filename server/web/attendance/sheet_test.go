package attendance_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/models/ticket"
	"buktihadir/templates/qr"
)

func TestASheetToBeSignedHasTheClassWithARowEach(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleCoordinator)
	session := o.Sessions[1]
	left := o.Enrollments[5]
	if err := o.DB.Model(&models.Enrollment{}).Where("id = ?", left.ID).Update("status", models.EnrollmentCancelled).Error; err != nil {
		t.Fatal(err)
	}
	page := b.Get("/sessions/" + session.ID.String() + "/sheet/print")
	if page.Status != http.StatusOK {
		t.Fatalf("%d", page.Status)
	}
	for i, e := range o.Enrollments {
		if e.ClassID != session.ClassID {
			continue
		}
		code, err := qr.Encode(ticket.Row{Session: session.ID, Enrollment: e.ID}.Text(), qr.Print)
		if err != nil {
			t.Fatal(err)
		}
		_, drawn, _ := strings.Cut(code.SVG(""), `stroke-width`)
		if got := strings.Contains(page.Body, drawn); got != (e.ID != left.ID) {
			t.Errorf("place %d of the class has a row: %v", i, got)
		}
	}
	if err := o.DB.Model(&models.Session{}).Where("id = ?", session.ID).Update("status", models.SessionCancelled).Error; err != nil {
		t.Fatal(err)
	}
	if page := b.Get("/sessions/" + session.ID.String() + "/sheet/print"); page.Status != http.StatusNotFound {
		t.Errorf("of a cancelled session: %d", page.Status)
	}
}

func TestWhatASheetSaidIsShownWithWhenItWasKeyedIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	session := o.Sessions[1]
	o.Add(t, &models.ScanEvent{AgentID: o.Agent.ID, Epoch: models.Epoch{1}, Seq: 1, Bytes: []byte{1}, Kind: models.EventManual, Verdict: models.VerdictAcceptedIn,
		Method: models.MethodPaper, SiteID: o.Agent.SiteID, ClassID: &session.ClassID, SessionID: &session.ID, EnrollmentID: &o.OwnPlace.ID,
		Occurred: session.StartsAt, Corrected: session.StartsAt, KeyedAt: 1782266400000}) // Wednesday, 24 June 2026, 09.00 WIB
	page := o.As(t, models.RoleReviewer).Get("/sessions/" + session.ID.String() + "/people/" + o.OwnPlace.ID.String())
	for _, want := range []string{"Dari lembar tanda tangan, dimasukkan", "24 Juni 2026, 09.00 WIB"} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("the page of the person lacks %q", want)
		}
	}
}
