package e2e

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// hand is whoever presses the keys of a page, at moments that are its own.
type hand struct {
	page *Page
	at   time.Time
}

// presses presses real keys, so many ms apart; "\r" is Enter.
func (h *hand) presses(text string, gap time.Duration, stalls ...int) {
	h.page.t.Helper()
	h.page.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for i, char := range text {
			h.at = h.at.Add(gap)
			for _, stalled := range stalls {
				if stalled == i {
					h.at = h.at.Add(900*time.Millisecond - gap)
				}
			}
			key := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: string(char), Text: string(char), Code: "Key" + strings.ToUpper(string(char)),
				WindowsVirtualKeyCode: int64(char), Timestamp: input.TimeSinceEpoch(float64(h.at.UnixMilli()) / 1000)}
			switch {
			case char == '\r':
				key.Key, key.Code = "Enter", "Enter"
			case '0' <= char && char <= '9':
				key.Code = "Digit" + string(char)
			}
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key); err != nil {
				return err
			}
			key.Type, key.Text = input.DispatchKeyEventTypeKeyUp, ""
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key); err != nil {
				return err
			}
		}
		return nil
	}))
	h.at = h.at.Add(5 * time.Second)
}

func (p *Page) inserts(text string) {
	p.t.Helper()
	p.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// rests waits until a page has given up on what was typed.
func (p *Page) rests() {
	p.t.Helper()
	Eval[bool](p, `new Promise((done) => setTimeout(done, 1300, true))`)
}

const (
	fieldsNow = `scanner.state()`
	askedNow  = `scanner.asked.length`
	isShown   = `document.getElementById("verdict")?.open`
	isCut     = isShown + ` && document.getElementById("verdict").innerText.includes("tidak terbaca utuh")`
	goesOn    = `(document.querySelector("#verdict [data-do=next]").click(), true)`
)

// focus puts the focus on an element and the text into it.
func (p *Page) focus(css, text string) {
	p.t.Helper()
	p.Wait(`document.querySelector(` + quote(css) + `) !== null`)
	Eval[bool](p, `(() => { for (const more of document.querySelectorAll("details")) more.open = true; const e = document.querySelector(`+quote(css)+`);
		e.focus(); if (`+quote(text)+`) e.value = `+quote(text)+`; if (e.selectionStart != null) e.setSelectionRange(1, 2); return true })()`)
}

// What the browser itself does with keys: letters in fields, the type-ahead of a list.
func TestRealKeysOfAScannerLeaveFieldsAsTheyWere(t *testing.T) {
	t.Parallel()
	site, dir := aClass(t)
	page, address := staffWith(t, site, dir, BrowserOptions{})
	page.OnEveryPage(scannerScript)
	code := token(t, site, 2)
	scanner := hand{page, time.Now().Add(time.Minute)}
	for _, place := range []struct{ path, field, text string }{
		{"/", "#desk-name", "Meja 1"}, {"/", "#desk-class", ""}, {"/", "[name=direction]", ""}, {"/", "#code", "BH"}, {"/search", "#q", "dewi sa"},
		{"/station", "main a", ""},
	} {
		page.Open(address + place.path)
		page.Wait(`window.scanner && document.readyState === "complete"`)
		for i, gap := range []time.Duration{5, 20, 60, 110, 200, 400} {
			if place.path == "/" && i%2 == 1 && place.field != "#desk-class" {
				continue // real keys take their time
			}
			page.focus(place.field, place.text)
			before, asked := Eval[string](page, fieldsNow), Eval[int](page, askedNow)
			scanner.presses(code+"\r", gap*time.Millisecond, 1, 50)
			page.Wait(askedNow + ` > ` + strconv.Itoa(asked) + ` && ` + isShown)
			Eval[bool](page, goesOn)
			page.Wait(`!(` + isShown + `)`)
			after, more := Eval[string](page, fieldsNow), Eval[int](page, askedNow)-asked
			if after != before || more != 1 {
				t.Errorf("%s %s at %d ms: asked %d times; fields were\n%s, are\n%s", place.path, place.field, gap, more, before, after)
			}
		}
	}
}

func TestWhatAPersonTypesIsNeverTakenForAScanners(t *testing.T) {
	t.Parallel()
	site, dir := aClass(t)
	page, _ := staffWith(t, site, dir, BrowserOptions{})
	page.OnEveryPage(scannerScript)
	page.Open(Eval[string](page, `location.origin + "/"`))
	page.Wait(`window.scanner && document.readyState === "complete"`)
	person := hand{page, time.Now().Add(time.Minute)}
	for _, typed := range []string{"BH", "BH1", "bh1 baru", "Bu Hana", "Q1"} {
		page.focus("#desk-name", " ")
		Eval[bool](page, `(document.getElementById("desk-name").value = "", true)`)
		person.presses(typed, 180*time.Millisecond)
		page.rests()
		if got := Eval[string](page, `document.getElementById("desk-name").value`); got != typed || Eval[bool](page, `Boolean(`+isShown+`)`) {
			t.Errorf("%q became %q", typed, got)
		}
	}
	part := token(t, site, 3)[:40]
	page.focus("#code", " ")
	Eval[bool](page, `(document.getElementById("code").value = "", true)`)
	person.presses(part, 300*time.Millisecond)
	page.rests()
	if got := Eval[string](page, `document.getElementById("code").value`); got != part {
		t.Errorf("half a code, typed by hand, became %q", got)
	}
	page.Click("#typed button")
	page.Wait(isCut)
	if n := Eval[int](page, askedNow); n != 0 {
		t.Errorf("%d requests for what a person typed", n)
	}
}

// A code that stops in its middle was not read whole: that is said, and never written down as
// something else than a ticket.
func TestHalfACodeIsSaidAndNotRecorded(t *testing.T) {
	t.Parallel()
	site, dir := aClass(t)
	page, address := staffWith(t, site, dir, BrowserOptions{})
	page.OnEveryPage(scannerScript)
	code := token(t, site, 4)
	for _, path := range []string{"/", "/search", "/station", "/sessions/" + site.Classes[0].Session.String() + "/paper"} {
		for _, end := range []string{"Enter", ""} {
			for _, gap := range []string{"5", "200"} {
				page.Open(address + path)
				page.Wait(`window.scanner && document.readyState === "complete"`)
				page.focus("#desk-name, #q, #paper-filter, main a", "")
				before := Eval[string](page, fieldsNow)
				Eval[bool](page, `(scanner.burst(`+quote(code[:60])+`, `+gap+`, [], `+quote(end)+`), true)`)
				said := isCut
				if strings.HasSuffix(path, "/paper") {
					said = `document.getElementById("paper-last").innerText.includes("tidak terbaca utuh")`
				}
				page.Wait(said)
				Eval[bool](page, `(document.querySelector("#verdict [data-do=next]")?.click(), true)`)
				if after := Eval[string](page, fieldsNow); after != before {
					t.Errorf("%s at %s ms: fields were\n%s, are\n%s", path, gap, before, after)
				}
				// The next whole one counts.
				Eval[bool](page, `(scanner.burst(`+quote(code)+`, 20), true)`)
				page.Wait(askedNow + ` > 0`)
				if n := Eval[int](page, askedNow); n != 1 {
					t.Errorf("%s at %s ms: %d requests, want one of the whole code", path, gap, n)
				}
			}
		}
	}
}

// Android's input methods tell fields what a scanner reads, and of no key.
func TestAnInputMethodsTextIsAScan(t *testing.T) {
	t.Parallel()
	site, dir := aClass(t)
	page, address := staffWith(t, site, dir, BrowserOptions{Viewport: Phone()})
	page.OnEveryPage(scannerScript)
	page.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
			UserAgent: "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/92.0.0.0 Mobile Safari/537.36"})
		return err
	}))
	code := token(t, site, 5)
	for path, field := range map[string]string{"/": "", "/search": "#q", "/sessions": ""} {
		page.Open(address + path)
		page.Wait(`window.scanner && document.readyState === "complete"`)
		if field != "" {
			page.focus(field, "siti")
		}
		page.Wait(`document.activeElement !== document.body`)
		before := Eval[string](page, fieldsNow)
		page.inserts(code)
		page.Wait(askedNow + ` > 0 || ` + isCut)
		page.rests()
		Eval[bool](page, `(document.querySelector("#verdict[open] [data-do=next]")?.click(), true)`) // green leaves by itself
		page.Wait(`!(` + isShown + `)`)
		if after := Eval[string](page, fieldsNow); after != before {
			t.Errorf("%s: fields were\n%s, are\n%s", path, before, after)
		}
	}
}

func TestAScanWhereNobodyIsSignedInIsRefusedAloudAndSpoilsNoPIN(t *testing.T) {
	t.Parallel()
	site, dir := aClass(t)
	page, address := staffWith(t, site, dir, BrowserOptions{})
	page.OnEveryPage(scannerScript)
	page.Open(address + "/screen")
	page.Wait(`window.scanner && document.readyState === "complete"`)
	Eval[bool](page, `(scanner.burst(`+quote(token(t, site, 6))+`, 60), true)`)
	page.WaitText("#scan-note", "Belum tercatat")
	page.Open(address + "/station")
	Eval[bool](page, `(document.querySelector('form[action="/logout"]').submit(), true)`)
	page.Wait(`location.pathname === "/sign-in"`)
	page.Open(address + "/sign-in")
	page.focus("#pin", "2468")
	before := Eval[string](page, fieldsNow)
	scanner := hand{page, time.Now().Add(time.Minute)}
	for _, gap := range []time.Duration{5, 110} {
		Eval[bool](page, `(document.getElementById("scan-note").hidden = true)`)
		scanner.presses(token(t, site, 6)+"\r", gap*time.Millisecond)
		page.WaitText("#scan-note", "Belum tercatat")
		if after := Eval[string](page, fieldsNow); after != before {
			t.Errorf("at %d ms: fields were\n%s, are\n%s", gap, before, after)
		}
	}
}

// A page that is left while a scan has no answer yet hands it to the next page.
func TestAScanOutlivesThePageThatTookIt(t *testing.T) {
	t.Parallel()
	site, dir := aClass(t)
	page, address := staffWith(t, site, dir, BrowserOptions{})
	code := token(t, site, 7)
	Eval[bool](page, `(window.fetch = () => new Promise(() => {}), true)`) // no answer
	usb(page, code)
	page.Wait(`sessionStorage.getItem("bukti-hadir.scans") !== null`)
	page.Open(address + "/station")
	page.WaitText("#verdict[open] .verdict-name", site.People[7].Body.Name)
	page.Wait(`sessionStorage.getItem("bukti-hadir.scans") === "[]"`)
}

// While a supervisor types their PIN the next ticket waits: it spoils nothing, and has its turn.
func TestAScanWaitsWhileSomebodyDecides(t *testing.T) {
	t.Parallel()
	site, dir := aClass(t)
	page, _ := staffWith(t, site, dir, BrowserOptions{})
	page.OnEveryPage(scannerScript)
	page.Open(Eval[string](page, `location.origin + "/"`))
	page.Wait(`window.scanner && document.readyState === "complete"`)
	Eval[bool](page, `(() => { const scans = window.fetch; let first = true;
		window.fetch = async (path, init) => { const answer = await scans(path, init); if (path !== "/api/scan" || !first) return answer; first = false;
			return Response.json({ verdict: "expired", tone: "bad", person: null, session: null, zone: "WIB", overridable: true }) };
		scanner.burst(`+quote(token(t, site, 10))+`, 20); return true })()`)
	page.Click("#verdict [data-do=override]")
	page.focus("#override-pin", "246")
	scanner := hand{page, time.Now().Add(time.Minute)}
	for _, gap := range []time.Duration{5, 110} {
		scanner.presses(token(t, site, 11)+"\r", gap*time.Millisecond)
	}
	scanner.presses(token(t, site, 11)[:50]+"\r", 5*time.Millisecond)
	if got := Eval[string](page, `document.getElementById("override-pin").value + " " + scanner.asked.length`); got != "246 1" {
		t.Errorf("the PIN and how many were asked for: %s, want 246 1", got)
	}
	page.Click("#verdict [data-do=back]")
	page.WaitText("#verdict[open] .verdict-title", "Masuk tercatat")
	if n := Eval[int](page, askedNow); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

// At a kiosk a ticket that is shown while another's answer stands has its turn too.
func TestAKioskAnswersTicketsInTurn(t *testing.T) {
	t.Parallel()
	site, dir := aClass(t)
	page, address := staffWith(t, site, dir, BrowserOptions{})
	page.OnEveryPage(scannerScript)
	page.Open(address + "/station")
	page.Click(`form[action="/kiosk/enter"] button`)
	page.Wait(`window.scanner && document.getElementById("kiosk") && document.readyState === "complete"`)
	page.focus("#pin", "24")
	before := Eval[string](page, fieldsNow)
	Eval[bool](page, `(scanner.burst(`+quote(token(t, site, 8))+`, 20), scanner.burst(`+quote(token(t, site, 9))+`, 60), true)`)
	page.Wait(askedNow + ` === 2`)
	Eval[bool](page, `(scanner.burst(`+quote(token(t, site, 9)[:70])+`, 60), true)`)
	page.Wait(`!` + isShown)
	Eval[bool](page, `(scanner.burst(`+quote(token(t, site, 9)[:70])+`, 60), true)`)
	page.Wait(isCut)
	if after := Eval[string](page, `(document.getElementById("verdict").close(), scanner.state())`); after != before {
		t.Errorf("fields were\n%s, are\n%s", before, after)
	}
}
