package web_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/models/ticket"
	"buktihadir/templates/qr"
)

func TestASheetToBeSignedHasTheClassWithARowEach(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleCoordinator)
	session := o.sessions[1]
	left := o.enrollments[5]
	if err := o.db.Model(&models.Enrollment{}).Where("id = ?", left.ID).Update("status", models.EnrollmentCancelled).Error; err != nil {
		t.Fatal(err)
	}
	page := b.get("/sessions/" + session.ID.String() + "/sheet/print")
	if page.status != http.StatusOK {
		t.Fatalf("%d", page.status)
	}
	for i, e := range o.enrollments {
		if e.ClassID != session.ClassID {
			continue
		}
		code, err := qr.Encode(ticket.Row{Session: session.ID, Enrollment: e.ID}.Text(), qr.Print)
		if err != nil {
			t.Fatal(err)
		}
		_, drawn, _ := strings.Cut(code.SVG(""), `stroke-width`)
		if got := strings.Contains(page.body, drawn); got != (e.ID != left.ID) {
			t.Errorf("place %d of the class has a row: %v", i, got)
		}
	}
	if err := o.db.Model(&models.Session{}).Where("id = ?", session.ID).Update("status", models.SessionCancelled).Error; err != nil {
		t.Fatal(err)
	}
	if page := b.get("/sessions/" + session.ID.String() + "/sheet/print"); page.status != http.StatusNotFound {
		t.Errorf("of a cancelled session: %d", page.status)
	}
}

func TestWhatASheetSaidIsShownWithWhenItWasKeyedIn(t *testing.T) {
	o := newOffice(t)
	session := o.sessions[1]
	o.add(t, &models.ScanEvent{AgentID: o.agent.ID, Epoch: models.Epoch{1}, Seq: 1, Bytes: []byte{1}, Kind: models.EventManual, Verdict: models.VerdictAcceptedIn,
		Method: models.MethodPaper, SiteID: o.agent.SiteID, ClassID: &session.ClassID, SessionID: &session.ID, EnrollmentID: &o.ownPlace.ID,
		Occurred: session.StartsAt, Corrected: session.StartsAt, KeyedAt: 1782266400000}) // Wednesday, 24 June 2026, 09.00 WIB
	page := o.as(t, models.RoleReviewer).get("/sessions/" + session.ID.String() + "/people/" + o.ownPlace.ID.String())
	for _, want := range []string{"Dari lembar tanda tangan, dimasukkan", "24 Juni 2026, 09.00 WIB"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page of the person lacks %q", want)
		}
	}
}
