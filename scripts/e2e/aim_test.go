package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// seenCode is a code before the camera: its middle and its side as shares of the
// picture's height, from the picture's middle (testdata/lens.js).
type seenCode struct {
	text       string
	x, y, side float64
	torn       bool
}

// aimSetup notes what the page sends, and has the desk ask for a renewed code once.
const aimSetup = `
	const sent = [];
	window.renew = false;
	const ask = window.fetch;
	window.fetch = async (...request) => {
		if (!["/api/scan", "/api/kiosk"].includes(request[0])) return ask(...request);
		sent.push(JSON.parse(request[1].body).code);
		if (!renew) return ask(...request);
		renew = false;
		return Response.json({ verdict: "stale_code", tone: "bad", name: "", class: "", gates: "" });
	};
`

const wifi = "WIFI:T:WPA;S:Warung Kopi;P:rahasia-sekali;;"

// sees has the camera see codes from now on.
func (p *heldPhone) sees(codes ...seenCode) {
	p.t.Helper()
	var list []string
	for _, c := range codes {
		list = append(list, fmt.Sprintf(`{ modules: %s, x: %g, y: %g, side: %g, torn: %t }`, modules(p.t, c.text), c.x, c.y, c.side, c.torn))
	}
	Eval[bool](p.Page, "lens.show(["+strings.Join(list, ", ")+"]).then(() => true)")
}

// rests waits until the camera sees nothing and no verdict is shown, and as long as a code
// may be out of sight.
func (p *heldPhone) rests() {
	p.t.Helper()
	p.sees()
	p.Wait(`!document.getElementById("verdict").open`)
	Eval[bool](p.Page, "((sent.length = 0), new Promise((done) => setTimeout(done, 600, true)))")
}

// stays expects that nothing is sent for some time.
func (p *heldPhone) stays(ms int) {
	p.t.Helper()
	Eval[bool](p.Page, fmt.Sprintf("((sent.length = 0), new Promise((done) => setTimeout(done, %d, true)))", ms))
	p.is("sent.length", "0")
}

// What staff aim at is taken, whatever else is in view, by one phone in one session.
func TestWhatIsAimedAtIsTaken(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 10)
	page, address := staffAt(t, site, dir)
	holdsCamera(page, aimSetup)
	page.Open(address + "/")
	p := &heldPhone{page, t, site, address}
	p.isOn()
	page.Click("#scanner") // a browser buzzes only once somebody has touched the page
	for _, part := range []struct {
		name string
		run  func(*heldPhone)
	}{
		{"the ticket in the frame, and not the one in a corner", (*heldPhone).aims},
		{"a ticket, whatever other code is beside it", (*heldPhone).looksPast},
		{"a ticket beside the frame, if it is alone or the largest", (*heldPhone).findsBeside},
		{"none of two that are in the frame, until one is gone", (*heldPhone).asksForOne},
		{"a code that is none of ours is said and told nobody", (*heldPhone).keepsToItself},
		{"a code that nobody can read gets help", (*heldPhone).helps},
		{"a renewed code, though it was in view behind the refusal", (*heldPhone).takesRenewed},
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

func (p *heldPhone) aims() {
	p.sees(seenCode{text: p.ticket(1), x: .48, y: -.3, side: .36}, seenCode{text: p.ticket(0), side: .5})
	p.WaitText("#verdict[open] .verdict-good", "Dewi Lestari")
	p.Wait(`!document.getElementById("verdict").open`)
	p.WaitText("[data-camera=hint]", "Dewi Lestari · Masuk tercatat")
	p.is(`document.querySelector("[data-camera=outline] polygon").getAttribute("points").split(" ").length`, "4")
	look(p.t, p.Page, "aim-named")
	p.stays(1000)
	p.Wait(`document.querySelector("[data-camera=hint]").textContent === ""`)
	p.rests()
}

func (p *heldPhone) looksPast() {
	p.sees(seenCode{text: wifi, x: .4, side: .4}, seenCode{text: p.ticket(1), x: -.2, side: .55})
	p.WaitText("#verdict[open] .verdict-good", "Agus Salim")
	p.rests()
	p.sees(seenCode{text: wifi, side: .5}, seenCode{text: p.ticket(2), x: -.46, side: .4})
	p.WaitText("#verdict[open] .verdict-good", "Ni Luh Ayu")
	p.rests()
}

func (p *heldPhone) findsBeside() {
	p.sees(seenCode{text: p.ticket(3), x: .47, y: .2, side: .36})
	p.WaitText("#verdict[open] .verdict-good", "Yohanes Wanggai")
	p.rests()
	p.sees(seenCode{text: p.ticket(0), x: .48, y: -.25, side: .32}, seenCode{text: p.ticket(4), x: -.44, y: .1, side: .5})
	p.WaitText("#verdict[open] .verdict-good", "Siti Aminah")
	p.rests()
}

func (p *heldPhone) asksForOne() {
	two := []seenCode{{text: p.ticket(5), x: -.24, side: .44}, {text: p.ticket(6), x: .24, side: .44}}
	p.sees(two...)
	p.WaitText("[data-camera=hint]", "Satu tiket saja")
	look(p.t, p.Page, "aim-two")
	p.stays(1500)
	p.sees(two[1])
	p.WaitText("#verdict[open] .verdict-good", "Maria Goreti")
	p.is("sent.length", "1")
	p.rests()
}

func (p *heldPhone) keepsToItself() {
	p.sees(seenCode{text: wifi, side: .5})
	p.WaitText("#verdict[open] .verdict-bad", "Bukan tiket Bukti Hadir")
	p.is("sent.length", "0")
	p.rests()
}

func (p *heldPhone) helps() {
	p.sees(seenCode{text: p.ticket(7), side: .6, torn: true})
	p.WaitText("[data-camera=hint]", "Dekatkan")
	p.is(`document.querySelector("[data-camera=outline].is-unread polygon").getAttribute("points") !== ""`, "true")
	look(p.t, p.Page, "aim-unread")
	p.sees(seenCode{text: p.ticket(7), side: .6})
	p.Wait(`document.querySelector("#verdict[open] .verdict-good")`)
	p.rests()
}

func (p *heldPhone) takesRenewed() {
	Eval[bool](p.Page, "(window.renew = true)")
	old := p.ticket(8)
	fresh := old[:len(old)-1] + strings.Trim("08", old[len(old)-1:])[:1] // another text of the same ticket
	p.sees(seenCode{text: old, side: .6})
	p.Wait(`document.querySelector("#verdict[open] .verdict-bad")`)
	p.sees(seenCode{text: fresh, side: .6})
	p.Wait(`sent.length === 2`)
	p.is("sent[1] === "+quote(fresh), "true")
}

// A kiosk chooses as a desk does, and has a renewed code judged too.
func TestAKioskTakesWhatIsHeldIntoItsFrame(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 10)
	page, address := staffAt(t, site, dir)
	holdsCamera(page, aimSetup)
	page.Open(address + "/station")
	page.Click(`form[action="/kiosk/enter"] button`)
	page.Wait(`location.pathname === "/kiosk"`)
	p := &heldPhone{page, t, site, address}
	page.Wait(`document.querySelector(".scanner.is-on video")?.videoWidth > 0`)
	page.Click("#scanner")

	p.sees(seenCode{text: wifi, x: .4, side: .4}, seenCode{text: p.ticket(0), x: -.2, side: .5})
	page.WaitText("#verdict[open] .verdict-good", "Dewi L.")
	p.sees()
	page.Wait(`!document.getElementById("verdict").open`)
	page.WaitText("[data-camera=hint]", "Dewi L.")
	look(t, page, "aim-kiosk")
	p.rests()
	two := []seenCode{{text: p.ticket(1), x: -.24, side: .44}, {text: p.ticket(2), x: .24, side: .44}}
	p.sees(two...)
	page.WaitText("[data-camera=hint]", "Satu tiket saja")
	p.stays(1000)
	p.sees(seenCode{text: wifi, side: .5})
	page.WaitText("#verdict[open] .verdict-bad", "Silakan temui petugas")
	p.is("sent.length", "0")
	p.rests()
	p.takesRenewed()
}

// photographs gives the page a photo: codes drawn to their edge on a ground.
func (p *heldPhone) photographs(ground string, codes ...seenCode) {
	p.t.Helper()
	var list []string
	for _, c := range codes {
		list = append(list, fmt.Sprintf(`{ bits: %s, x: %g, y: %g, side: %g }`, modules(p.t, c.text), c.x, c.y, c.side))
	}
	Eval[bool](p.Page, fmt.Sprintf(`(async () => {
		const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 1200 });
		const pen = canvas.getContext("2d");
		pen.fillStyle = %q;
		pen.fillRect(0, 0, 900, 1200);
		for (const { bits, x, y, side } of [%s]) {
			const count = Math.sqrt(bits.length), cell = side / count;
			for (let i = 0; i < bits.length; i++) {
				pen.fillStyle = bits[i] === "1" ? "#000" : "#fff";
				pen.fillRect(Math.floor(x + (i %% count) * cell), Math.floor(y + Math.floor(i / count) * cell), Math.ceil(cell), Math.ceil(cell));
			}
		}
		const files = new DataTransfer();
		files.items.add(new File([await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9))], "foto.jpg", { type: "image/jpeg" }));
		const field = document.getElementById("photo");
		field.files = files.files;
		return field.dispatchEvent(new Event("change", { bubbles: true }));
	})()`, ground, strings.Join(list, ", ")))
}

// A photo is chosen from as the camera's picture is, and waits its turn.
func TestAPhotoOfACodeIsReadAndWaitsItsTurn(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 10)
	page, address := staffAt(t, site, dir)
	page.OnEveryPage(aimSetup)
	page.Open(address + "/")
	p := &heldPhone{page, t, site, address}
	page.Wait(`document.getElementById("scanner-note").innerText !== ""`)
	page.Click("h1, .scan-main")

	p.photographs("#000", seenCode{text: p.ticket(0), x: 60, y: 250, side: 780})
	page.WaitText("#verdict[open] .verdict-good", "Dewi Lestari")
	p.photographs("#111", seenCode{text: p.ticket(1), x: 250, y: 400, side: 420}) // while green is still there
	page.WaitText("#verdict[open] .verdict-good", "Agus Salim")
	page.Wait(`!document.getElementById("verdict").open`)
	p.photographs("#fff", seenCode{text: p.ticket(2), x: 60, y: 400, side: 340}, seenCode{text: p.ticket(3), x: 500, y: 400, side: 340})
	page.WaitText("#photo-status", "Satu tiket saja")
	p.is("sent.length", "2")
	p.photographs("#fff", seenCode{text: wifi, x: 250, y: 400, side: 400})
	page.WaitText("#verdict[open] .verdict-bad", "Bukan tiket Bukti Hadir")
	p.is("sent.length", "2")
	p.photographs("#fff", seenCode{text: wifi, x: 40, y: 400, side: 400}, seenCode{text: p.ticket(4), x: 520, y: 500, side: 340})
	page.WaitText("#verdict[open] .verdict-good", "Siti Aminah")
}
