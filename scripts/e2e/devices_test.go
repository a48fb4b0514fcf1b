package e2e

import (
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

// A phone joins by a code, scans under its own name, and is shut out while it scans.
func TestAPhoneJoinsByACodeScansAndIsShutOut(t *testing.T) {
	w := newTown(t)
	siti := w.tickets("KINI")["P-1"]
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	w.openDesk()
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

// A screen that was paired counts who comes while they come, and says when it is cut off.
func TestABigScreenCountsWhileTheyCome(t *testing.T) {
	w := newTown(t)
	siti := w.tickets("KINI")["P-1"]
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	w.openDesk()
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
	screen.Wait(came + ` === "0"`)
	w.programs.Agent.Run(t, siti.Token+"\n", "--data", w.desk, "scan")
	screen.Wait(came + ` === "1"`)
	screen.WaitText(".board-last", "Siti R.")
	looker{t, screen, "1280"}.at(w.agent.URL, "screen", "/screen")
	w.agent.Stop()
	screen.WaitText(".stand-cut", "Tidak tersambung")
}
