package e2e

import (
	"testing"
)

// The overview renews itself when a site reports, and whoever works on it notices
// nothing but the new figure: focus, what is opened and how far it is scrolled stay.
func TestTheOverviewRenewsItselfAroundWhoeverWorksOnIt(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	page := OpenBrowser(t, BrowserOptions{Viewport: Desktop()})
	w.signIn(page, setupLink(w))
	page.Open(w.server.URL + "/")
	page.Wait(`document.querySelector(".map use").getBBox().width > 10`) // the outlines are there
	Eval[bool](page, `(() => { document.querySelector("#map-table").open = true; scrollTo(0, 300);
		document.querySelector(".map a").focus({preventScroll: true}); return true })()`)
	const working = `JSON.stringify([document.activeElement.id, document.querySelector("#map-table").open, scrollY])`
	before := Eval[string](page, working)
	const came = `document.querySelector("#state-begun").closest(".figure").querySelector("dd").innerText`
	if got := Eval[string](page, came); got != "0" {
		t.Fatalf("%s have come before anybody was scanned", got)
	}
	w.programs.Agent.Run(t, w.tickets("KINI")["P-1"].Token+"\n", "--data", w.desk, "scan")
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	page.Wait(came + ` === "1"`)
	if after := Eval[string](page, working); after != before {
		t.Errorf("what somebody worked with was %s and is %s", before, after)
	}
	if complaints := page.ConsoleErrors(); len(complaints) > 0 {
		t.Errorf("the page complains: %q", complaints)
	}
}
