package web

import (
	"buktihadir/site-agent/web/checkin"
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// send posts a form that may bring a picture.
func (s *site) send(t testing.TB, cookie *http.Cookie, path string, fields map[string]string, picture []byte) (int, reply) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if picture != nil {
		part, err := form.CreateFormFile("photo", "photo.jpg")
		if err == nil {
			_, err = part.Write(picture)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "https://192.168.43.10:8443"+path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Accept", "application/json")
	w := s.do(r, cookie)
	var got reply
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%s: %d %q", path, w.Code, w.Body)
	}
	return w.Code, got
}

func TestNotesAndWalkInsStandOnTheSessionsPage(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	id := func(f map[string]string) map[string]string {
		f["id"], f["session"] = uuid.NewString(), s.session.String()
		return f
	}
	jpeg := []byte("\xff\xd8\xff\xe0picture")
	for _, c := range []struct {
		name, path string
		fields     map[string]string
		picture    []byte
		status     int
		word       string
	}{
		{"a note with its evidence", "/api/note", map[string]string{"enrollment": s.people[0].id.String(), "noted": "sick"}, jpeg, 200, "noted"},
		{"a picture that is none", "/api/note", map[string]string{"enrollment": s.people[1].id.String(), "noted": "sick"}, []byte("GIF89a"), 400, "picture"},
		{"a picture that is too large", "/api/note", map[string]string{"enrollment": s.people[1].id.String(), "noted": "sick"},
			append(jpeg, make([]byte, checkin.MaxNote)...), 400, "bad_request"},
		{"nobody's place", "/api/note", map[string]string{"enrollment": "x", "noted": "sick"}, nil, 400, "bad_request"},
		{"words without any", "/api/note", map[string]string{"enrollment": s.people[1].id.String()}, nil, 400, "reason"},
		{"somebody on no list", "/api/walk-in", map[string]string{"name": "Maria <Goreti>", "number": "4821"}, nil, 200, "unlisted"},
		{"a name alone", "/api/walk-in", map[string]string{"name": "Maria"}, nil, 400, "name"},
		{"a direction that is none", "/api/walk-in", map[string]string{"name": "Maria", "number": "1", "direction": "up"}, nil, 400, "bad_request"},
	} {
		code, got := s.send(t, cookie, c.path, id(c.fields), c.picture)
		word := got.Error
		if code == 200 {
			word = got.Verdict
		}
		if code != c.status || word != c.word {
			t.Errorf("%s: %d %q, want %d %q", c.name, code, word, c.status, c.word)
		}
	}
	page := s.do(request(http.MethodGet, "/sessions/"+s.session.String(), ""), cookie).Body.String()
	for _, want := range []string{"Maria &lt;Goreti&gt;", `data-before="2"`, `data-opens="void" data-seq="1" data-name="Dewi Lestari"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the session's page lacks %s", want)
		}
	}
}
