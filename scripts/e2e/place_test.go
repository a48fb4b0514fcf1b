package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
)

type placeScan struct {
	Verdict models.Verdict
	Session *struct{ Site string }
}

// A hall is flooded while its session goes on: the office holds it elsewhere. The old tickets
// are good there, the old desk says where, and who came to the old hall waits for a person.
func TestASessionThatGoesToAnotherSiteIsScannedThere(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	_, regency := zoneOfDay(time.Now())
	sites := filepath.Join(w.office, "more.csv")
	if err := os.WriteFile(sites, []byte("code,name,address,regency,capacity\nT-2,Balai Lain,Jl. Lain 2,"+regency+",600\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.do("import", "sites", sites)
	there := t.TempDir()
	code := Lines[struct{ Code string }](t, w.do("agent", "add", "--site", "T-2", "--json"))[0].Code
	w.programs.Agent.Must(t, "--data", there, "enroll", "--server", w.server.URL, "--code", code)
	tickets := w.tickets("KINI")
	scan := func(desk, number string) placeScan {
		t.Helper()
		out := w.programs.Agent.Run(t, tickets[number].Token+"\n", "--data", desk, "scan", "--json")
		return Lines[placeScan](t, out.Stdout)[0]
	}
	if got := scan(w.desk, "P-1"); got.Verdict != models.VerdictAcceptedIn {
		t.Fatalf("before the flood: %+v", got)
	}

	page := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	w.signIn(page, setupLink(w))
	page.Open(w.server.URL + "/classes?q=KINI")
	page.Click("main table a[href^='/classes/']")
	page.Click("main table a[href^='/sessions/']")
	page.Wait(`location.pathname.startsWith("/sessions/")`)
	page.Open(w.server.URL + Eval[string](page, `location.pathname`) + "/edit")
	const send = `(() => { const form = document.querySelector("form[action$='/edit']"), set = form.elements;
		set.site.value = [...set.site.options].find((o) => o.text.includes("Balai Lain")).value;
		set.room.value = "Aula"; set.reason.value = "aula lama kebanjiran"; form.requestSubmit(); return true })()`
	Eval[bool](page, send)
	page.Wait(`location.pathname.endsWith("/edit") === false || document.querySelector("[name=sure]") !== null`)
	if Eval[bool](page, `document.querySelector("[name=sure]") !== null`) { // its warnings
		Eval[bool](page, `(() => { document.querySelector("form[action$='/edit']").requestSubmit(); return true })()`)
		page.Wait(`location.pathname.endsWith("/edit") === false`)
	}

	if got := scan(w.desk, "P-3"); got.Verdict != models.VerdictAcceptedIn {
		t.Errorf("at the old desk, which doesn't know yet: %+v", got)
	}
	for _, desk := range []string{w.desk, there} {
		w.programs.Agent.Must(t, "--data", desk, "sync")
	}
	if got := scan(w.desk, "P-2"); got.Verdict != models.VerdictOtherSite || got.Session == nil || got.Session.Site != "Balai Lain" {
		t.Errorf("at the old desk, which knows: %+v", got)
	}
	if got := scan(there, "P-2"); got.Verdict != models.VerdictAcceptedIn {
		t.Errorf("the old ticket at the new desk: %+v", got)
	}
	for _, desk := range []string{w.desk, there} {
		w.programs.Agent.Must(t, "--data", desk, "sync")
	}
	if got := w.mark("KINI", "P-2"); got.First == nil {
		t.Errorf("who came to the new site: %+v", got)
	}
	page.Open(w.server.URL + "/cases?kind=" + string(models.CasePlanChanged))
	if waiting := Eval[int](page, `document.querySelectorAll("main a[href^='/cases/']").length`); waiting != 2 {
		t.Errorf("%d people wait for a decision, want the 2 of the old site", waiting)
	}
	for width, view := range map[string]Viewport{"360": Phone(), "1280": Desktop()} {
		beside := OpenBrowser(t, BrowserOptions{Viewport: view})
		w.logIn(beside)
		l := looker{t, beside, width}
		l.at(w.server.URL, "office-cases-alike", "/cases?kind="+string(models.CasePlanChanged))
		l.at(w.server.URL, "office-case-plan", l.linked(w.server.URL+"/cases?kind="+string(models.CasePlanChanged), "^/cases/[0-9a-f-]{36}$"))
	}
	page.Click(`main input[data-chooses="case"]`)
	page.Click(`main button[name="decision"][value="confirmed"]`)
	page.Wait(`document.querySelectorAll("main input[name=case]").length === 2`)
	page.Type("#reason", "datang sebelum kelas pindah")
	page.Click("main form button")
	page.Wait(`document.querySelector(".empty") !== null`)
	if got := w.mark("KINI", "P-3"); got.First == nil {
		t.Errorf("who came to the old site and counts: %+v", got)
	}
	w.do("audit", "check")
	asked := func(e string) bool { return strings.Contains(e, "status of 422") } // whether what it warns of is meant
	if complaints := slices.DeleteFunc(page.ConsoleErrors(), asked); len(complaints) > 0 {
		t.Errorf("the pages complain: %q", complaints)
	}
}
