package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/web/webtest"
)

func TestASetUpLinkWorksOnce(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	token, err := o.Accounts.First(t.Context())
	if err != nil || token == "" {
		t.Fatalf("first admin: %q, %v", token, err)
	}
	b := o.Guest(t)
	if got := b.Get("/setup/" + token); got.Status != http.StatusOK || !strings.Contains(got.Body, `name="email"`) {
		t.Fatalf("the link: %d", got.Status)
	}
	refused := b.Post("/setup/"+token, "email", "ani@contoh.id", "name", "Ani Wijaya", "password", "pendek")
	if refused.Status != http.StatusUnprocessableEntity || !strings.Contains(refused.Body, "ani@contoh.id") || !strings.Contains(refused.Body, "Ani Wijaya") {
		t.Errorf("a short password: %d, and what was typed must stay", refused.Status)
	}
	if strings.Contains(refused.Body, "pendek\"") || !strings.Contains(refused.Body, `href="#password"`) {
		t.Error("the sentence must lead to the password, which must not be shown")
	}
	done := b.Post("/setup/"+token, "email", "ani@contoh.id", "name", "Ani Wijaya", "password", webtest.Password)
	if page := b.Follow(done); page.Status != http.StatusOK || !strings.Contains(page.Body, "Ani Wijaya") {
		t.Errorf("after set-up: %d", page.Status)
	}
	if got := o.Guest(t).Get("/setup/" + token); got.Status != http.StatusNotFound {
		t.Errorf("the link again: %d, want 404", got.Status)
	}
	if got := o.Guest(t).Post("/setup/"+token, "email", "x@contoh.id", "name", "X", "password", webtest.Password); got.Status != http.StatusNotFound {
		t.Errorf("the link used again: %d, want 404", got.Status)
	}
}

func TestWrongPasswordsCloseTheDoorWithASentence(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	o.As(t, models.RoleReviewer)
	b := o.Guest(t)
	for range 5 {
		if got := b.Post("/login", "email", "pmo_reviewer@contoh.id", "password", "salah"); got.Status != http.StatusUnprocessableEntity ||
			!strings.Contains(got.Body, "pmo_reviewer@contoh.id") {
			t.Fatalf("a wrong password: %d, and the address must stay", got.Status)
		}
	}
	got := b.Post("/login", "email", "pmo_reviewer@contoh.id", "password", webtest.Password)
	if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Coba lagi dalam") || got.Header.Get("Retry-After") == "" {
		t.Errorf("the sixth try: %d", got.Status)
	}
}

func TestAGuestComesBackToWhatTheyWanted(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	o.As(t, models.RoleReviewer)
	b := o.Guest(t)
	sent := b.Get("/classes?q=barista")
	if want := "/login?next=%2Fclasses%3Fq%3Dbarista"; sent.Header.Get("Location") != want {
		t.Fatalf("sent to %q, want %q", sent.Header.Get("Location"), want)
	}
	for _, c := range []struct{ name, next, want string }{
		{"a page of ours", "/classes?q=barista", "/classes?q=barista"},
		{"another host", "https://jahat.example/", "/"},
		{"another host without a scheme", "//jahat.example/", "/"},
		{"a backslash that browsers read as a slash", `/\jahat.example`, "/"},
		{"nothing", "", "/"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := o.Guest(t).Post("/login", "email", "pmo_reviewer@contoh.id", "password", webtest.Password, "next", c.next)
			if got.Header.Get("Location") != c.want {
				t.Errorf("sent to %q, want %q", got.Header.Get("Location"), c.want)
			}
		})
	}
}

func TestAUserIsShutOutAtOnce(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	admin, reviewer := o.As(t, models.RoleAdmin), o.As(t, models.RoleReviewer)
	users, err := o.Store.Read(t.Context()).Users()
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if u.Role == models.RoleReviewer {
			admin.Follow(admin.Post("/users/"+u.ID.String()+"/active", "active", "0"))
		}
	}
	if got := reviewer.Get("/"); got.Status != http.StatusSeeOther {
		t.Errorf("a deactivated reviewer's next page: %d, want the way to sign in", got.Status)
	}
}

func TestASetUpLinkIsShownOnce(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	b := o.As(t, models.RoleAdmin)
	refused := b.Post("/users", "name", "Rina", "email", "bukan alamat", "role", "pmo_reviewer")
	if refused.Status != http.StatusUnprocessableEntity || !strings.Contains(refused.Body, "bukan alamat") || !strings.Contains(refused.Body, `id="email-problem"`) {
		t.Errorf("a bad address: %d, kept with a sentence at its field", refused.Status)
	}
	added := b.Post("/users", "name", "Rina", "email", "rina@contoh.id", "role", "coordinator", "provider", o.Own.ID.String())
	if page := b.Follow(added); !strings.Contains(page.Body, o.URL+"/setup/") {
		t.Errorf("the link is missing: %d", page.Status)
	}
	if page := b.Follow(added); strings.Contains(page.Body, "/setup/") {
		t.Error("the link is shown a second time")
	}
}
