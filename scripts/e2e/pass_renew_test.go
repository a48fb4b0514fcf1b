package e2e

import (
	"encoding/hex"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"buktihadir/models"
	"buktihadir/models/ticket"
)

// firstLoad is what a ticket may cost a participant with a few megabytes left:
// every byte that comes down the line, heads and the service worker too.
const firstLoad = 60 << 10

// Changes of a ticket at the office show on an open page, and the chosen colours and
// sizes stay.
func TestATicketLoadsSmallAndShowsAtOnceThatItWasRevoked(t *testing.T) {
	t.Parallel()
	w := newTown(t, "live_only=true") // the code that changes brings the script that draws it
	siti := w.tickets("KINI")["P-1"]
	line := newSlowLine(t, w.server.URL)
	line.faster = 500
	phone := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	phone.Open(line.url() + w.passPath("P-1"))
	phone.Wait(kept)
	phone.Wait(`document.querySelector(".pass-qr > canvas")?.getBoundingClientRect().width > 100`)
	up, down, _, _ := line.meter()
	t.Logf("the first load takes %d bytes down and %d up", down, up)
	if down == 0 || down > firstLoad {
		t.Errorf("the first load takes %d bytes, want at most %d", down, firstLoad)
	}

	phone.Wait(`document.querySelector(".countdown").innerText.trim() === "Sedang berlangsung"`)
	size := Eval[float64](phone, `parseFloat(getComputedStyle(document.body).fontSize)`)
	phone.Click("#look-large")
	phone.Click("#look-contrast")
	look := func() {
		t.Helper()
		phone.Wait(`document.querySelector("#look-large").checked && document.querySelector("#look-contrast").checked`)
		if got := Eval[float64](phone, `parseFloat(getComputedStyle(document.body).fontSize)`); got < 1.3*size {
			t.Errorf("large text has %v px, the usual %v", got, size)
		}
		if got := Eval[string](phone, `getComputedStyle(document.body).color`); got != "rgb(0, 0, 0)" {
			t.Errorf("with high contrast, text is %s", got)
		}
		if wide := Eval[float64](phone, `document.documentElement.scrollWidth - 360`); wide > 0 {
			t.Errorf("with large text the page is %v px too wide", wide)
		}
	}
	look()

	w.do("ticket", "revoke", "--ticket", siti.Ticket.String(), "--reason", "hilang")
	phone.Wait(`dispatchEvent(new Event("online")) && document.querySelector("#pass .flash-warn")?.innerText.includes("sudah dicabut")`)
	phone.Wait(`document.querySelector(".pass-qr") === null && !document.getElementById("renewed").hidden`)
	w.do("ticket", "issue", "--class", "KINI")
	phone.Wait(`dispatchEvent(new Event("online")) && document.querySelector(".pass-qr canvas") !== null`)
	if got, want := Eval[string](phone, `document.querySelector(".pass-qr").dataset.token`), w.tickets("KINI")["P-1"].Token; got != want || got == siti.Token {
		t.Errorf("the page shows token %s, issued was %s", got, want)
	}

	// With no network, what is kept is the page as it is now.
	w.server.Kill()
	phone.Do(chromedp.Reload())
	phone.Wait(`document.querySelector(".pass-qr canvas") !== null`)
	if got := Eval[string](phone, `document.querySelector(".pass-qr").dataset.token`); got == siti.Token {
		t.Error("with no network the revoked ticket shows again")
	}
	look()
	if complaints := phone.ConsoleErrors(); len(complaints) > 0 {
		t.Logf("with no network, as expected: %q", complaints)
	}
}

// Rules that refuse fixed codes are agreed to with the tickets that they make useless: the page
// that people have shows the new code, and the desk takes it.
func TestTicketsThatARuleRefusesAreReplacedBehindTheSameLink(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	was := w.tickets("KINI")["P-1"]
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	phone := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	phone.Open(w.server.URL + w.passPath("P-1"))
	phone.Wait(`document.querySelector(".pass-qr > svg") !== null`)

	policy := []string{"--data", w.office, "pilot", "policy", "--code", "UJI", "--set", "live_only=true"}
	asked := w.programs.Server.Run(t, "", policy...)
	agreement := regexp.MustCompile(`--agree +(\w+)`).FindStringSubmatch(asked.Stdout)
	if agreement == nil || !strings.Contains(asked.Stdout, "to be renewed") || w.tickets("KINI")["P-1"].Token != was.Token {
		t.Fatalf("nobody was asked: %s%s", asked.Stdout, asked.Stderr)
	}
	w.programs.Server.Must(t, append(policy, "--agree", agreement[1])...)
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	phone.Wait(`dispatchEvent(new Event("online")) && document.querySelector(".pass-qr canvas") !== null`)

	pass := Eval[struct{ Token, Ticket, Key string }](phone, `({...document.querySelector(".pass-qr").dataset})`)
	now := w.tickets("KINI")["P-1"]
	key, err := hex.DecodeString(pass.Key)
	if err != nil || pass.Token != now.Token || pass.Token == was.Token {
		t.Fatalf("the page shows %s, %v", pass.Token, err)
	}
	if got := w.scan(was.Token).Verdict; got != models.VerdictStaticRefused { // whose hint says to open the page again
		t.Errorf("the old code: %s", got)
	}
	if got := w.scan(now.Token + ticket.TailAt(key, now.Ticket, ticket.StepAt(models.MillisOf(time.Now()))).Text()).Verdict; got != models.VerdictAcceptedIn {
		t.Errorf("the code on the page: %s", got)
	}
}
