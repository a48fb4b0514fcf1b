package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// receiptText finds the receipt that the desk's page shows.
const receiptText = `document.querySelector("[data-receipt-code]").textContent`

// shownQR reads the QR code of an open receipt with the page's own reader.
const shownQR = `(async () => {
	const { Reader } = await import("/static/desk/reader.js");
	const reader = new Reader(document.getElementById("desk").dataset);
	await reader.ready();
	const blob = await new Promise((done) => document.querySelector("#receipt canvas").toBlob(done));
	return (await reader.photo(blob)).text;
})()`

// From the green screen to the participant's phone, which has no network, and to the office's answer.
func TestAReceiptGoesFromTheDeskToTheTicketPage(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	phone := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	phone.Open(w.server.URL + w.passPath("P-1"))
	phone.Wait(kept)
	eventually(t, "the receipt's page is kept", func() bool { return Eval[bool](phone, `caches.match("/t/receipt").then(Boolean)`) })

	siti := w.tickets("KINI")["P-1"].Token
	w.server.Kill() // from now on the desk and the phone are on their own
	w.openDesk()
	staff := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	w.staffSignsIn(staff)
	staff.submits(siti)
	staff.WaitText("#verdict[open] .verdict-good", "Kode bukti")
	staff.Click("#verdict [data-do=receipt]")
	staff.Wait(`document.querySelector("#receipt[open] canvas") !== null`)
	code := Eval[string](staff, receiptText)
	snapshot(staff, "receipt-desk_360")
	address := Eval[string](staff, shownQR)
	if want := w.server.URL + "/t/receipt#" + code; address != want {
		t.Fatalf("the QR code leads to %q, want %q", address, want)
	}
	staff.Click("#receipt [data-receipt-close]")
	staff.Open(w.agent.URL + "/recent")
	staff.Click("main [data-receipt]")
	staff.WaitText("#receipt[open]", code)

	phone.Open(address)
	phone.WaitText("#kept", code)
	snapshot(phone, "receipt-kept_360")
	phone.Click("#ticket")
	phone.WaitText("#receipts li", code)
	phone.WaitText("#receipts li", "belum ditanyakan")
	w.agent.Kill() // it would send at once
	w.openOffice(strings.TrimPrefix(w.server.URL, "http://"))
	Eval[bool](phone, `dispatchEvent(new Event("online"))`)
	phone.WaitText("#receipts li", "Belum sampai")
	snapshot(phone, "receipt-owed_360")

	office := OpenBrowser(t, BrowserOptions{Viewport: Desktop()})
	w.signIn(office, setupLink(w))
	office.Open(w.server.URL + "/cases?kind=receipt_owed")
	office.WaitText("main", "Siti Rahma")
	snapshot(office, "receipt-cases_1280")

	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	phone.Do(chromedp.Reload())
	phone.WaitText("#receipts li", "Sudah sampai dan dihitung")
	snapshot(phone, "receipt-counts_360")
	office.Do(chromedp.Reload())
	office.Wait(`!document.querySelector("main").textContent.includes("Siti Rahma")`)

	// A mistyped code is told at once; another's, by the office. Without a script the page answers too.
	wrong := map[bool]string{true: "1", false: "0"}[strings.HasSuffix(code, "0")]
	phone.Type("#receipts input", strings.ToLower(code[:8])+wrong)
	phone.Click("#receipts form button")
	phone.Wait(`!document.querySelector("#receipts [data-problem]").hidden`)
	if !Eval[bool](phone, `fetch(document.querySelector("#receipts form").action, { method: "POST", body: new URLSearchParams({ code: "00000000" }) })
		.then((answer) => answer.text()).then((page) => page.includes("Ini bukan kode bukti"))`) {
		t.Error("a code that nobody was given is not refused")
	}

	office.Open(w.server.URL + "/participants?q=Siti")
	office.Click("main table a")
	office.Type("form[action$='/receipt'] input", code)
	office.Click("form[action$='/receipt'] button")
	office.WaitText("[data-receipt-state]", "Sudah sampai dan dihitung")
	snapshot(office, "receipt-office_1280")
}

func snapshot(p *Page, name string) {
	p.t.Helper()
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		p.Screenshot(filepath.Join(dir, name+".png"))
	}
}
