package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// proposes asks for classes for two people without a place, one of them far away
// from every site, and gives the address of the proposal.
func (w *town) proposes(page *Page) string {
	w.t.Helper()
	_, regency := zoneOfDay(time.Now())
	far := "91.71"
	if regency[:2] >= "80" {
		far = "11.71"
	}
	people := filepath.Join(w.office, "idle.csv")
	content := "number,nik,name,regency\nP-90,3273000101900090,Nur Hidayah," + regency + "\nP-91,3273000101900091,Petrus Kogoya," + far + "\n"
	if err := os.WriteFile(people, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.do("import", "participants", people, "--pilot", "UJI")
	page.Open(w.server.URL + "/plan/new")
	first, last := time.Now().AddDate(0, 0, 2).Format(time.DateOnly), time.Now().AddDate(0, 0, 9).Format(time.DateOnly)
	Eval[bool](page, `(() => { const form = document.querySelector("main form"), set = form.elements;
		set.pilot.selectedIndex = 1; set.first1.value = `+quote(first)+`; set.last1.value = `+quote(last)+`;
		form.querySelector("input[name=course]").checked = true; form.requestSubmit(); return true })()`)
	page.Wait(`/^\/plan\/[0-9a-f-]{36}$/.test(location.pathname) && document.querySelector("input[name=class]") !== null`)
	return Eval[string](page, `location.pathname`)
}

// A proposal is made, accepted by keyboard and pointer alone, and its class is there.
func TestAProposedClassBecomesAClassInTheBrowser(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	page := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	w.signIn(page, setupLink(w))
	w.proposes(page)
	page.Click("input[name=class]")
	page.Click("main form.stack button")
	page.Wait(`document.querySelector("main a[href^='/classes/']") !== null`)
	page.Open(w.server.URL + "/classes?q=K1-T-1-1")
	if found := Eval[int](page, `document.querySelectorAll("main table a[href^='/classes/']").length`); found != 1 {
		t.Errorf("%d classes of that code, want 1", found)
	}
	if complaints := page.ConsoleErrors(); len(complaints) > 0 {
		t.Errorf("the pages complain: %q", complaints)
	}
}
