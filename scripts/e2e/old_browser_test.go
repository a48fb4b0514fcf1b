//go:build unix

package e2e

import "testing"

// olderBrowser takes away what browsers of before 2024 lack.
const olderBrowser = `delete AbortSignal.any; delete AbortSignal.timeout; delete AbortSignal.prototype.throwIfAborted;
	delete crypto.constructor.prototype.randomUUID;`

// An older browser waits no longer for a machine that stands still than a new one does, and it
// makes a kiosk too.
func TestAnOlderBrowserGoesOnAloneToo(t *testing.T) {
	w := newTown(t)
	tickets := w.tickets("KINI")
	d := newSecureDesk(t, w)
	phone := OpenBrowser(t, BrowserOptions{Viewport: Phone(), Trust: d.key()})
	phone.OnEveryPage(olderBrowser)
	d.signsIn(phone)
	phone.Wait(`navigator.serviceWorker.controller !== null`)
	if Eval[bool](phone, `"any" in AbortSignal || "timeout" in AbortSignal`) {
		t.Fatal("this browser is no older one")
	}
	want(t, types(phone, tickets["P-1"].Token), "verdict-good", "Siti Rahma")
	d.stays(phone, 1)
	w.agent.Pause()
	want(t, types(phone, tickets["P-2"].Token), "verdict-good", "Budi Santoso", "Tersimpan di HP ini")
	shows(phone, 1)
	w.agent.Resume()
	phone.Wait(`document.documentElement.dataset.alone === "no" && document.documentElement.dataset.waiting === "0"`)

	phone.Open(d.address() + "/station")
	phone.Click(`form[action="/kiosk/enter"] button`)
	phone.Wait(`location.pathname === "/kiosk" && document.querySelector("#scanner-note").textContent !== ""`) // there is no camera
	Eval[bool](phone, `([...`+quote(tickets["P-3"].Token)+
		`, "Enter"].forEach((key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))), true)`)
	phone.Wait(`document.querySelector("#verdict[open] .verdict-good")?.innerText.includes("Agus S.")`)
}

// A phone that can't go on alone says so while there is time to do something about it.
func TestAPhoneSaysThatItCannotGoOnAlone(t *testing.T) {
	w := newTown(t)
	d := newSecureDesk(t, w)
	for name, lacks := range map[string]string{
		"no service worker": `delete Navigator.prototype.serviceWorker;`,
		"workers must compile no program": `Worker = class extends EventTarget {
			postMessage() { this.dispatchEvent(new MessageEvent("message", { data: { runs: false } })) } terminate() {} };`,
	} {
		t.Run(name, func(t *testing.T) {
			phone := OpenBrowser(t, BrowserOptions{Viewport: Phone(), Trust: d.key()})
			phone.OnEveryPage(lacks)
			d.signsIn(phone)
			phone.WaitText("#alone:not([hidden]) [data-alone=unfit]:not([hidden])", "browsernya terlalu lama")
		})
	}
}
