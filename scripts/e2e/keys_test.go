package e2e

import (
	_ "embed"
	"encoding/json"
	"strings"
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

// The page for trying says how a scanner types, and what it adds can be learned: then it
// counts, however slowly it comes.
func TestATestScanSaysHowTheScannerTypes(t *testing.T) {
	t.Parallel()
	site, dir := aClass(t)
	page, address := staffWith(t, site, dir, BrowserOptions{})
	page.OnEveryPage(scannerScript)
	page.Open(address + "/station")
	page.Click(`main a[href="/try"]`)
	page.Wait(`location.pathname === "/try" && window.scanner && document.readyState === "complete"`)
	const test = "BHTEST0123456789AMQWYZ"
	french := strings.NewReplacer("A", "Q", "Q", "A", "W", "Z", "Z", "W", "M", ";",
		"1", "!", "2", "@", "3", "#", "4", "$", "5", "%", "6", "^", "7", "&", "8", "*", "9", "(", "0", ")")
	for _, c := range []struct {
		typed, gap, end string
		want            []string
	}{
		{test, "8", "Enter", []string{"Pemindai bisa dipakai", "cocok", "Cepat: 8 ms", "menekan Enter"}},
		{strings.NewReplacer("Y", "Z", "Z", "Y").Replace(test), "20", "Tab", []string{"bisa dipakai", "Jerman", "menekan Tab"}},
		{french.Replace(test), "20", "Enter", []string{"bisa dipakai", "Prancis"}},
		{"AB" + test + "#", "150", "", []string{"bisa dipakai", "Lambat: 150 ms", "tidak menekan Enter", `"AB" di depan`, `"#" di belakang`}},
		{"8991234567890", "20", "Enter", []string{"bukan kode untuk mencoba", "8991234567890"}},
		{token(t, site, 1), "20", "Enter", []string{"Tiket asli: " + ticket.ShortName(site.People[1].Body.Name)}},
	} {
		Eval[bool](page, `(document.getElementById("try-lines").replaceChildren(), scanner.burst(`+quote(c.typed)+`, `+c.gap+`, [], `+quote(c.end)+`), true)`)
		for _, want := range c.want {
			page.WaitText("#try-lines", want)
		}
		if c.typed[:2] == "AB" {
			page.Click("#try-learn")
			page.WaitText("#try-lines", "Diingat")
		}
	}
	code := token(t, site, 1)
	page.Open(address + "/search")
	page.Wait(`window.scanner && document.readyState === "complete"`)
	page.focus("#q", "agus")
	before := Eval[string](page, fieldsNow)
	Eval[bool](page, `(scanner.burst(`+quote("AB"+code+"#")+`, 400, [[1, 500], [2, 500]]), true)`)
	page.Wait(askedNow + ` > 0 && ` + isShown)
	Eval[bool](page, goesOn)
	if after := Eval[string](page, fieldsNow); after != before || !Eval[bool](page, `scanner.asked[0].includes(`+quote(code)+`)`) {
		t.Errorf("with what the scanner adds learned: fields were\n%s, are\n%s", before, after)
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
