package attendance_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestACorrectionKeepsThePaperThatItGoesBy(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo, own := o.As(t, models.RoleAdmin), o.As(t, models.RoleCoordinator)
	session, place := o.Sessions[1].ID, o.Enrollments[6].ID
	href := "/sessions/" + session.String() + "/people/" + place.String()
	paper := []byte("%PDF-1.7\nsurat sakit")
	for name, bad := range map[string][]byte{"a program that calls itself a picture": []byte("MZ\x90\x00"), "a page": []byte("<html><script>alert(1)</script>"), "too much": append([]byte("%PDF-"), make([]byte, 6<<20)...)} {
		if got := pmo.Upload(href, "evidence", "surat.pdf", bad, "status", "sick", "reason", "surat dokter"); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, got.Status)
		}
	}
	for range 2 { // the same paper again is kept once
		if got := pmo.Upload(href, "evidence", "surat.pdf", paper, "status", "sick", "reason", "surat dokter"); got.Status != http.StatusSeeOther {
			t.Fatalf("%d\n%s", got.Status, got.Body)
		}
	}
	corrections, err := o.Store.Read(t.Context()).CorrectionsOf(session, place)
	if err != nil || len(corrections) < 2 || len(corrections[0].Evidence) != 64 || corrections[0].Evidence != corrections[1].Evidence {
		t.Fatalf("%+v, %v", corrections, err)
	}
	var kept []models.Document
	if err := o.DB.Where("entity = 'evidence'").Find(&kept).Error; err != nil || len(kept) != 1 || bytes.Contains(kept[0].Content, []byte("surat sakit")) {
		t.Errorf("%d papers are kept, or it can be read in the database (%v)", len(kept), err)
	}
	link := "/corrections/" + corrections[0].ID.String() + "/evidence"
	got := o.As(t, models.RoleReviewer).Get(link)
	if got.Status != http.StatusOK || got.Body != string(paper) || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the paper: %d %q %q", got.Status, got.Header.Get("Content-Disposition"), got.Body)
	}
	if page := own.Get(href + "?lang=en"); strings.Contains(page.Body, link) || !strings.Contains(page.Body, "Evidence attached") {
		t.Errorf("what a coordinator is shown: %d", page.Status)
	}
	if got := own.Get(link); got.Status != http.StatusForbidden {
		t.Errorf("a coordinator may read a sick note: %d", got.Status)
	}
}
