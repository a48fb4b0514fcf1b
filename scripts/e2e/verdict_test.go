package e2e

import (
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/models/ticket"
)

// A question of a verdict stays until staff have answered it, and each way out says what
// is left undone.
func TestAVerdictThatAsksSomethingStaysUntilItIsAnswered(t *testing.T) {
	site, dir := fullAgent(t, 60)
	page, _ := staffAt(t, site, dir)
	buttons := func() string {
		t.Helper()
		return Eval[string](page, `[...document.querySelectorAll("#verdict [data-do]")].filter((b) => b.offsetWidth > 0).map((b) => b.innerText.trim()).join(" | ")`)
	}

	unknown, err := site.Change(3, func(x *ticket.Ticket) { x.ID = models.Ref{1} })
	if err != nil {
		t.Fatal(err)
	}
	page.submits(unknown)
	page.WaitText("#verdict[open] .verdict-warn", "Masuk tercatat")
	page.WaitText("#verdict[open] .verdict-warn", "Cocokkan dengan KTP")
	time.Sleep(4 * time.Second) // other amber verdicts have disappeared by then
	if got := buttons(); got != "KTP cocok | Tidak cocok: batalkan catatannya" {
		t.Errorf("a name to compare can be left by %q", got)
	}
	page.Click("#verdict [data-do=matches]")
	page.Wait(`!document.getElementById("verdict").open`)

	Eval[bool](page,
		`((window.fetch = async () => Response.json({ verdict: "spot_check", tone: "warn", person: null, session: null, zone: "WIB", spot: "asked" })), true)`)
	code, err := site.Token(4)
	if err != nil {
		t.Fatal(err)
	}
	page.submits(code)
	page.WaitText("#verdict[open] .verdict-warn", "Periksa KTP")
	if got := buttons(); got != "Lewati, belum tercatat" ||
		Eval[bool](page, `document.querySelector("#verdict [data-do=skip] use").getAttribute("href").endsWith("#check")`) {
		t.Errorf("an ID check can be left by %q", got)
	}
	page.Click("#verdict [data-do=skip]")
	page.Wait(`!document.getElementById("verdict").open`)

	Eval[bool](page,
		`((window.fetch = async () => Response.json({ verdict: "expired", tone: "bad", person: null, session: null, zone: "WIB", overridable: true })), true)`)
	page.submits(code)
	page.WaitText("#verdict[open] .verdict-bad", "Minta kantor program mengganti tiketnya")
	page.Click("#verdict [data-do=override]")
	if got := buttons(); got != "Batal – belum tercatat" {
		t.Errorf("the override can be left by %q", got)
	}
	page.Click("#verdict [data-do=back]")
	page.Wait(`!document.getElementById("verdict").open`)
}
