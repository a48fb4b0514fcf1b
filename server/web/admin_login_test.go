package web_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestASetUpLinkWorksOnce(t *testing.T) {
	o := newOffice(t)
	token, err := o.acc.First(t.Context())
	if err != nil || token == "" {
		t.Fatalf("first admin: %q, %v", token, err)
	}
	b := o.guest(t)
	if got := b.get("/setup/" + token); got.status != http.StatusOK || !strings.Contains(got.body, `name="email"`) {
		t.Fatalf("the link: %d", got.status)
	}
	refused := b.post("/setup/"+token, "email", "ani@contoh.id", "name", "Ani Wijaya", "password", "pendek")
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, "ani@contoh.id") || !strings.Contains(refused.body, "Ani Wijaya") {
		t.Errorf("a short password: %d, and what was typed must stay", refused.status)
	}
	if strings.Contains(refused.body, "pendek\"") || !strings.Contains(refused.body, `href="#password"`) {
		t.Error("the sentence must lead to the password, which must not be shown")
	}
	done := b.post("/setup/"+token, "email", "ani@contoh.id", "name", "Ani Wijaya", "password", password)
	if page := b.follow(done); page.status != http.StatusOK || !strings.Contains(page.body, "Ani Wijaya") {
		t.Errorf("after set-up: %d", page.status)
	}
	if got := o.guest(t).get("/setup/" + token); got.status != http.StatusNotFound {
		t.Errorf("the link again: %d, want 404", got.status)
	}
	if got := o.guest(t).post("/setup/"+token, "email", "x@contoh.id", "name", "X", "password", password); got.status != http.StatusNotFound {
		t.Errorf("the link used again: %d, want 404", got.status)
	}
}

func TestWrongPasswordsCloseTheDoorWithASentence(t *testing.T) {
	o := newOffice(t)
	o.as(t, models.RoleReviewer)
	b := o.guest(t)
	for range 5 {
		if got := b.post("/login", "email", "pmo_reviewer@contoh.id", "password", "salah"); got.status != http.StatusUnprocessableEntity ||
			!strings.Contains(got.body, "pmo_reviewer@contoh.id") {
			t.Fatalf("a wrong password: %d, and the address must stay", got.status)
		}
	}
	got := b.post("/login", "email", "pmo_reviewer@contoh.id", "password", password)
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Coba lagi dalam") || got.header.Get("Retry-After") == "" {
		t.Errorf("the sixth try: %d", got.status)
	}
}

func TestAGuestComesBackToWhatTheyWanted(t *testing.T) {
	o := newOffice(t)
	o.as(t, models.RoleReviewer)
	b := o.guest(t)
	sent := b.get("/classes?q=barista")
	if want := "/login?next=%2Fclasses%3Fq%3Dbarista"; sent.header.Get("Location") != want {
		t.Fatalf("sent to %q, want %q", sent.header.Get("Location"), want)
	}
	for _, c := range []struct{ name, next, want string }{
		{"a page of ours", "/classes?q=barista", "/classes?q=barista"},
		{"another host", "https://jahat.example/", "/"},
		{"another host without a scheme", "//jahat.example/", "/"},
		{"a backslash that browsers read as a slash", `/\jahat.example`, "/"},
		{"nothing", "", "/"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := o.guest(t).post("/login", "email", "pmo_reviewer@contoh.id", "password", password, "next", c.next)
			if got.header.Get("Location") != c.want {
				t.Errorf("sent to %q, want %q", got.header.Get("Location"), c.want)
			}
		})
	}
}

func TestAnotherSitesPageCannotActForAVisitor(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://jahat.example"}} {
		req := b.request(http.MethodPost, "/logout", nil)
		req.Header.Set(header[0], header[1])
		if got := b.do(req); got.status != http.StatusForbidden || !strings.Contains(got.body, "<h2>") {
			t.Errorf("%v: %d, want a page that says no", header, got.status)
		}
	}
	if got := b.get("/account"); got.status != http.StatusOK {
		t.Errorf("still signed in after the attempts: %d", got.status)
	}
}

func TestAUserIsShutOutAtOnce(t *testing.T) {
	o := newOffice(t)
	admin, reviewer := o.as(t, models.RoleAdmin), o.as(t, models.RoleReviewer)
	users, err := o.st.Read(t.Context()).Users()
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if u.Role == models.RoleReviewer {
			admin.follow(admin.post("/users/"+u.ID.String()+"/active", "active", "0"))
		}
	}
	if got := reviewer.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("a deactivated reviewer's next page: %d, want the way to sign in", got.status)
	}
}

func TestASetUpLinkIsShownOnce(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	refused := b.post("/users", "name", "Rina", "email", "bukan alamat", "role", "pmo_reviewer")
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, "bukan alamat") || !strings.Contains(refused.body, `id="email-problem"`) {
		t.Errorf("a bad address: %d, kept with a sentence at its field", refused.status)
	}
	added := b.post("/users", "name", "Rina", "email", "rina@contoh.id", "role", "coordinator", "provider", o.own.ID.String())
	if page := b.follow(added); !strings.Contains(page.body, o.url+"/setup/") {
		t.Errorf("the link is missing: %d", page.status)
	}
	if page := b.follow(added); strings.Contains(page.body, "/setup/") {
		t.Error("the link is shown a second time")
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	o := newOffice(t)
	for _, path := range []string{"/login", "/tidak-ada", "/healthz"} {
		got := o.guest(t).get(path)
		if !strings.Contains(got.header.Get("Content-Security-Policy"), "script-src 'self'") || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, got.header)
		}
	}
	if got := o.as(t, models.RoleAdmin).get("/participants"); got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a page about people may be cached: %q", got.header.Get("Cache-Control"))
	}
}
