package e2e

import (
	"testing"

	"buktihadir/models"
	"buktihadir/models/ticket"
	"buktihadir/scripts/sample"
)

// mode is what a scanner's page says of the direction that it takes people in.
func mode(page *Page) string {
	return Eval[string](page, `document.getElementById("mode").dataset.mode + " " + (new FormData(document.getElementById("desk-settings"))).get("direction") +
		" " + [...document.querySelectorAll("#mode [data-way]")].filter((e) => e.offsetHeight > 0).map((e) => e.innerText.trim()).join()`)
}

// patientAt is staffAt on a phone that never goes on alone, however slowly a busy machine answers.
func patientAt(t *testing.T, site *sample.Site, dir string) (page *Page, address string) {
	t.Helper()
	page, address = staffAt(t, site, dir)
	page.OnEveryPage(`delete Navigator.prototype.serviceWorker`)
	page.Open(address + "/")
	page.Wait(`document.documentElement.dataset.alone === "unfit"`)
	return page, address
}

// chooses taps a direction in the desk's settings.
func (p *Page) chooses(direction string) {
	p.t.Helper()
	Eval[bool](p, `((document.querySelector(".setup").open = true), document.querySelector("[name=direction][value=`+direction+`]").click(), true)`)
}

// later sets the page's clock so many hours ahead.
func (p *Page) later(hours string) {
	p.t.Helper()
	Eval[bool](p, `((window.clock ??= Date.now), (Date.now = () => clock() + `+hours+` * 3600e3), document.dispatchEvent(new Event("visibilitychange")), true)`)
}

// Who chose "out" and forgot it must not send tomorrow's arrivals home.
func TestAChosenDirectionIsLoudAndEndsByItself(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 2)
	page, address := patientAt(t, site, dir)
	wants := func(when, want string) {
		t.Helper()
		if got := mode(page); got != want {
			t.Errorf("%s the mode is %q, want %q", when, got, want)
		}
	}
	const automatic, leaving = "auto auto ", "out out PULANG"
	wants("at first", automatic)
	page.chooses("in")
	wants("once chosen", "in in MASUK")
	page.chooses("out")
	wants("once chosen", leaving)
	if Eval[bool](page, `!document.querySelector("#mode [data-way=out] use")`) {
		t.Error("only a colour and a word tell the mode")
	}
	page.Open(address + "/")
	wants("after the page was opened anew", leaving)
	page.Click(".mode-end button")
	wants("after it was ended by hand", automatic)
	page.Open(address + "/")
	wants("and opened anew", automatic)

	// Two more sessions of today: one began before the last has ended, one follows after a break.
	plan := func() {
		Eval[bool](page, `(() => {
			const now = Date.now();
			for (const [start, end] of [[-0.5, 1], [1, 2], [0.5, 3]]) {
				const row = document.createElement("i");
				Object.assign(row.dataset, { start: now + start * 3600e3, end: now + end * 3600e3 });
				document.getElementById("desk").append(row);
			}
			for (const row of document.querySelectorAll(".session-count")) row.remove();
			window.day = new Intl.DateTimeFormat("en", { dateStyle: "short", timeZone: "Asia/Jakarta" });
			return true;
		})()`)
	}
	// The day of the test may end within these hours, and a mode with it.
	sameDay := Eval[bool](page, `new Date(Date.now() + 7 * 3600e3).getUTCDate() === new Date(Date.now() + 8.1 * 3600e3).getUTCDate()`)
	plan()
	page.chooses("out")
	page.later("0.9")
	if sameDay {
		wants("near the session's end", leaving)
	}
	page.later("1.1")
	wants("when the next session has begun, with the page left open", automatic)
	page.later("0")
	page.chooses("out")
	page.later("24")
	wants("on the next day, with the page left open", automatic)

	page.later("0")
	Eval[bool](page, `(localStorage.setItem("bukti-hadir.direction", JSON.stringify({ direction: "out", since: Date.now() - 864e5 })), true)`)
	page.Open(address + "/")
	wants("on the next day, in a new tab", automatic)
	Eval[bool](page, `(localStorage.setItem("bukti-hadir.direction", "out"), true)`)
	page.Open(address + "/")
	wants("after an older version kept it", automatic)
}

// Out without in is recorded, and never green: most of those have just arrived.
func TestOutWithoutInIsAmber(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 3)
	page, address := patientAt(t, site, dir)
	scan := func(i int) {
		t.Helper()
		code, err := site.Token(i)
		if err != nil {
			t.Fatal(err)
		}
		page.submits(code)
	}
	leave := func() {
		page.Click("#verdict [data-do=next]")
		page.Wait(`!document.getElementById("verdict").open`)
	}
	page.chooses("out")
	scan(0)
	page.WaitText("#verdict[open] .verdict-warn", "Masuknya tidak tercatat di sini")
	page.WaitText("#verdict[open] .verdict-word", "PULANG")
	leave()
	page.WaitText("#last.last-warn", "Pulang tercatat")
	page.Open(address + "/search?q=00002")
	page.Click(`[data-opens="by-hand"]`)
	page.Click(`#by-hand input[value=out] + span`)
	page.Click(`#by-hand input[name=reason]`)
	page.Click(`#by-hand .form-actions button`)
	page.WaitText("#verdict[open] .verdict-warn", "Masuknya tidak tercatat di sini")
	page.Open(address + "/recent")
	page.WaitText(".recent .badge-warn", "Pulang tercatat")
	if n := Eval[int](page, `document.querySelectorAll(".recent .badge-warn").length`); n != 2 {
		t.Errorf("%d of the two are amber in the history", n)
	}
}

// In and out are told apart without colour, by whoever stands two metres away.
func TestInAndOutAreToldApartWithoutColour(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 3)
	page, _ := patientAt(t, site, dir)
	Eval[bool](page, `((window.heard = []), (window.felt = []), (navigator.vibrate = (buzz) => felt.push(String(buzz))),
		(OscillatorNode.prototype.start = ((begin) => function (at) { heard.push(this.frequency.value); begin.call(this, at) })(OscillatorNode.prototype.start)),
		(window.setTimeout = ((wait) => (done, ms) => (ms === 1500 ? 1 : wait(done, ms)))(setTimeout)), true)`) // green stays to be looked at
	type look struct {
		Word, Icon, Colour, Heard, Felt string
		Size                            float64
		Light                           float64
	}
	shows := func(direction string) look {
		t.Helper()
		page.chooses(direction)
		page.Click("#scanner-note") // browsers are silent before
		page.Wait(`new AudioContext().state === "running"`)
		code, err := site.Token(1)
		if err != nil {
			t.Fatal(err)
		}
		page.submits(code)
		page.Wait(`document.querySelector("#verdict[open] .verdict-good")`)
		got := Eval[look](page, `(() => {
			const box = document.querySelector("#verdict .verdict"), word = box.querySelector(".verdict-word");
			const icon = box.querySelector(".verdict-icon .icon"), colour = getComputedStyle(box).backgroundColor;
			const [r, g, b] = colour.match(/\d+/g).map((n) => (n / 255) ** 2.2);
			return { Word: word.innerText, Size: parseFloat(getComputedStyle(word).fontSize), Colour: colour, Light: .2126 * r + .7152 * g + .0722 * b,
				Icon: icon.firstElementChild.getAttribute("href").split("#")[1] + getComputedStyle(icon).transform,
				Heard: heard.splice(0).join(), Felt: felt.splice(0).join() };
		})()`)
		page.Click("#verdict [data-do=next]")
		page.Wait(`!document.getElementById("verdict").open`)
		return got
	}
	in, out := shows("in"), shows("out")
	if in.Word != "MASUK" || out.Word != "PULANG" || in.Size < 66 || out.Size < 66 {
		t.Errorf("the words are %q of %g px and %q of %g px; want 66 at least", in.Word, in.Size, out.Word, out.Size)
	}
	if in.Icon == out.Icon || in.Heard == out.Heard || in.Felt == out.Felt || in.Heard == "" {
		t.Errorf("alike: %+v and %+v", in, out)
	}
	if ratio := (out.Light + .05) / (in.Light + .05); ratio < 3 {
		t.Errorf("%s and %s differ by %.1f in lightness; want 3 at least, for whoever sees no colour", in.Colour, out.Colour, ratio)
	}
}

// What was recorded by mistake is undone at once, from the green screen and for a moment after it.
func TestTheLastScanIsUndoneAtOnce(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 4)
	page, address := patientAt(t, site, dir)
	scan := func(code string, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		page.submits(code)
	}
	scan(site.Token(1))
	page.Click("#verdict[open] [data-do=undo]")
	page.WaitText("#verdict[open] .verdict-neutral", "Catatan dibatalkan")
	page.Click("#verdict [data-do=next]")

	scan(site.Token(2))
	page.WaitText("#verdict[open] .verdict-good", "Masuk tercatat")
	page.Wait(`!document.getElementById("verdict").open`) // by itself
	page.WaitText("#last.last-good", "Masuk tercatat")
	page.Click("#last button")
	page.WaitText("#verdict[open] .verdict-neutral", "Catatan dibatalkan")
	page.Click("#verdict [data-do=next]")
	page.WaitText("#last.last-neutral", "Catatan dibatalkan")
	if Eval[bool](page, `document.querySelector("#last button").offsetHeight > 0`) {
		t.Error("an undo can be undone")
	}

	scan(site.Token(3))
	page.Wait(`document.querySelector("#last.last-good button")?.offsetHeight >= 44`)
	page.Wait(`!document.getElementById("verdict").open`)
	scan(site.Change(2, func(x *ticket.Ticket) { x.ID = models.Ref{9} }))
	page.Wait(`document.querySelector("#verdict[open] .verdict-warn")`)
	page.Open(address + "/recent")
	if n := Eval[int](page, `document.querySelectorAll(".recent .badge-neutral").length`); n != 4 {
		t.Errorf("the history shows %d undone records and undoings, want 4", n)
	}
}
