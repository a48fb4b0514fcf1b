package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"buktihadir/scripts/sample"
)

// Two people of one name come to a desk: staff see what tells them apart, in amber until
// they have compared, and where they search.
func TestStaffSeeWhatTellsPeopleOfOneNameApart(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 60) // the sample's 57th has the name of its first
	page, address := staffAt(t, site, dir)
	for _, scan := range []struct {
		i    int
		want string
	}{{56, "00057 · LAS-02 · NIK …0056"}, {0, "00001 · LAS-01 · NIK …0000"}} {
		code, err := site.Token(scan.i)
		if err != nil {
			t.Fatal(err)
		}
		page.submits(code)
		page.WaitText("#verdict[open] .verdict-warn", "Ada nama yang mirip. Cocokkan: "+scan.want)
		if dir := os.Getenv("SCREENSHOTS"); dir != "" && scan.i == 0 {
			page.Screenshot(filepath.Join(dir, "alike-verdict.png"))
		}
		page.Click("#verdict [data-do=matches]")
	}
	page.Open(address + "/search?q=dewi+lestari")
	page.WaitText("main", "Ada nama yang mirip: cocokkan nomor pendaftaran, kelas, dan NIK")
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		page.Screenshot(filepath.Join(dir, "alike-search.png"))
	}
}

// staffAt serves an agent that has no office, and signs staff in on a phone.
func staffAt(t testing.TB, site *sample.Site, dir string) (page *Page, address string) {
	t.Helper()
	return staffWith(t, site, dir, BrowserOptions{Viewport: Phone()})
}

func staffWith(t testing.TB, site *sample.Site, dir string, o BrowserOptions) (page *Page, address string) {
	t.Helper()
	program := Build(t).Agent
	program.Must(t, "--data", dir, "clock", "--right") // with no office, somebody has to say so
	agent := program.Serve(t, "--data", dir, "serve", "--listen", "127.0.0.1:0", "--listen-tls", "off")
	page = OpenBrowser(t, o)
	page.Open(agent.URL + "/sign-in")
	page.Wait(`(document.querySelector("select#officer").value = "` + site.Officer.String() + `") !== ""`)
	page.Type("#pin", site.PIN)
	page.Click("form.card button")
	page.Wait(`!location.pathname.startsWith("/sign-in")`)
	page.Open(agent.URL + "/")
	page.Wait(`document.getElementById("scanner-note")?.innerText`)
	return page, agent.URL
}

func TestADeviceStaysQuietUntilItsSoundIsTurnedOnAgain(t *testing.T) {
	t.Parallel()
	site, dir := fullAgent(t, 2)
	page, address := staffAt(t, site, dir)
	pressed := func() string {
		return Eval[string](page, `document.querySelector("[data-sound]").getAttribute("aria-pressed")`)
	}
	settled := func() { page.Wait(`!document.querySelector("[data-camera=start]").hidden`) } // there is no camera: nothing moves any more
	settled()
	if pressed() != "true" {
		t.Error("a new device is silent")
	}
	page.Click("[data-sound]")
	page.Open(address + "/")
	settled()
	if pressed() != "false" {
		t.Error("the sound that was turned off is on again after the page was opened anew")
	}
	page.Click("[data-sound]")
	if pressed() != "true" {
		t.Error("the sound can't be turned on again")
	}
}
