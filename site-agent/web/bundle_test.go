package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func (s *site) upload(t *testing.T, content string, by *http.Cookie) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "balasan.age")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := request(http.MethodPost, "/bundle", body.String())
	r.Header.Set("Content-Type", w.FormDataContentType())
	return s.do(r, by)
}

func TestASupervisorCarriesTheJournalOutAndTheReplyIn(t *testing.T) {
	s := newSite(t, nil)
	by := s.signedIn(t, s.supervisor, supervisorPIN)
	out := s.do(request(http.MethodGet, "/bundle/export", ""), by)
	if out.Body.String() != "bundle" || !regexp.MustCompile(`filename=presensi-[^;]+\.age$`).MatchString(out.Header().Get("Content-Disposition")) {
		t.Errorf("the download: %d %q %v", out.Code, out.Body, out.Header())
	}
	for _, c := range []struct {
		name, content, words string
		code                 int
	}{
		{"a reply", "reply", "Kantor program menerima 3 pindaian", http.StatusOK},
		{"something else", "picture", "bukan berkas balasan", http.StatusUnprocessableEntity},
		{"a large reply", "reply" + strings.Repeat("x", 1<<20), "bukan berkas balasan", http.StatusUnprocessableEntity},
	} {
		if got := s.upload(t, c.content, by); got.Code != c.code || !strings.Contains(got.Body.String(), c.words) {
			t.Errorf("%s: %d without %q\n%s", c.name, got.Code, c.words, got.Body)
		}
	}
	if page := s.do(request(http.MethodGet, "/station", ""), by); !strings.Contains(page.Body.String(), `href="/bundle"`) {
		t.Error("the station's page doesn't lead there")
	}
	officer := s.signedIn(t, s.officer, officerPIN)
	if page := s.do(request(http.MethodGet, "/station", ""), officer); strings.Contains(page.Body.String(), `href="/bundle"`) {
		t.Error("an officer is led to what only supervisors may do")
	}
}
