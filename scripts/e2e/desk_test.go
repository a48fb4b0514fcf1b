package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// resize gives the page another size, as turning a phone or a smaller one does.
func (p *Page) resize(width, height int64) {
	p.t.Helper()
	p.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetDeviceMetricsOverride,
			emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: true})
		return err
	}))
}

// answers has the agent's next answers to scans be this one.
func (p *Page) answers(outcome string) {
	p.t.Helper()
	Eval[bool](p, `((window.asks ??= window.fetch), (window.fetch = async (path, ...more) =>
		String(path).startsWith("/api/") && path !== "/api/contact" ? Response.json(`+outcome+`) : asks(path, ...more)), true)`)
}

// outcome is an answer about one person, in JavaScript.
func outcome(verdict, tone, more string) string {
	return fmt.Sprintf(`{ verdict: %q, tone: %q, person: { enrollment: "x", name: "Muhammad Siti Rahmawati", number: "PRK-480032", class: "BDG-BARISTA-1" },
		session: { seq: 1, start: 1782176400000, end: 1782190800000, room: "Ruang 2" }, zone: "WIB", occurred_ms: 1782176400000, seq: 3, %s }`, verdict, tone, more)
}

// What shows of the verdict's ways on, in their order, the first with its size.
const waysOn = `[...document.querySelectorAll("#verdict [data-do]")].filter((b) => b.offsetWidth > 0)
	.map((b) => b.dataset.do + (b.classList.contains("button-big") ? "!" : "")).join(" ")`

// What a red screen offers helps, and what helps most comes first and is biggest.
func TestARedScreenOffersWhatHelps(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 2)
	page, _ := patientAt(t, site, dir)
	for _, c := range []struct{ verdict, more, want string }{
		{"revoked", "overridable: true", "byhand! override next"},
		{"expired", "overridable: true", "byhand! override next"},
		{"stale_code", "overridable: true", "byhand! override next"},
		{"static_refused", "overridable: true", "byhand! override next"},
		{"bad_signature", "person: null", "byhand! next"},
		{"too_early", "overridable: true, opens: 1782172800000, closes: 1782180000000", "override! next"},
		{"closed", "overridable: true, opens: 1782172800000, closes: 1782180000000", "override! next"},
		{"other_class", "overridable: true, gates: 'Gerbang Timur'", "override! next"},
		{"no_session", "", "next!"},
		{"other_site", "person: null, session: null", "next!"},
		{"malformed", "person: null, session: null", "next!"},
	} {
		page.answers(outcome(c.verdict, "bad", c.more))
		page.submits("UJI-1")
		page.Wait(`document.querySelector("#verdict[open] .verdict-bad")`)
		if got := Eval[string](page, waysOn); got != c.want {
			t.Errorf("%s offers %q, want %q", c.verdict, got, c.want)
		}
		if label := page.Text("#verdict [data-do=next]"); label != "Tutup" ||
			Eval[bool](page, `[...document.querySelectorAll("#verdict [data-do=next] .icon")].some((i) => i.getBoundingClientRect().width > 0 && i.innerHTML.includes("#check"))`) {
			t.Errorf("%s is left by %q, with a tick or not", c.verdict, label)
		}
		page.Click("#verdict [data-do=next]")
	}
	page.answers(outcome("already_out", "warn", `direction: "out", opens: 1782176430000`))
	page.submits("UJI-1")
	page.WaitText("#verdict[open] .verdict-warn", "Jika masuk lagi, pindai setelah 30 detik")
	page.Click("#verdict [data-do=next]")

	// Staff who found somebody by name are not sent to find them by name.
	page.Open(Eval[string](page, `location.origin + "/search?q=00002"`))
	page.answers(outcome("revoked", "bad", "overridable: true"))
	page.Click(`[data-opens="by-hand"]`)
	page.Click(`#by-hand input[name=reason]`)
	page.Click(`#by-hand .form-actions button`)
	page.Wait(`document.querySelector("#verdict[open] .verdict-bad")`)
	if got := Eval[string](page, waysOn); got != "override! next" {
		t.Errorf("a refusal by hand offers %q", got)
	}
	page.Click("#verdict [data-do=override]")
	page.answers(outcome("accepted_in", "good", `direction: "in"`))
	Eval[bool](page, `((window.sent = []), (window.fetch = ((ask) => (path, init) => (sent.push(init?.body), ask(path, init)))(window.fetch)), true)`)
	page.Type("#override-pin", site.PIN)
	page.Click("#override input[value='Jam sesi berubah']")
	page.Click("#override button")
	page.Wait(`sent.some((body) => String(body).includes('"reason":"Jam sesi berubah"') && body.includes('"supervisor":"'))`)
}

// The scanner fits the smallest phones and the largest text, in every state of it.
func TestTheScannerFitsAnyPhone(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 60)
	page, address := staffAt(t, site, dir)
	holdsCamera(page, "")
	for _, c := range []struct {
		width, height int64
		font, lang    string
	}{{320, 568, "100%", "id"}, {320, 568, "200%", "id"}, {360, 640, "200%", "en"}, {360, 640, "100%", "en"}} {
		page.resize(c.width, c.height)
		page.Open(address + "/?lang=" + c.lang)
		page.Wait(`document.querySelector(".scanner.is-on")`)
		Eval[bool](page, `((document.documentElement.style.fontSize = "`+c.font+`"), true)`)
		fits := func(what string) {
			t.Helper()
			if out := Eval[string](page, `[...document.querySelectorAll("body *")].filter((e) => !e.closest(".visually-hidden, .skip, .menu-panel, svg, template") &&
				(e.getBoundingClientRect().right > innerWidth + 1 || (e.matches(".segments span, .button, dd, .verdict-word, .mode-way") && e.scrollWidth > e.clientWidth + 1)))
				.map((e) => e.tagName + "." + e.className).slice(0, 4).join(" ")`); out != "" || Eval[int64](page, `document.documentElement.scrollWidth`) > c.width {
				t.Errorf("%d px, text at %s, %s: %s: %s is cut off or sticks out", c.width, c.font, c.lang, what, out)
			}
		}
		page.chooses("out")
		fits("the settings and a mode")
		page.chooses("auto")
		Eval[bool](page, `((document.querySelector(".setup").open = false), true)`)
		fits("scanning")
		if c.font == "100%" {
			if bottom := Eval[float64](page, `document.getElementById("scanner").getBoundingClientRect().bottom`); bottom > float64(c.height) {
				t.Errorf("%d px: the camera ends at %g, below the screen", c.width, bottom)
			}
		}
		for _, answer := range []string{
			outcome("accepted_in", "good", `direction: "in"`), outcome("accepted_out", "warn", `direction: "out", unseen: true`),
			outcome("revoked", "bad", `overridable: true`),
		} {
			page.answers(answer)
			page.submits("UJI-1")
			page.Wait(`document.querySelector("#verdict[open] .verdict:not(.verdict-wait)")`)
			fits("a verdict")
			if Eval[bool](page, `document.querySelector("#verdict [data-do=override]").offsetWidth > 0`) {
				page.Click("#verdict [data-do=override]")
				fits("the override")
				page.Click("#verdict [data-do=back]")
			} else {
				Eval[bool](page, `(document.querySelector("#verdict [data-do=next]").click(), true)`)
			}
			page.Wait(`!document.getElementById("verdict").open`)
			fits("the last answer")
		}
	}
}

// The settings are in the way once only, and what a connection last said of itself ends with it.
func TestThePageShowsWhatScanningTakes(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 2)
	page, address := patientAt(t, site, dir)
	shows := func(css string) bool {
		return Eval[bool](page, `[...document.querySelectorAll(`+quote(css)+`)].some((e) => e.checkVisibility())`)
	}
	if !shows("#desk-name") {
		t.Error("a new device isn't asked for its desk")
	}
	page.Type("#desk-name", "Meja 7")
	code, err := site.Token(1)
	if err != nil {
		t.Fatal(err)
	}
	page.submits(code)
	page.WaitText("#verdict[open]", "Masuk tercatat")
	page.Click("#verdict [data-do=next]")
	page.Open(address + "/")
	page.WaitText(".setup summary", "Meja 7 · Semua kelas")
	if shows("#desk-name") || shows(".live-recent") || !shows(".session-count") || !shows(".desk-tabs a[href='/recent']") {
		t.Error("the page shows more than a camera and counts, or less")
	}
	page.Click(".setup summary")
	page.Wait(`document.getElementById("desk-name").checkVisibility()`)

	if !shows(".desk-line") {
		t.Error("the status doesn't say whether it is connected")
	}
	Eval[bool](page, `((document.documentElement.dataset.alone = "alone"), true)`)
	if shows(".desk-line") {
		t.Error("the status speaks of a connection above the banner that says there is none")
	}
}

// A voice says what became of a scan, only where it was switched on.
func TestVerdictsAreSaidAloudWhereStaffSwitchItOn(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 2)
	page, address := patientAt(t, site, dir)
	page.OnEveryPage(`window.said = []; window.files = [];
		AudioBufferSourceNode.prototype.start = ((start) => function (at) { said.push([this.buffer.duration, at - this.context.currentTime]); start.call(this, at); })(AudioBufferSourceNode.prototype.start);
		AudioBufferSourceNode.prototype.stop = ((stop) => function () { said.push("cut"); stop.call(this); })(AudioBufferSourceNode.prototype.stop);
		window.fetch = ((ask) => (path, ...more) => (String(path).includes("/voice/") && files.push(path), ask(path, ...more)))(window.fetch);`)
	page.Open(address + "/")
	scan := func(answer string) {
		t.Helper()
		page.answers(answer)
		page.submits("UJI-1")
		page.Wait(`document.querySelector("#verdict[open] .verdict:not(.verdict-wait)")`)
	}
	leave := func() { Eval[bool](page, `(document.querySelector("#verdict [data-do=next]").click(), true)`) }
	page.Click("[data-sound]")
	page.Click("[data-sound]")
	scan(outcome("accepted_in", "good", `direction: "in"`))
	leave()
	if n := Eval[int](page, `said.length + files.length`); n != 0 {
		t.Error("a voice that nobody switched on is fetched or heard")
	}
	page.Click("[data-voice]")
	page.Open(address + "/")
	page.Click("[data-sound]")
	page.Click("[data-sound]")
	if !Eval[bool](page, `document.querySelector("[data-voice]").getAttribute("aria-pressed") === "true"`) {
		t.Error("the switch is forgotten")
	}
	scan(outcome("closed", "bad", ``))
	page.Wait(`said.length === 1`)
	if got := Eval[[]float64](page, `said[0]`); got[0] < .5 || got[0] > 2 || got[1] < 0 {
		t.Errorf("said %.1f s long, %.1f s from now", got[0], got[1])
	}
	leave()
	scan(outcome("accepted_in", "good", `direction: "in"`))
	page.Wait(`said.length === 3 && said[1] === "cut"`)
	// Each verdict has words.
	silent := Eval[string](page, `(() => { const says = new Set([...document.getElementById("voice").content.children].flatMap((a) => a.dataset.says.split(" ")));
		return [...document.getElementById("texts").content.querySelectorAll("[data-tone]")].map((e) => e.dataset.text.replace("verdict.", "")).filter((v) => !says.has(v)).join() })()`)
	if silent != "" {
		t.Errorf("nothing is said of %s", silent)
	}
}
