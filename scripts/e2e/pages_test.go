package e2e

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/store"
)

// Every page, at the width of a cheap phone and of an office laptop, in both
// languages and, on the phone, in dark colours too: nothing sticks out, nothing is
// untranslated, nothing complains, and a screen reader finds its way. SCREENSHOTS names
// a folder for pictures, of which there are more then: each page in dark at both widths.
func TestEveryPageFitsSpeaksAndIsAccessible(t *testing.T) {
	t.Parallel()
	for _, screen := range []struct {
		width string
		view  Viewport
	}{{"360", Phone()}, {"1280", Desktop()}} {
		t.Run(screen.width, func(t *testing.T) {
			t.Parallel()
			w, siti := pagesTown(t)
			look := looker{t: t, page: OpenBrowser(t, BrowserOptions{Viewport: screen.view}), width: screen.width}
			look.atTicket(w, siti)
			look.atOffice(w)
			look.atDesk(w)
			if complaints := look.page.ConsoleErrors(); len(complaints) > 0 {
				t.Errorf("pages complain at %s px: %q", screen.width, complaints)
			}
		})
	}
}

// pagesTown is a town whose pages have something to show.
func pagesTown(t *testing.T) (*town, townTicket) {
	t.Helper()
	w := newTown(t)
	siti := w.tickets("KINI")["P-1"]
	w.programs.Agent.Run(t, siti.Token+"\n", "--data", w.desk, "scan")
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	w.programs.Agent.Must(t, "--data", w.desk, "salvage") // the office has a case to look at
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	w.misses(models.MillisOf(time.Now().Add(-40 * time.Minute)))
	w.openDesk()
	w.do("pilot", "budget", "--code", "UJI", "--set", "total=8000000", "--set", "onsite_fee=1500000", "--set", "onsite_class=500000", "--set", "incentive=600000",
		"--reason", "uji")
	return w, siti
}

// atTicket looks at what everybody may see.
func (l looker) atTicket(w *town, siti townTicket) {
	l.t.Helper()
	ticket := siti.Link[strings.Index(siti.Link, "/t/"):]
	l.at(w.server.URL, "login", "/login")
	l.at(w.server.URL, "ticket", ticket)
	l.at(w.server.URL, "ticket-print", ticket+"/print")
	l.at(w.server.URL, "ticket-data", ticket+"/data")
	l.at(w.server.URL, "ticket-find", "/t/find")
}

// atOffice signs in and looks at the office's pages.
func (l looker) atOffice(w *town) {
	l.t.Helper()
	page := l.page
	w.signIn(OpenBrowser(l.t, BrowserOptions{}), setupLink(w)) // chooses the password
	w.logIn(page)
	for _, p := range []string{"/", "/pilots", "/classes", "/sessions", "/calendar", "/calendar?span=month", "/calendar/feeds", "/holidays", "/participants",
		"/sites", "/agents", "/cases", "/requests", "/bundles", "/imports", "/imports/new", "/users", "/users/new", "/subscriptions",
		"/subscriptions/new?list=%2Fattendance", "/tokens", "/tokens/new", "/webhooks", "/webhooks/new", "/api/v1/docs", "/history", "/figures", "/attendance",
		"/progress", "/log", "/account", "/pilots/new", "/plan", "/plan/new", "/enrollments", "/bulk"} {
		l.at(w.server.URL, "office"+strings.NewReplacer("/", "-", "?", "-", "%2F", "-").Replace(p), p)
	}
	l.at(w.server.URL, "office-plan-one", w.proposes(page))
	l.at(w.server.URL, "office-plan-list", "/plan")
	page.Open(w.server.URL + "/enrollments")
	page.Click(`main input[name="chosen"]`)
	page.Type("#reason", "mengundurkan diri")
	page.Click(`main button[value="cancel"]`)
	page.Wait(`location.pathname.startsWith("/bulk/")`)
	l.at(w.server.URL, "office-bulk-one", Eval[string](page, "location.pathname"))
	l.at(w.server.URL, "office-bulk-list", "/bulk")
	l.atEach(w)
	l.at(w.server.URL, "office-case", l.linked(w.server.URL+"/cases", "^/cases/[0-9a-f-]{36}$"))
	session := l.linked(w.server.URL+"/sessions", "^/sessions/[0-9a-f-]{36}$")
	l.at(w.server.URL, "office-session-edit", session+"/edit")
	l.at(w.server.URL, "office-session-sheet", session+"/sheet/print")
	l.at(w.server.URL, "office-session-correct", session+"?correct=1")
	page.Click(`main input[name="chosen"]`)
	page.Click(`main input[name="status"][value="excused"]`)
	page.Type("#reason", "surat izin")
	page.Click("#correct button")
	page.Wait(`location.pathname.startsWith("/bulk/")`)
	l.at(w.server.URL, "office-bulk-correct", Eval[string](page, "location.pathname"))
	l.at(w.server.URL, "office-person", l.linked(w.server.URL+session, "^/sessions/.*/people/"))
}

// atEach looks at the first thing of each list.
func (l looker) atEach(w *town) {
	l.t.Helper()
	for _, p := range []string{"/pilots", "/classes", "/sessions", "/participants", "/sites"} {
		href := l.linked(w.server.URL+p, "^"+p+"/[0-9a-f-]{36}$")
		l.at(w.server.URL, "office"+strings.ReplaceAll(p, "/", "-")+"-one", href)
		if p == "/pilots" {
			l.at(w.server.URL, "office-pilot-budget", href+"/budget")
			l.at(w.server.URL, "office-pilot-tickets", href+"/tickets")
			l.at(w.server.URL, "office-pilot-budget-classes", href+"/budget/classes?by=mode&key=onsite&what=used")
			l.at(w.server.URL, "office-pilot-what-if", href+"/what-if")
		}
		if p == "/classes" {
			l.at(w.server.URL, "office-class-sessions-new", href+"/sessions/new")
			l.at(w.server.URL, "office-class-move", href+"/move")
			l.at(w.server.URL, "office-class-people", href+"/people")
			l.at(w.server.URL, "office-enrollment", l.linked(w.server.URL+href+"/people", "^/enrollments/"))
			l.at(w.server.URL, "office-class-attendance", href+"/attendance")
			l.at(w.server.URL, "office-class-documents", href+"/documents")
			l.at(w.server.URL, "office-class-policy", href+"/policy")
			l.at(w.server.URL, "office-class-badges", href+"/badges")
			l.at(w.server.URL, "office-class-badges-chosen", href+"/badges?layout=a4_8")
			l.at(w.server.URL, "office-class-print", href+"/tickets/print")
		}
	}
}

// atDesk looks at the desk's pages.
func (l looker) atDesk(w *town) {
	l.t.Helper()
	page := l.page
	l.at(w.agent.URL, "desk-sign-in", "/sign-in")
	Eval[bool](page, `(document.querySelector("select#officer").value = "`+w.officer.String()+`") !== ""`)
	page.Type("#pin", w.pin)
	page.Click("form.card button")
	page.Wait(`document.querySelector("#typed, .scanner") !== null`)
	for _, p := range []string{"/", "/alone", "/search?q=siti", "/sessions", "/sessions/days", "/recent", "/station", "/others", "/clock", "/bundle", "/connect",
		"/setup", "/try"} {
		l.at(w.agent.URL, "desk"+strings.ReplaceAll(strings.Split(p, "?")[0], "/", "-"), p)
	}
	session := l.linked(w.agent.URL+"/sessions", "^/sessions/[0-9a-f-]{36}$")
	for _, p := range []string{"", "/paper", "/sheet", "/roll-call"} {
		l.at(w.agent.URL, "desk-session"+strings.ReplaceAll(p, "/", "-"), session+p)
	}
}

// misses makes a phone of the desk silent since then.
func (w *town) misses(since models.Millis) {
	w.t.Helper()
	st, err := store.Open(w.t.Context(), w.desk)
	if err == nil {
		err = st.KeepPhones(w.t.Context(), []store.Phone{{ID: uuid.New(), Officer: w.officer, Clear: since, Waiting: 3}})
	}
	if err := errors.Join(err, st.Close()); err != nil {
		w.t.Fatal(err)
	}
}

// setupLink is the way in of a new admin.
func setupLink(w *town) string {
	return regexp.MustCompile(`/setup/[^"\s]+`).FindString(w.do("user", "add", "--email", "pmo@contoh.id", "--name", "Ibu PMO", "--role", "pmo_admin", "--json"))
}

type looker struct {
	t     *testing.T
	page  *Page
	width string
}

// linked opens a page and gives the first of its links that match.
func (l looker) linked(address, pattern string) string {
	l.t.Helper()
	l.page.Open(address)
	href := Eval[string](l.page, `[...document.querySelectorAll("main a")].map((a) => a.getAttribute("href")).find((h) => new RegExp(`+quote(pattern)+
		`).test(h)) ?? ""`)
	if href == "" {
		l.t.Fatalf("%s has no link like %s", address, pattern)
	}
	return href
}

// at opens a page in both languages and looks at it.
func (l looker) at(base, name, path string) {
	l.t.Helper()
	for _, lang := range []string{"en", "id"} {
		join := "?"
		if strings.Contains(path, "?") {
			join = "&"
		}
		l.page.Open(base + path + join + "lang=" + lang)
		what := name + " " + l.width + " " + lang
		if wide := Eval[float64](l.page, `document.documentElement.scrollWidth - `+l.width); wide > 0 {
			l.t.Errorf("%s is %v px too wide", what, wide)
		}
		if l.width == "360" {
			if out := Eval[string](l.page, largeLetters); out != "" {
				l.t.Errorf("%s with large letters: %s", what, out)
			}
		}
		if text := Eval[string](l.page, `document.documentElement.innerText`); strings.Contains(text, "⟦") || len(strings.TrimSpace(text)) < 20 {
			l.t.Errorf("%s: an untranslated or empty page: %q", what, text)
		}
		for _, v := range l.page.Axe() {
			if v.Impact == "serious" || v.Impact == "critical" {
				l.t.Errorf("%s: %s: %+v", what, v.Impact, v)
			}
		}
		l.keep(what)
	}
	if l.width == "360" || os.Getenv("SCREENSHOTS") != "" {
		l.page.Dark(func() { l.inDark(name + " " + l.width + " dark") })
	}
}

// largeLetters names what has no room once letters are as large and as wide as the fonts and
// the settings of other devices make them.
const largeLetters = `(() => {
	const root = document.documentElement, out = [];
	Object.assign(root.style, { fontSize: "125%", letterSpacing: ".02em" });
	if (root.scrollWidth > innerWidth) {
		const sticks = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 &&
			!e.closest(".table-wrap:not(:has(.table-cards)), .tabs"));
		out.push("the page is " + (root.scrollWidth - innerWidth) + " px too wide: " + sticks.slice(-1).map((e) => e.outerHTML.slice(0, 120)));
	}
	for (const e of document.querySelectorAll(".segments, .button, .badge, .figure dd")) {
		if (e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline") out.push("cut off: " + e.outerHTML.slice(0, 120));
	}
	Object.assign(root.style, { fontSize: "", letterSpacing: "" });
	return out.join("; ");
})()`

// inDark checks the page in dark colours, for people who prefer them.
func (l looker) inDark(what string) {
	l.t.Helper()
	for _, v := range l.page.Contrast() {
		l.t.Errorf("%s: %s: %+v", what, v.Impact, v)
	}
	l.keep(what)
}

// keep leaves a picture where somebody wants one.
func (l looker) keep(what string) {
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		l.page.Screenshot(filepath.Join(dir, strings.ReplaceAll(what, " ", "_")+".png"))
	}
}

// logIn signs the admin in whom signIn has set up.
func (w *town) logIn(page *Page) {
	page.Open(w.server.URL + "/login")
	Eval[bool](page, `(() => { const form = document.querySelector("input[type=password]").form;
		form.elements.email.value = "pmo@contoh.id"; form.elements.password.value = "kopi susu gula aren 88"; form.requestSubmit(); return true })()`)
	page.Wait(`!location.pathname.startsWith("/login")`)
}
