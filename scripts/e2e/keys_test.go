package e2e

import (
	_ "embed"
	"encoding/json"
	"testing"

	"buktihadir/models/ticket"
	"buktihadir/scripts/sample"
)

// scannerScript is a USB scanner in a page.
//
//go:embed testdata/scanner.js
var scannerScript string

// rhythms are how scanners type: ms between keys, pauses after some keys of so many ms
// more, and the key at the end.
const rhythms = `[[5, [], "Enter"], [20, [[40, 150]], "Tab"], [60, [[1, 150], [80, 900]], "Enter"], [110, [[3, 800]], ""], [200, [[100, 700]], "Enter"],
	[400, [[2, 550], [150, 500]], "Enter"], [5, [[2, 900], [9, 900]], ""], [60, [], ""]]`

// token is the ticket of somebody, as their page shows it at first.
func token(t *testing.T, site *sample.Site, i int) string {
	t.Helper()
	text, err := site.Token(i)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Whatever page of the desk is open and whatever has the focus, a ticket that a scanner
// types is judged once, and no field is changed by it.
func TestATicketFromAScannerCountsOnEveryPageWhateverHasTheFocus(t *testing.T) {
	t.Parallel()
	site, dir := aClass(t)
	site.Officer = site.Supervisor // who may see every page
	page, address := staffWith(t, site, dir, BrowserOptions{})
	page.OnEveryPage(scannerScript)
	session := "/sessions/" + site.Classes[0].Session.String()
	code, row := scanned{Code: token(t, site, 1)}, ticket.Row{Session: site.Classes[0].Session, Enrollment: site.People[1].ID}
	for path, code := range map[string]scanned{
		"/": code, "/search?q=dewi": code, "/sessions": code, "/sessions/days": code, session: code, session + "/sheet": code,
		session + "/paper": {row.Text(), row.Enrollment.String()}, "/recent": code, "/station": code, "/clock": code, "/connect": code,
		"/setup": code, "/devices": code, "/others": code, "/bundle": code, "/nothing": code,
	} {
		page.Open(address + path)
		page.Wait(`window.scanner && document.readyState === "complete"`)
		got := Eval[struct {
			Turns  int
			Faults []string
		}](page, `scanner.everywhere(`+quoted(code)+`, `+rhythms+`)`)
		if len(got.Faults) > 0 || got.Turns < 5 {
			t.Errorf("%s: %d things with the focus, faults: %s", path, got.Turns, quoted(got.Faults))
		}
	}
}

// scanned is a code, and what the page sends for it if that is something else.
type scanned struct {
	Code  string `json:"code"`
	Means string `json:"means,omitempty"`
}

func quoted(value any) string {
	text, _ := json.Marshal(value) // of strings: it can't fail
	return string(text)
}
