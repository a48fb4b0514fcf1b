//go:build unix

package e2e

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/site-agent/store"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// secureDesk opens the desk for phones, with HTTPS at an address that stays the same.
type secureDesk struct {
	*town
	port string
}

func newSecureDesk(t *testing.T, w *town) *secureDesk {
	t.Helper()
	d := &secureDesk{w, freePort(t)}
	d.open()
	return d
}

func (d *secureDesk) open() {
	d.t.Helper()
	d.agent = d.programs.Agent.Serve(d.t, "--data", d.desk, "serve", "--listen", "127.0.0.1:0", "--listen-tls", "127.0.0.1:"+d.port)
}

func (d *secureDesk) address() string { return "https://127.0.0.1:" + d.port }

// key names the desk's public key as Chromium's flag wants it.
func (d *secureDesk) key() string {
	d.t.Helper()
	raw, err := os.ReadFile(filepath.Join(d.desk, "tls.crt"))
	if err != nil {
		d.t.Fatal(err)
	}
	block, _ := pem.Decode(raw)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		d.t.Fatal(err)
	}
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// joins makes a phone a device of the desk, at a gate for one class.
func (d *secureDesk) joins(phone *Page, name, gate, class string) {
	d.t.Helper()
	phone.Open(d.address() + "/devices")
	phone.Type("#name", name)
	phone.Type("#gate", gate)
	Eval[bool](phone, `([...document.querySelectorAll('[name="classes"]')].find((c) => c.parentElement.innerText.includes(`+quote(class)+`)).click(), true)`)
	phone.Click(`form[action="/devices/codes"] button`)
	phone.Wait(`document.querySelector(".pair-code") !== null`)
	phone.Open(d.address() + "/pair?code=" + phone.Text(".pair-code"))
	phone.Click("form.card button")
	phone.Wait(`location.pathname === "/sign-in"`)
}

// signsIn opens the scanner on a phone and waits until it could go on alone.
func (d *secureDesk) signsIn(phone *Page) {
	d.t.Helper()
	phone.Open(d.address() + "/sign-in")
	phone.Wait(`document.querySelector("select#officer") !== null`)
	Eval[bool](phone, `(document.querySelector("select#officer").value = "`+d.officer.String()+`") !== ""`)
	phone.Type("#pin", d.pin)
	phone.Click("form.card button")
	phone.Wait(`document.querySelector("#typed") !== null && document.documentElement.dataset.alone !== undefined`)
}

// types types a code and returns the verdict on the page.
func types(phone *Page, code string) string {
	phone.submits(code)
	phone.Wait(`document.querySelector("#verdict[open] .verdict-good, #verdict[open] .verdict-warn, #verdict[open] .verdict-bad") !== null`)
	shown := Eval[string](phone, `document.querySelector("#verdict .verdict").className + " " + document.querySelector("#verdict .verdict").innerText`)
	phone.Click(`#verdict [data-do=next]`)
	phone.Wait(`!document.querySelector("#verdict").open`)
	return shown
}

type townEvent struct {
	Seq        uint64
	OccurredMS models.Millis `json:"occurred_ms"`
	HandedMS   models.Millis `json:"handed_ms"`
	Desk       string
	Kind       models.EventKind
	Verdict    models.Verdict
	Ticket     *models.Ref
	Reason     string
	Quarantine string
	Other      models.Verdict
}

func (w *town) events() []townEvent {
	w.t.Helper()
	return Lines[townEvent](w.t, w.do("events", "--json"))
}

// stays waits until the phone has a kit of after a scan.
func (d *secureDesk) stays(phone *Page, seq uint64) {
	d.t.Helper()
	phone.Wait(`Number((document.documentElement.dataset.kit ?? "").split("/").at(-1)) >= ` + strconv.FormatUint(seq, 10))
}

// meets waits until the phone has met its computer once more, after all was handed over: only
// then does it know what became of that.
func (d *secureDesk) meets(phone *Page, seq uint64) {
	d.t.Helper()
	Eval[bool](phone, `(performance.clearResourceTimings(), dispatchEvent(new Event("online")))`)
	phone.Wait(`performance.getEntriesByType("resource").some((e) => e.name.endsWith("/api/contact") && e.responseEnd > 0)`)
	d.stays(phone, seq)
}

// shows waits until the banner of a phone that is alone says how many scans wait.
func shows(phone *Page, count int) {
	phone.t.Helper()
	phone.WaitText("#alone:not([hidden]) [data-alone=alone]:not([hidden])", "Terputus. "+strconv.Itoa(count)+" pindaian tersimpan")
}

func forgetsCookies(phone *Page) {
	phone.t.Helper()
	phone.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
}

func want(t *testing.T, shown string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(shown, part) {
			t.Fatalf("the phone shows %q, want %q", shown, part)
		}
	}
}

// The agent's machine fails while staff scan on a phone, and comes back; it fails again,
// and the phone's battery runs out too before they meet.
//
//survives:power A site computer fails while staff scan on phones, and comes back | The phones go on without it and then with it; nobody types a PIN, and what they recorded is handed over
//survives:power The site computer fails while staff scan on a phone, and then the phone's battery is empty | The phone goes on without it, also after a restart, and hands over every green scan, once and with its time
func TestAPhoneGoesOnAloneAndHandsOver(t *testing.T) {
	w := newTown(t)
	tickets, later := w.tickets("KINI"), w.tickets("NANTI")
	d := newSecureDesk(t, w)
	o := BrowserOptions{Viewport: Phone(), Trust: d.key(), Profile: t.TempDir()}
	phone := OpenBrowser(t, o)
	d.joins(phone, "Meja 2", "Gerbang Timur", "KINI")
	d.signsIn(phone)
	phone.Wait(`navigator.serviceWorker.controller !== null`)
	want(t, types(phone, tickets["P-1"].Token), "verdict-good", "Siti Rahma")
	d.stays(phone, 1)

	// A stopped machine: the phones that wait for it work offline, and return at once.
	w.agent.Pause()
	began := models.MillisOf(time.Now())
	want(t, types(phone, tickets["P-2"].Token), "verdict-good", "Budi Santoso", "Tersimpan di HP ini")
	shows(phone, 1)
	w.agent.Resume()
	phone.Wait(`document.documentElement.dataset.alone === "no" && document.documentElement.dataset.waiting === "0"`)
	d.meets(phone, 2)

	w.agent.Kill()
	want(t, types(phone, tickets["P-2"].Token), "verdict-warn", "Budi Santoso")
	want(t, types(phone, "HTTPS://EXAMPLE.ID/PROMO"), "verdict-bad")
	shows(phone, 2)
	kit := Eval[string](phone, `document.documentElement.dataset.kit`)
	d.open()
	phone.Wait(`document.documentElement.dataset.alone === "no" && document.documentElement.dataset.waiting === "0"`)
	d.stays(phone, 4) // with what it handed over
	if now := Eval[string](phone, `location.pathname + " " + document.documentElement.dataset.kit`); now == "/ "+kit ||
		!strings.HasPrefix(now, "/ "+w.officer.String()) {
		t.Errorf("after the restart the phone is at %q; want the scanner, with a newer kit than %q", now, kit)
	}

	w.agent.Kill()
	want(t, types(phone, tickets["P-2"].Token), "verdict-warn", "Budi Santoso")
	shows(phone, 1)
	phone.Kill()

	// From cold, with no network: the page is there, and what it held.
	phone = OpenBrowser(t, o)
	phone.Open(d.address())
	shows(phone, 1)
	shot(phone, "alone")
	want(t, types(phone, tickets["P-1"].Token), "verdict-warn", "Siti Rahma")
	want(t, types(phone, later["P-4"].Token), "verdict-bad", "Tiket untuk kelas lain", "Dewi Lestari")
	if at := phone.Text("#desk-name") + " " + phone.Text("#desk-class"); at != "Meja 2 · Gerbang Timur KINI" {
		t.Errorf("the phone's page says that it is at %q", at)
	}
	phone.Type("#alone-query", "agus")
	phone.Click(`[data-opens="by-hand"]`)
	phone.Click(`#by-hand input[name=reason]`)
	phone.Click(`#by-hand button.button`)
	phone.WaitText("#verdict[open] .verdict-good", "Agus Salim")
	shot(phone, "alone-verdict")
	phone.Click(`#verdict [data-do=next]`)
	shows(phone, 4)
	if list := w.phones(); len(list) != 1 || list[0].Officer != w.officer || list[0].Clear > models.MillisOf(time.Now()) {
		t.Errorf("the desk waits for %+v, want the phone that is alone", list)
	}
	ended := models.MillisOf(time.Now())

	// The phone's browser was closed, so the officer has to sign in. Whether Chromium has
	// written the cookie to its disk before it was killed depends on how slow the machine is.
	forgetsCookies(phone)
	d.open()
	phone.WaitText("#alone:not([hidden])", "4 pindaian belum terkirim. Ketik PIN")
	shot(phone, "alone-signin")
	d.signsIn(phone)
	phone.Wait(`document.documentElement.dataset.alone === "no" && document.documentElement.dataset.waiting === "0"`)
	eventually(t, "the office has what the phone held", func() bool { return w.mark("KINI", "P-3").Status == models.StatusInside })
	var held []string
	budi := 0
	const meeting = 2000 // ms that a phone may take to meet its desk: so far it may be off
	for _, e := range w.events() {
		if e.Verdict.Accepted() && e.Ticket != nil && *e.Ticket == tickets["P-2"].Ticket {
			budi++
		}
		if e.HandedMS == 0 || e.Kind == models.EventIn { // its first request may have reached the machine after all
			continue
		}
		held = append(held, string(e.Kind)+" "+string(e.Verdict))
		if e.OccurredMS < began-meeting || e.OccurredMS > ended+meeting || e.HandedMS < e.OccurredMS || e.Quarantine != "" || e.Other != "" ||
			e.Desk != "Meja 2 · Gerbang Timur" {
			t.Errorf("held between %d and %d: %+v", began, ended, e)
		}
	}
	if got, want := strings.Join(held, ", "),
		"refused already_in, refused malformed, refused already_in, refused already_in, refused other_class, manual accepted_in"; got != want {
		t.Errorf("held and handed over: %s; want %s", got, want)
	}
	if budi != 1 {
		t.Errorf("who was scanned while the machine stood still is recorded %d times", budi)
	}
	Eval[bool](phone, `(document.querySelector('form[action="/logout"]').requestSubmit(), true)`)
	eventually(t, "nobody waits for a phone that has handed over and was signed out", func() bool { return len(w.phones()) == 0 })
	if first := w.mark("KINI", "P-2").First; first == nil || models.MillisOf(first.Add(time.Second)) < began { // it is told in whole seconds
		t.Errorf("somebody scanned alone came at %v", first)
	}
}

// phones are those that the desk waits for, before anybody is absent.
func (w *town) phones() []store.Phone {
	w.t.Helper()
	st, err := store.Open(w.t.Context(), w.desk)
	if err != nil {
		w.t.Fatal(err)
	}
	list, err := st.Phones(w.t.Context())
	if err := errors.Join(err, st.Close()); err != nil {
		w.t.Fatal(err)
	}
	return list
}

// shot takes a picture where they are wanted.
func shot(phone *Page, name string) {
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		phone.Screenshot(filepath.Join(dir, name+".png"))
	}
}
