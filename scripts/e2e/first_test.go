package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A computer that is not an agent yet shows how to become one, and is then the site's
// desk at the same address; no terminal is needed.
func TestAComputerBecomesADeskOnAPage(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	code := Lines[struct{ Code string }](t, w.do("agent", "add", "--site", "T-1", "--json"))[0].Code
	w.agent = w.programs.Agent.Serve(t, "--data", t.TempDir(), "serve", "--listen", "127.0.0.1:0")
	page := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	for _, lang := range []string{"en", "id"} {
		page.Open(w.agent.URL + "/?lang=" + lang)
		page.Wait(`location.pathname === "/setup"`)
		look(t, page, "desk-first "+lang)
	}
	page.Type("#server", w.server.URL)
	page.Type("#code", "SALAH")
	page.Click("#first-form button")
	page.Wait(`document.querySelector(".flash-bad:not([hidden])") !== null`)
	if typed := Eval[string](page, `document.querySelector("#server").value`); typed != w.server.URL {
		t.Errorf("after a wrong code the address says %q", typed)
	}
	Eval[bool](page, `(document.querySelector("#code").value = "") === ""`)
	page.Type("#code", code)
	page.Click("#first-form button")
	page.Wait(`document.querySelector(".ready") !== null && document.querySelector(".flash-good") !== null`)
	look(t, page, "desk-setup-enrolled")
	page.Open(w.agent.URL + "/sign-in")
	if !strings.Contains(Eval[string](page, `document.querySelector("#officer").innerText`), "Sari") {
		t.Error("the desk that was set up on a page does not know its officers")
	}
	page.Open(w.agent.URL + "/try")
	page.Wait(`document.getElementById("try-says").textContent !== ""`)
	look(t, page, "desk-try")
}

// look takes a picture and asks a screen reader's checker.
func look(t *testing.T, page *Page, name string) {
	t.Helper()
	for _, v := range page.Axe() {
		if v.Impact == "serious" || v.Impact == "critical" {
			t.Errorf("%s: %s: %+v", name, v.Impact, v)
		}
	}
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		page.Screenshot(filepath.Join(dir, strings.ReplaceAll(name, " ", "_")+".png"))
	}
}
