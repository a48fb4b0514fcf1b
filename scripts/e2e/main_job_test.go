package e2e

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/scripts/e2e/camera"
)

// The main job: a ticket is scanned at a site with no network, and the programme
// office sees it later, at the right local time.
func TestAScanWithNoNetworkIsSeenByTheOfficeLater(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	tickets := w.tickets("KINI")
	siti, agus, dewi := tickets["P-1"], tickets["P-3"], w.tickets("NANTI")["P-4"]
	w.do("ticket", "revoke", "--ticket", agus.Ticket.String(), "--reason", "hilang")
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	w.openDesk()

	phone := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	phone.Open(w.server.URL + w.passPath("P-1"))
	phone.WaitText("h1", "Siti Rahma")
	phone.Wait(`document.querySelector(".pass-qr svg path") !== null`)

	address := strings.TrimPrefix(w.server.URL, "http://")
	w.server.Stop()

	film := filepath.Join(t.TempDir(), "desk.y4m")
	hold := 3 * time.Second
	err := camera.WriteY4M(film, camera.Shot{For: hold}, camera.Shot{Code: "HTTPS://EXAMPLE.ID/PROMO", For: hold}, camera.Shot{For: hold},
		camera.Shot{Code: siti.Token, For: hold}, camera.Shot{For: hold}, camera.Shot{Code: dewi.Token, For: hold}, camera.Shot{For: hold},
		camera.Shot{Code: agus.Token, For: hold})
	if err != nil {
		t.Fatal(err)
	}
	staff := OpenBrowser(t, BrowserOptions{Viewport: Phone(), Camera: film})
	staff.Open(w.agent.URL)
	staff.Wait(`document.querySelector("select#officer") !== null`)
	Eval[bool](staff, `(document.querySelector("select#officer").value = "`+w.officer.String()+`") !== ""`)
	staff.Type("#pin", w.pin)
	staff.Click("form.card button")
	staff.Wait(`document.querySelector(".scanner.is-on") !== null`)
	// The page notes every verdict that it shows, so that the test does not miss a short
	// one.
	Eval[bool](staff, `(() => { window.shown = []; const look = () => { const v = document.querySelector("#verdict[open] .verdict");
		const text = v ? v.className + " | " + v.innerText : ""; if (text && shown.at(-1) !== text) shown.push(text);
		requestAnimationFrame(look); }; look(); return true })()`)
	for _, want := range []struct{ what, tone, text string }{
		{"a poster's code is refused", "verdict-bad", ""},
		{"a valid ticket is green, with the name", "verdict-good", "Siti Rahma"},
		{"too early shows the window", "verdict-bad", "Dewi Lestari"},
		{"a revoked ticket is refused", "verdict-bad", "Agus Salim"},
		{"the same ticket again is amber", "verdict-warn", "Siti Rahma"},
	} {
		t.Log(want.what)
		staff.Wait(`window.shown.some((s) => s.includes("` + want.tone + `") && s.includes("` + want.text + `"))`)
	}
	if errs := staff.ConsoleErrors(); len(errs) > 0 {
		t.Errorf("the scanner's page complains: %q", errs)
	}

	w.openOffice(address)
	eventually(t, "the agent brings its journal by itself", func() bool { return w.mark("KINI", "P-1").Status == models.StatusInside })
	first := w.mark("KINI", "P-1").First
	if first == nil || time.Since(*first) > 5*time.Minute {
		t.Fatalf("first seen at %v", first)
	}
	if m := w.mark("KINI", "P-3"); m.Status == models.StatusInside {
		t.Error("a revoked ticket counts as present")
	}
	seen := map[string]int{}
	for _, e := range Lines[struct {
		Seq   int
		Epoch string
	}](t, w.do("events", "--json")) {
		seen[e.Epoch+string(rune(e.Seq))]++
	}
	for at, n := range seen {
		if n != 1 {
			t.Errorf("event %q stands there %d times", at, n)
		}
	}
	w.officeSees(t, "Siti Rahma", first.In(w.zone.Location()).Format("15.04 ")+string(w.zone))
}

// officeSees signs a new admin in and finds somebody present, at a local time.
func (w *town) officeSees(t *testing.T, name, clock string) {
	t.Helper()
	var link string
	for line := range strings.SplitSeq(w.do("user", "add", "--email", "pmo@contoh.id", "--name", "Ibu PMO", "--role", "pmo_admin", "--json"), "\n") {
		if at := strings.Index(line, `/setup/`); at >= 0 {
			link, _, _ = strings.Cut(line[at:], `"`)
		}
	}
	page := OpenBrowser(t, BrowserOptions{Viewport: Desktop()})
	w.signIn(page, link)
	page.Open(w.server.URL + "/sessions")
	page.Wait(`[...document.querySelectorAll("a[href^='/sessions/']")].some((a) => a.closest("tr, li, section, article")?.innerText.includes("KINI"))`)
	href := Eval[string](page,
		`[...document.querySelectorAll("a[href^='/sessions/']")].find((a) => a.closest("tr, li, section, article")?.innerText.includes("KINI")).getAttribute("href")`)
	page.Open(w.server.URL + href)
	page.Wait(`[...document.querySelectorAll("tr, li")].some((r) => r.innerText.includes("` + name +
		`") && r.innerText.includes("Di dalam") && r.innerText.includes("` + clock + `"))`)
}

// signIn uses a set-up link: it chooses a password, and the page behind the link opens.
func (w *town) signIn(page *Page, link string) {
	page.Open(w.server.URL + link)
	page.Wait(`document.querySelectorAll("input[type=password]").length > 0`)
	Eval[bool](page,
		`(() => { for (const f of document.querySelectorAll("input[type=password]")) f.value = "kopi susu gula aren 88";
			document.querySelector("input[type=password]").form.requestSubmit(); return true })()`)
	page.Wait(`!location.pathname.startsWith("/setup")`)
}
