package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// officeTook and deskTook are what the programs say of a bundle and of a reply.
type officeTook struct {
	Agent    uuid.UUID
	Enrolled bool
	Events   int
	Rejected int
	Items    int `json:"roster_items"`
}

type deskTook struct {
	Enrolled, Stale bool
	Sent, Unsent    uint64
	Items           int `json:"roster_items"`
}

// stick is a folder that is carried between an agent and the office.
type stick struct {
	*town
	dir string
}

func (s stick) path(name string) string { return filepath.Join(s.dir, name) }

func (s stick) atOffice(bundle, reply string) officeTook {
	s.t.Helper()
	return Lines[officeTook](s.t, s.do("bundle", "import", s.path(bundle), "--reply", s.path(reply), "--json"))[0]
}

func (s stick) atDesk(args ...string) string {
	s.t.Helper()
	return s.programs.Agent.Must(s.t, append([]string{"--data", s.desk}, args...)...)
}

func (s stick) reply(name string) deskTook {
	s.t.Helper()
	return Lines[deskTook](s.t, s.atDesk("bundle", "import", s.path(name), "--json"))[0]
}

// enrol makes a machine that has not met the server the town's agent.
func (s stick) enrol(publicURL string) {
	s.t.Helper()
	s.desk = s.t.TempDir()
	s.do("agent", "add", "--site", "T-1", "--name", "Meja tanpa jaringan", "--invite", s.path("pendaftaran.txt"), "--public-url", publicURL)
	s.atDesk("enroll", "--invite", s.path("pendaftaran.txt"), "--out", s.path("permintaan.age"))
	if got := s.atOffice("permintaan.age", "balasan-0.age"); !got.Enrolled || got.Items == 0 {
		s.t.Fatalf("the office took %+v", got)
	}
	if got := s.reply("balasan-0.age"); !got.Enrolled || got.Items == 0 {
		s.t.Fatalf("the first reply brought %+v", got)
	}
}

// A site that has never had a network: everything goes by stick, from the
// invitation to the last receipt.
func TestASiteWithoutAnyNetworkIsCountedForADay(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	s := stick{w, t.TempDir()}
	s.enrol(w.server.URL)
	tickets := w.tickets("KINI")
	for _, number := range []string{"P-1", "P-2"} {
		if g := w.scan(tickets[number].Token); !g.Verdict.Accepted() {
			t.Fatalf("%s: %s", number, g.Verdict)
		}
	}
	wrote := Lines[struct{ Events, Left, Bytes int }](t, s.atDesk("bundle", "export", s.path("hari-1.age"), "--json"))[0]
	if wrote.Events < 2 || wrote.Left != 0 {
		t.Fatalf("the bundle has %+v", wrote)
	}
	if got := s.atOffice("hari-1.age", "balasan-1.age"); got.Events != wrote.Events || got.Rejected != 0 {
		t.Fatalf("the office took %+v", got)
	}
	for _, number := range []string{"P-1", "P-2"} {
		if m := w.mark("KINI", number); m.Status != models.StatusInside || m.First == nil || time.Since(*m.First) > 5*time.Minute {
			t.Errorf("%s is %s since %v", number, m.Status, m.First)
		}
	}
	before := w.do("events", "--json") + w.do("attendance", "--class", "KINI", "--json")
	if got := s.atOffice("hari-1.age", "balasan-2.age"); got.Events != 0 {
		t.Errorf("twice brought %+v", got)
	}
	if after := w.do("events", "--json") + w.do("attendance", "--class", "KINI", "--json"); after != before {
		t.Error("the bundle taken in twice changed the record")
	}
	if got := s.reply("balasan-1.age"); got.Sent != uint64(wrote.Events) || got.Unsent != 0 {
		t.Errorf("the reply brought %+v", got)
	}
	if got := s.reply("balasan-1.age"); got.Sent != 0 || got.Items != 0 || got.Unsent != 0 {
		t.Errorf("the reply again brought %+v", got)
	}
	s.thenANetwork(tickets["P-3"])
}

// thenANetwork sends by line what a stick brings again, later.
func (s stick) thenANetwork(x townTicket) {
	s.t.Helper()
	s.scan(x.Token)
	s.atDesk("bundle", "export", s.path("hari-2.age"))
	s.atDesk("sync")
	s.ownEventsOnce()
	if got := s.atOffice("hari-2.age", "balasan-3.age"); got.Events != 0 {
		s.t.Errorf("the stick brought %+v after the line", got)
	}
	if got := s.reply("balasan-3.age"); got.Sent != 0 || got.Unsent != 0 {
		s.t.Errorf("its reply brought %+v", got)
	}
	if m := s.mark("KINI", x.Participant.Number); m.Status != models.StatusInside {
		s.t.Errorf("who came on the second day is %s", m.Status)
	}
	s.ownEventsOnce()
}

// ownEventsOnce expects this desk's journal at the office, each event once.
func (s stick) ownEventsOnce() {
	s.t.Helper()
	status := Lines[struct {
		Agent               uuid.UUID
		Head, Acked, Unsent uint64
	}](s.t, s.atDesk("status", "--json"))[0]
	seen := map[uint64]int{}
	for _, e := range Lines[struct {
		Agent uuid.UUID
		Seq   uint64
	}](s.t, s.do("events", "--json")) {
		if e.Agent == status.Agent {
			seen[e.Seq]++
		}
	}
	if status.Unsent != 0 || status.Acked != status.Head || uint64(len(seen)) != status.Head {
		s.t.Errorf("%+v at the desk, %d events at the office", status, len(seen))
	}
	for seq, n := range seen {
		if n != 1 {
			s.t.Errorf("event %d stands there %d times", seq, n)
		}
	}
}

// The same by people with a phone and a computer: the command line is needed only
// for a machine to become an agent.
func TestABundleGoesThroughThePagesOfDeskAndOffice(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	s := stick{w, t.TempDir()}
	w.server.Stop()
	// No program listens at the address that the invitation names.
	w.server = w.programs.Server.Serve(t, "--data", w.office, "serve", "--listen", "127.0.0.1:0", "--public-url", "http://127.0.0.1:9")
	office := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	w.signIn(office, between(w.do("user", "add", "--email", "pmo@contoh.id", "--name", "Ibu PMO", "--role", "pmo_admin", "--json"), "/setup/"))
	s.enrolByPages(office)
	w.scan(w.tickets("KINI")["P-1"].Token)
	w.openDesk()
	desk := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	desk.Open(w.agent.URL + "/sign-in")
	desk.Wait(`(document.querySelector("select#officer").value = "` + w.officer.String() + `") !== ""`)
	desk.Type("#pin", w.pin)
	desk.Click("form.card button")
	desk.Wait(`location.pathname !== "/sign-in"`)
	desk.Open(w.agent.URL + "/station")
	desk.Click(`a[href="/bundle"]`)
	desk.Wait(`location.pathname === "/bundle"`)
	s.download(desk, `"/bundle/export"`, "hari.age")
	looker{t, desk, "360"}.at(w.agent.URL, "desk-bundle", "/bundle")

	office.Open(w.server.URL + "/bundles?lang=id")
	s.upload(office, filepath.Join(w.desk, "agent.key"))
	office.WaitText("main", "bukan berkas presensi")
	one := s.handInByPage(office, "hari.age", "pindaian baru dari T-1")
	look := looker{t, office, "360"}
	look.at(w.server.URL, "office-bundles", "/bundles")
	look.at(w.server.URL, "office-bundle", one)
	s.download(office, quote(one+"/reply"), "balasan.age")

	desk.Open(w.agent.URL + "/bundle?lang=id")
	s.upload(desk, s.path("hari.age"))
	desk.WaitText("main", "untuk komputer lain")
	s.upload(desk, s.path("balasan.age"))
	desk.WaitText("main", "Kantor program menerima")
	s.ownEventsOnce()
	if m := w.mark("KINI", "P-1"); m.Status != models.StatusInside {
		t.Errorf("who came is %s", m.Status)
	}
}

// enrolByPages makes a machine without a network the site's agent, with what the
// office's pages give.
func (s stick) enrolByPages(office *Page) {
	s.t.Helper()
	look := looker{s.t, office, "360"}
	site := look.linked(s.server.URL+"/sites", "^/sites/[0-9a-f-]{36}$")
	office.Open(s.server.URL + site)
	office.Click(`form[action$="/agents"] button`)
	office.Wait(`location.pathname.endsWith("/agent-code") && document.querySelector("main details") !== null`)
	Eval[bool](office, `document.querySelector("main details").open = true`)
	if wide := Eval[float64](office, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		s.t.Errorf("the invitation is %v px too wide", wide)
	}
	for _, v := range office.Axe() {
		if v.Impact == "serious" || v.Impact == "critical" {
			s.t.Errorf("the invitation's page: %+v", v)
		}
	}
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		office.Screenshot(filepath.Join(dir, "office-invitation_360.png"))
	}
	s.download(office,
		`document.querySelector("form[action$='/invite']").action, { method: "POST",
			body: new URLSearchParams(new FormData(document.querySelector("form[action$='/invite']"))) }`,
		"pendaftaran.txt")
	file, err := os.ReadFile(s.path("pendaftaran.txt"))
	if shown := Eval[string](office, `document.querySelector("main details pre").textContent`); err != nil || shown != string(file) {
		s.t.Errorf("the page shows %q, the file has %q, %v", shown, file, err)
	}
	s.desk = s.t.TempDir()
	s.atDesk("enroll", "--invite", s.path("pendaftaran.txt"), "--out", s.path("permintaan.age"))
	office.Open(s.server.URL + "/bundles?lang=id")
	one := s.handInByPage(office, "permintaan.age", "kini komputer presensi di Balai Uji")
	s.download(office, quote(one+"/reply"), "balasan-0.age")
	if got := s.reply("balasan-0.age"); !got.Enrolled {
		s.t.Fatalf("the first reply brought %+v", got)
	}
}

// handInByPage uploads a bundle and gives the address of the page that says what
// came of it.
func (s stick) handInByPage(office *Page, name, words string) string {
	s.t.Helper()
	s.upload(office, s.path(name))
	office.Wait(`/^\/bundles\/[0-9a-f-]{36}$/.test(location.pathname)`)
	office.WaitText("main", words)
	return Eval[string](office, `location.pathname`)
}

// download fetches a file as the signed-in page would (request is JavaScript), and puts it on the stick.
func (s stick) download(page *Page, request, name string) {
	s.t.Helper()
	raw := Eval[string](page, fmt.Sprintf(`(async () => { const r = await fetch(%s); if (!r.ok) return "";
		const b = new Uint8Array(await r.arrayBuffer()); return JSON.stringify(Array.from(b)) })()`, request))
	var numbers []int
	if err := json.Unmarshal([]byte(raw), &numbers); err != nil || len(numbers) == 0 {
		s.t.Fatalf("%s: %q, %v", request, raw, err)
	}
	content := make([]byte, len(numbers))
	for i, n := range numbers {
		content[i] = byte(n)
	}
	if err := os.WriteFile(s.path(name), content, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// upload chooses a file in a page's form and sends it.
func (s stick) upload(page *Page, path string) {
	s.t.Helper()
	page.Wait(`document.readyState === "complete"`) // a page that is still being read loses its nodes
	page.Upload(`input[type=file]`, path)
	page.Click(`form[enctype] button`)
}

// between gives what follows a mark in a text up to the next quote or space.
func between(text, mark string) string {
	at := strings.Index(text, mark)
	if at < 0 {
		return ""
	}
	end := strings.IndexAny(text[at:], "\" \n")
	return text[at : at+end]
}
