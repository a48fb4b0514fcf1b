package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/site-agent/web"
	"buktihadir/site-agent/web/station"
	"buktihadir/templates"
)

// A computer without a site leads every page to its set-up. What a browser asks for beside a
// page isn't a page.
func TestAComputerWithoutASiteAnswersPagesOnly(t *testing.T) {
	t.Parallel()
	set, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	first := web.NewFirst(station.FirstSteps{}, set, slog.New(slog.DiscardHandler), func() models.Millis { return models.MillisOf(time.Now()) })
	for _, c := range []struct {
		path, accept string
		want         int
	}{
		{"/", "*/*", http.StatusSeeOther},
		{"/history", "text/html,application/xhtml+xml,*/*;q=0.8", http.StatusSeeOther},
		{"/manifest.webmanifest", "*/*", http.StatusNotFound},
		{"/favicon.ico", "image/avif,image/webp,*/*;q=0.8", http.StatusNotFound},
		{"/setup", "text/html", http.StatusOK},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.RemoteAddr, r.Host = "127.0.0.1:50000", "localhost:8080"
		r.Header.Set("Accept", c.accept)
		w := httptest.NewRecorder()
		if first.ServeHTTP(w, r); w.Code != c.want {
			t.Errorf("%s for %s: %d, want %d", c.path, c.accept, w.Code, c.want)
		}
	}
}
