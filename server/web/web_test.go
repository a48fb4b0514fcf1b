package web_test

import (
	"net/http"
	"strings"
	"testing"

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
		if got := b.Do(req); got.Status != http.StatusForbidden || !strings.Contains(got.Body, "<h2>") {
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
