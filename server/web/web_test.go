package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/server/web/webtest"
)

func TestAnotherSitesPageCannotActForAVisitor(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	b := o.As(t, models.RoleAdmin)
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://jahat.example"}} {
		req := b.Request(http.MethodPost, "/logout", nil)
		req.Header.Set(header[0], header[1])
		if got := b.Do(req); got.Status != http.StatusForbidden || !strings.Contains(got.Body, "<h1>") {
			t.Errorf("%v: %d, want a page that says no", header, got.Status)
		}
	}
	if got := b.Get("/account"); got.Status != http.StatusOK {
		t.Errorf("still signed in after the attempts: %d", got.Status)
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	for _, path := range []string{"/login", "/tidak-ada", "/healthz"} {
		got := o.Guest(t).Get(path)
		if !strings.Contains(got.Header.Get("Content-Security-Policy"), "script-src 'self'") || got.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, got.Header)
		}
	}
	if got := o.As(t, models.RoleAdmin).Get("/participants"); got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a page about people may be cached: %q", got.Header.Get("Cache-Control"))
	}
}

// stalled is a line that takes nothing until it is let go.
type stalled struct {
	*httptest.ResponseRecorder
	reached chan<- struct{}
	free    <-chan struct{}
}

func (w stalled) Write(b []byte) (int, error) {
	w.reached <- struct{}{}
	<-w.free
	return len(b), nil
}

func TestPagesOnSlowLinesKeepNoPageWaiting(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	engine, err := o.Pages.Engine()
	if err != nil {
		t.Fatal(err)
	}
	link, pages := o.LinkOf(t, 0), o.Pages.Handler(engine)
	const many = 100 // more than the store lets read at a time
	reached, free := make(chan struct{}, many), make(chan struct{})
	defer close(free)
	for range many {
		go pages.ServeHTTP(stalled{httptest.NewRecorder(), reached, free}, httptest.NewRequestWithContext(t.Context(), http.MethodGet, link, nil))
	}
	patience := time.After(time.Minute)
	for i := range many {
		select {
		case <-reached:
		case <-patience:
			t.Fatalf("%d of %d pages were made while nobody took one", i, many)
		}
	}
}
