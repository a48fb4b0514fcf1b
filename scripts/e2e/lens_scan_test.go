package e2e

import (
	"fmt"
	"testing"

	"buktihadir/scripts/sample"
)

// heldPhone is a phone at a desk whose camera, buzzer and loudspeaker the test holds.
type heldPhone struct {
	*Page
	t    *testing.T
	site *sample.Site
	home string
}

// heldSetup gives the phone two cameras, of which one has a light and comes nearer, and
// notes what it does. The camera is allowed only once the test says so.
const heldSetup = `
	Object.assign(lens, {
		cameras: [
			{ deviceId: "back", facingMode: "environment", abilities: { torch: true, zoom: { min: 100, max: 800, step: 10 } } },
			{ deviceId: "side", facingMode: "user" },
		],
		fails: sessionStorage.allowed ? "" : "NotAllowedError",
	});
	const did = { buzz: [], tones: 0, awake: 0, sent: 0 };
	navigator.vibrate = (pattern) => did.buzz.push(pattern.join());
	const play = OscillatorNode.prototype.start;
	OscillatorNode.prototype.start = function (at) { did.tones++; play.call(this, at); };
	navigator.wakeLock.request = async () => { did.awake++; };
	const ask = window.fetch;
	window.fetch = (...request) => { did.sent += request[0] === "/api/scan"; return ask(...request); };
`

// This is what staff do with a phone's camera, on one phone in one session: each part
// begins in the state that the one before left.
func TestAPhonesCamera(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 10)
	page, address := staffAt(t, site, dir)
	holdsCamera(page, heldSetup)
	page.Open(address + "/")
	p := &heldPhone{page, t, site, address}
	for _, part := range []struct {
		name string
		run  func(*heldPhone)
	}{
		{"one that is not allowed says what to do, and starts once it is", (*heldPhone).isAllowed},
		{"its light and its zoom are there if it has them, and stay together", (*heldPhone).lights},
		{"another one is remembered, and the first comes back as it was set", (*heldPhone).changes},
		{"a ticket that is held is scanned once, and the next at once", (*heldPhone).holds},
		{"a code that is no ticket stops nobody", (*heldPhone).goesOn},
		{"who comes again is told when and where they came", (*heldPhone).repeats},
		{"a device that is quiet still vibrates", (*heldPhone).isQuiet},
		{"one that is gone says so, and another or itself takes over", (*heldPhone).isUnplugged},
		{"an old browser reads as well", (*heldPhone).isOld},
	} {
		if !t.Run(part.name, func(t *testing.T) { p.Page.t, p.t = t, t; part.run(p) }) {
			break
		}
	}
	page.t = t
	if errs := page.ConsoleErrors(); len(errs) > 0 {
		t.Errorf("the page complains: %q", errs)
	}
}

// is expects that an expression comes to be a value.
func (p *heldPhone) is(expression, value string) {
	p.t.Helper()
	got := Eval[string](p.Page, "String("+expression+")")
	if got != value {
		p.t.Errorf("%s is %s, want %s", expression, got, value)
	}
}

func (p *heldPhone) isOn() {
	p.t.Helper()
	p.Wait(`document.querySelector(".scanner.is-on video").videoWidth > 0 && !document.getElementById("scanner-note").innerText`)
}

// shows holds something before the camera, and waits for a verdict.
func (p *heldPhone) shows(code, tone, text string) {
	p.t.Helper()
	held := `""`
	if code != "" {
		held = modules(p.t, code)
	}
	Eval[bool](p.Page, "lens.show("+held+").then(() => true)")
	if tone != "" {
		p.WaitText("#verdict[open] .verdict-"+tone, text)
	}
}

func (p *heldPhone) ticket(i int) string {
	p.t.Helper()
	code, err := p.site.Token(i)
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}

func (p *heldPhone) isAllowed() {
	p.WaitText("#scanner-note", "Kamera belum diizinkan. Buka izin situs di browser")
	for _, hidden := range []string{"torch", "zoom", "change"} {
		p.is(`document.querySelector("[data-camera=`+hidden+`]").hidden`, "true")
	}
	shot(p.Page, "camera-denied")
	Eval[bool](p.Page, `((sessionStorage.allowed = "yes"), (lens.fails = ""), true)`)
	p.Click("[data-camera=start]")
	p.isOn()
	p.is("did.awake > 0", "true")
}

func (p *heldPhone) lights() {
	torch := `document.querySelector("[data-camera=torch]:not([hidden])").getAttribute("aria-pressed")`
	p.is(torch, "false")
	p.Click("[data-camera=torch]")
	p.Wait(torch + ` === "true"`)
	p.is("lens.set.torch", "true")
	p.is(`["min", "max", "step", "value"].map((name) => document.querySelector("[data-camera=zoom]:not([hidden])")[name])`, "100,500,10,100")
	Eval[bool](p.Page, `(() => { const zoom = document.querySelector("[data-camera=zoom]"); zoom.value = 250;
		return zoom.dispatchEvent(new Event("input", { bubbles: true })) })()`)
	p.Wait("lens.set.zoom === 250")
	p.is("lens.set.torch", "true")
	p.is(`[...document.querySelectorAll(".scanner-tools > *")].every((tool) => tool.offsetLeft >= 0 && tool.offsetWidth > 40)`, "true")
	look(p.t, p.Page, "camera-tools")
}

func (p *heldPhone) changes() {
	change := func(to string) {
		p.Click("[data-camera=change]")
		p.Wait(`lens.asked.at(-1).deviceId === "` + to + `"`)
		p.isOn()
	}
	change("side")
	p.Wait(`document.querySelector("[data-camera=torch]").hidden && document.querySelector("[data-camera=zoom]").hidden`)
	change("back")
	p.Wait(`document.querySelector("[data-camera=torch]").getAttribute("aria-pressed") === "true"`)
	p.is("JSON.stringify(lens.set)", `{"torch":true,"zoom":250}`)
	p.is(`document.querySelector("[data-camera=zoom]").value`, "250")
	change("side")
	p.Open(p.home + "/")
	p.isOn()
	p.is("lens.asked[0].deviceId", "side")
}

func (p *heldPhone) holds() {
	p.Click("#scanner") // a browser buzzes and sounds only once somebody has touched the page
	p.shows(p.ticket(0), "good", "Dewi Lestari")
	p.is("did.buzz", "60")
	const long = 3500 // ms; more than a code may be out of sight
	Eval[bool](p.Page, "((window.held = performance.now()), true)")
	p.Wait(fmt.Sprintf("performance.now() - held > %d && !document.querySelector('#verdict').open", long))
	p.shows(p.ticket(1), "good", "Agus Salim")
	p.shows(p.ticket(2), "good", "Ni Luh Ayu") // which does not wait for the one before to leave
	p.is("did.sent", "3")
}

func (p *heldPhone) goesOn() {
	p.shows("HTTPS://EXAMPLE.ID/PROMO", "bad", "Minta peserta menunjukkan kode QR")
	p.is("did.buzz.at(-1)", "350")
	Eval[bool](p.Page, "((window.held = performance.now()), true)")
	p.shows(p.ticket(3), "good", "Yohanes Wanggai")
	if took := Eval[float64](p.Page, "performance.now() - held"); took < 2000 || took > 6500 {
		p.t.Errorf("somebody else's red was there for %.0f ms", took)
	}
}

func (p *heldPhone) repeats() {
	p.shows(p.ticket(1), "warn", "Agus Salim")
	p.WaitText("#verdict .verdict-detail", "Tercatat masuk ")
	p.WaitText("#verdict .verdict-detail", " di ")
	p.is("did.buzz.at(-1)", "60,80,60")
	shot(p.Page, "camera-repeat")
	p.shows("", "", "")
	p.Click("#verdict [data-do=next]")
}

func (p *heldPhone) isQuiet() {
	p.is("did.tones > 0", "true")
	p.Click("[data-sound]")
	Eval[bool](p.Page, "((did.tones = 0), (did.buzz = []), true)")
	p.shows(p.ticket(4), "good", "Siti Aminah")
	p.is("did.buzz + ' ' + did.tones", "60 0")
	p.shows("", "", "")
	p.Click("#verdict [data-do=next]")
}

func (p *heldPhone) isUnplugged() {
	Eval[bool](p.Page, "(lens.unplug(), true)")
	p.isOn()
	p.is("lens.track.getSettings().deviceId", "back")
	Eval[bool](p.Page, "(lens.unplug(), true)")
	p.WaitText("#scanner-note", "Kamera terputus. Sambungkan lagi")
	p.is(`document.querySelector(".scanner.is-on") || document.querySelector("[data-camera=torch]:not([hidden])")`, "null")
	look(p.t, p.Page, "camera-lost")
	Eval[bool](p.Page, `(lens.plug({ deviceId: "new" }), true)`)
	p.isOn()
	p.shows(p.ticket(5), "good", "Muhammad Rizki")
}

func (p *heldPhone) isOld() {
	Eval[bool](p.Page, `((window.VideoFrame = undefined), (HTMLVideoElement.prototype.requestVideoFrameCallback = undefined), true)`)
	p.shows(p.ticket(6), "good", "Maria Goreti")
}
