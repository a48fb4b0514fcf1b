package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

// correctBy posts a correction with a paper.
func (b *browser) correctBy(href, name string, paper []byte) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range map[string]string{"status": "sick", "reason": "surat dokter"} {
		if err := w.WriteField(k, v); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("evidence", name)
	if err == nil {
		_, err = part.Write(paper)
	}
	if err != nil || w.Close() != nil {
		b.t.Fatal(err)
	}
	req := b.request(http.MethodPost, href, &body)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req)
}

func TestACorrectionKeepsThePaperThatItGoesBy(t *testing.T) {
	o := newOffice(t)
	pmo, own := o.as(t, models.RoleAdmin), o.as(t, models.RoleCoordinator)
	session, place := o.sessions[1].ID, o.enrollments[6].ID
	href := "/sessions/" + session.String() + "/people/" + place.String()
	paper := []byte("%PDF-1.7\nsurat sakit")
	for name, bad := range map[string][]byte{"a program that calls itself a picture": []byte("MZ\x90\x00"), "a page": []byte("<html><script>alert(1)</script>"), "too much": append([]byte("%PDF-"), make([]byte, 6<<20)...)} {
		if got := pmo.correctBy(href, "surat.pdf", bad); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	for range 2 { // the same paper again is kept once
		if got := pmo.correctBy(href, "surat.pdf", paper); got.status != http.StatusSeeOther {
			t.Fatalf("%d\n%s", got.status, got.body)
		}
	}
	corrections, err := o.st.Read(t.Context()).CorrectionsOf(session, place)
	if err != nil || len(corrections) < 2 || len(corrections[0].Evidence) != 64 || corrections[0].Evidence != corrections[1].Evidence {
		t.Fatalf("%+v, %v", corrections, err)
	}
	var kept []models.Document
	if err := o.db.Where("entity = 'evidence'").Find(&kept).Error; err != nil || len(kept) != 1 || bytes.Contains(kept[0].Content, []byte("surat sakit")) {
		t.Errorf("%d papers are kept, or it can be read in the database (%v)", len(kept), err)
	}
	link := "/corrections/" + corrections[0].ID.String() + "/evidence"
	got := o.as(t, models.RoleReviewer).get(link)
	if got.status != http.StatusOK || got.body != string(paper) || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the paper: %d %q %q", got.status, got.header.Get("Content-Disposition"), got.body)
	}
	if page := own.get(href + "?lang=en"); strings.Contains(page.body, link) || !strings.Contains(page.body, "Evidence attached") {
		t.Errorf("what a coordinator is shown: %d", page.status)
	}
	if got := own.get(link); got.status != http.StatusForbidden {
		t.Errorf("a coordinator may read a sick note: %d", got.status)
	}
}
