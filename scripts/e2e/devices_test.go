package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"buktihadir/scripts/e2e/camera"
)

// codeFor makes a pairing code at the agent's computer, and gives it as it is spelled.
func (w *town) codeFor(machine *Page, name, gate string) string {
	w.t.Helper()
	machine.Open(w.agent.URL + "/devices")
	machine.Type("#name", name)
	machine.Type("#gate", gate)
	machine.Click(`form[action="/devices/codes"] button`)
	machine.Wait(`document.querySelector(".pair-code") !== null`)
	return machine.Text(".pair-code")
}

// One desk with a phone, a kiosk and a big screen, each let in or entered as people do it.
func TestADeskHasPhonesKiosksAndScreens(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	tickets := w.tickets("KINI")
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	w.openDesk()
	t.Run("a phone joins by a code, scans, and is shut out", func(t *testing.T) { w.aPhoneJoins(t, tickets["P-1"]) })
	t.Run("a kiosk counts, and lets nobody out", func(t *testing.T) { w.aKioskCounts(t, tickets["P-2"]) })
	t.Run("a big screen counts while they come", func(t *testing.T) { w.aScreenCounts(t, tickets["P-3"]) })
}

func (w *town) aPhoneJoins(t *testing.T, siti townTicket) {
	machine := OpenBrowser(t, BrowserOptions{Viewport: Desktop()})
	code := w.codeFor(machine, "Meja 2", "Gerbang Timur")
	looker{t, machine, "1280"}.at(w.agent.URL, "desk-code", Eval[string](machine, "location.pathname"))

	film := filepath.Join(t.TempDir(), "phone.y4m")
	if err := camera.WriteY4M(film, camera.Shot{For: time.Second}, camera.Shot{Code: siti.Token, For: 4 * time.Second}); err != nil {
		t.Fatal(err)
	}
	phone := OpenBrowser(t, BrowserOptions{Viewport: Phone(), Camera: film})
	narrow := looker{t, phone, "360"}
	narrow.at(w.agent.URL, "desk-pair", "/pair")
	narrow.at(w.agent.URL, "desk-pair-code", "/pair?code="+code)
	phone.Click("form.card button")
	phone.Wait(`location.pathname === "/sign-in"`)
	machine.WaitText(".flash-good", "Meja 2") // its page looks by itself
	w.staffSignsIn(phone)
	phone.Wait(`document.querySelector("#verdict[open] .verdict-good, #verdict[open] .verdict-warn") !== null`)
	phone.WaitText("#desk-name", "Meja 2 · Gerbang Timur")

	for _, l := range []looker{{t, machine, "1280"}, narrow} {
		l.at(w.agent.URL, "desk-devices", "/devices")
	}
	machine.WaitText("main", "Sari")
	device := narrow.linked(w.agent.URL+"/devices", "^/devices/[0-9a-f-]{36}$")
	narrow.at(w.agent.URL, "desk-device", device)
	phone.Open(w.agent.URL + "/recent") // a page that hears what is new
	machine.Open(w.agent.URL + device)
	machine.Type("#reason", "HP hilang")
	machine.Click(`form[action$="/revoke"] button`)
	phone.Wait(`location.pathname === "/sign-in"`)
	machine.WaitText("main", "Belum ada perangkat")
	events := w.do("events", "--json")
	eventually(t, "the office has the scan, with the device's name", func() bool {
		w.programs.Agent.Must(t, "--data", w.desk, "sync")
		events = w.do("events", "--json")
		return strings.Contains(events, "Meja 2 · Gerbang Timur")
	})
	for _, p := range []*Page{machine, phone} {
		if errs := p.ConsoleErrors(); len(errs) > 0 {
			t.Errorf("pages complain: %q", errs)
		}
	}
}

// aScreenCounts ends the desk: the screen is to say that it is cut off.
func (w *town) aScreenCounts(t *testing.T, agus townTicket) {
	screen := OpenBrowser(t, BrowserOptions{Viewport: Desktop()})
	screen.Open(w.agent.URL + "/devices")
	screen.Type("#name", "Layar")
	screen.Click(`input[name="use"][value="screen"]`)
	screen.Click(`form[action="/devices/codes"] button`)
	screen.Wait(`document.querySelector(".pair-code") !== null`)
	screen.Open(w.agent.URL + "/pair?code=" + screen.Text(".pair-code"))
	screen.Click("form.card button")
	screen.Wait(`location.pathname === "/screen"`)
	came := `document.querySelector(".board-came strong").innerText`
	screen.Wait(came + ` === "2"`)
	w.programs.Agent.Run(t, agus.Token+"\n", "--data", w.desk, "scan")
	screen.Wait(came + ` === "3"`)
	screen.WaitText(".board-last", "Agus S.")
	looker{t, screen, "1280"}.at(w.agent.URL, "screen", "/screen")
	w.agent.Stop()
	screen.WaitText(".stand-cut", "Tidak tersambung")
}

func (w *town) aKioskCounts(t *testing.T, budi townTicket) {
	film := filepath.Join(t.TempDir(), "kiosk.y4m")
	hold := 2 * time.Second
	if err := camera.WriteY4M(film, camera.Shot{For: hold},
		camera.Shot{Code: budi.Token, For: hold}, camera.Shot{For: hold}, camera.Shot{Code: "HTTPS://EXAMPLE.ID/PROMO", For: hold}); err != nil {
		t.Fatal(err)
	}
	kiosk := OpenBrowser(t, BrowserOptions{Viewport: Phone(), Camera: film})
	w.staffSignsIn(kiosk)
	kiosk.Open(w.agent.URL + "/station")
	kiosk.Click(`form[action="/kiosk/enter"] button`)
	kiosk.Wait(`location.pathname === "/kiosk" && document.querySelector(".scanner.is-on") !== null`)
	kiosk.Wait(`document.querySelector("#verdict[open] .verdict-good, #verdict[open] .verdict-warn")?.innerText.includes("Budi S.")`)
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		kiosk.Screenshot(filepath.Join(dir, "kiosk-good.png"))
	}
	kiosk.Wait(`document.querySelector("#verdict[open] .verdict-bad")?.innerText.includes("Silakan temui petugas")`)
	kiosk.Wait(`!document.querySelector("#verdict").open`)
	for _, away := range []string{"/", "/search?q=siti", "/station", "/sign-in", "/pair"} {
		kiosk.Open(w.agent.URL + away)
		kiosk.Wait(`location.pathname === "/kiosk"`)
	}
	Eval[bool](kiosk, `(history.back(), true)`)
	kiosk.Wait(`location.pathname === "/kiosk" && document.querySelector("#leave") !== null`)
	wide := OpenBrowser(t, BrowserOptions{Viewport: Desktop()})
	w.staffSignsIn(wide)
	wide.Open(w.agent.URL + "/station")
	wide.Click(`form[action="/kiosk/enter"] button`)
	for _, l := range []looker{{t, kiosk, "360"}, {t, wide, "1280"}} {
		l.at(w.agent.URL, "kiosk", "/kiosk")
	}
	leave := func(pin string) {
		kiosk.Wait(`(() => { const leave = document.querySelector("#leave"), pin = document.querySelector("#pin");
			if (!leave || !pin || document.readyState !== "complete") return false;
			leave.open = true; document.querySelector("#officer").value = "` + w.officer.String() + `"; pin.value = "` + pin + `";
			leave.querySelector("button").click(); return true })()`)
	}
	leave("0000")
	kiosk.WaitText("#leave .problem", "PIN salah")
	leave(w.pin)
	kiosk.Wait(`location.pathname === "/" && document.querySelector("#typed") !== null`)
}
