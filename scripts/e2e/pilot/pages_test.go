package pilot_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/scripts/e2e"
)

// quoted makes a JavaScript value.
func quoted[T any](v T) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "null" // texts and maps of them always marshal
	}
	return string(b)
}

// put fills in what a form has of these fields.
const put = `((form, values) => { for (const [name, value] of Object.entries(values)) { const field = form.elements[name];
	if (field && field.type === "checkbox") field.checked = value !== ""; else if (field) field.value = value } return form })`

// fill fills in a form and sends it by its only, or its first, button.
func fill(page *e2e.Page, form string, values map[string]string) {
	page.Wait(`document.querySelector(` + quoted(form) + `) !== null`)
	e2e.Eval[bool](page, `(() => { const form = `+put+`(document.querySelector(`+quoted(form)+`), `+quoted(values)+`);
		form.requestSubmit(form.querySelector("button:not([type=button])")); return true })()`)
}

// arrived waits for a page at an address like this, and gives the address.
func arrived(page *e2e.Page, pattern string) string {
	page.Wait(`new RegExp(` + quoted(pattern) + `).test(location.pathname) && document.readyState === "complete"`)
	return e2e.Eval[string](page, `location.pathname`)
}

// scene is the pilot with the browser of the programme office.
type scene struct {
	*plan
	t     *testing.T
	o     *office
	pmo   *e2e.Page
	pilot string // address of its page
	posts []*post
}

// plans does all that happens before the first day, on pages.
func (s *scene) plans() {
	s.o.setUp(s.pmo, s.o.url+"/setup/"+s.o.first, map[string]string{"email": "pmo@contoh.id", "name": "Ibu PMO"})
	s.pmo.Open(s.o.url + "/pilots/new")
	quotas := ""
	for _, code := range provinces() {
		quotas += code + ": 1000\n"
	}
	fill(s.pmo, `main form`, map[string]string{"code": "UJI-1", "name": "Uji coba tatap muka", "quota": "9500", "provinces": quotas})
	s.pilot = arrived(s.pmo, "^/pilots/[0-9a-f-]{36}$")
	fill(s.pmo, `form[action$="/policy"]`, map[string]string{"check_out": "", "sessions_share": "80", "policy_reason": "kelas uji coba berlangsung penuh"})
	s.pmo.WaitText(".flash", "Aturan presensi disimpan")
	s.pmo.OnEveryPage(watchProgress)
	for _, file := range []struct {
		kind string
		rows [][]string
	}{{"sites", s.siteRows()}, {"schedule", s.scheduleRows()}, {"participants", s.peopleRows()}} {
		s.imports(file.kind, file.rows)
	}
	s.decides()
}

// watchProgress makes a page note each progress bar that it shows, however shortly: a
// check from outside may come too late.
const watchProgress = `new MutationObserver(() => {
	for (const bar of document.querySelectorAll("#import progress")) sessionStorage.setItem("progress " + bar.max, "shown")
}).observe(document, {subtree: true, childList: true})`

// imports uploads a file, watches how far it is, and says yes to what was found.
func (s *scene) imports(kind string, rows [][]string) {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), kind+".csv")
	s.o.ok(os.WriteFile(path, table(s.t, rows), 0o600))
	s.pmo.Open(s.o.url + "/imports/new?kind=" + kind)
	s.pmo.Do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}))
	e2e.Eval[bool](s.pmo,
		`(() => { const form = document.querySelector("main form"); form.elements.pilot.selectedIndex = 1; form.requestSubmit(); return true })()`)
	arrived(s.pmo, "^/imports/[0-9a-f-]{36}$")
	s.pmo.Wait(`document.querySelector("form[action$='/apply']") !== null`)
	s.pmo.Click("form[action$='/apply'] button")
	s.pmo.Wait(`document.querySelector("#import .flash-good") !== null`)
	if n := e2e.Eval[string](s.pmo, `document.querySelector("#import .figures dd").innerText.replaceAll(".", "")`); n != fmt.Sprint(len(rows)-1) {
		s.t.Errorf("%s: %s rows taken, want %d", kind, n, len(rows)-1)
	}
	if kind == "participants" && !e2e.Eval[bool](s.pmo, fmt.Sprintf(`sessionStorage.getItem("progress %d") !== null`, len(rows)-1)) {
		s.t.Error("9,000 participants were imported, and no progress was shown")
	}
}

// decides records the committee's decision with its document, and issues the tickets.
func (s *scene) decides() {
	path := filepath.Join(s.t.TempDir(), "keputusan.pdf")
	s.o.ok(os.WriteFile(path, []byte("%PDF-1.7\n% keputusan Komite Cipta Kerja\n"), 0o600))
	s.pmo.Open(s.o.url + s.pilot)
	s.pmo.Click(`form[action$="/phase"] button[value="awaiting_decision"]`)
	s.pmo.Wait(`document.querySelector("form[action$='/decide']") !== null`)
	e2e.Eval[bool](s.pmo, `(document.querySelector("form[action$='/decide']").closest("details").open = true)`)
	s.pmo.Do(chromedp.SetUploadFiles(chromedp.CSS("#document"), []string{path}))
	fill(s.pmo, `form[action$="/decide"]`, map[string]string{"number": "KCK/7/2026", "date": "2026-06-01", "first_day": string(firstDay)})
	s.pmo.Wait(`document.querySelector("main a[href^='/documents/']") !== null`)
	s.pmo.Click(`form[action$="/tickets"] button`)
	s.pmo.WaitText(".flash", "9.300 tiket")
	s.pmo.Click(`form[action$="/phase"] button[value="running"]`)
	s.pmo.Wait(`document.querySelector("form[action$='/phase'] button[value='closed']") !== null`)
}

// equips adds an officer and an agent at every site: at the first one through the
// browser, at the others by posting the same forms.
func (s *scene) equips() {
	s.known()
	s.pmo.Open(s.o.url + "/sites/" + s.sites[0].id.String())
	fill(s.pmo, `form[action$="/officers"]`, map[string]string{"name": "Sari Utami", "supervisor": "1"})
	arrived(s.pmo, "^/officers/")
	s.pmo.Open(s.o.url + "/sites/" + s.sites[0].id.String())
	fill(s.pmo, `form[action$="/agents"]`, map[string]string{"agent": "Laptop meja depan"})
	arrived(s.pmo, "/agent-code$")
	codes := []string{s.pmo.Text("main pre.code")}
	for _, x := range s.sites[1:] {
		page := e2e.Eval[string](s.pmo, `fetch(`+
			quoted("/sites/"+x.id.String()+"/agents")+`, {method: "POST", body: new URLSearchParams({agent: "Laptop meja depan"})}).then((r) => r.text())`)
		found := regexp.MustCompile(`<pre class="code" tabindex="0">([^<]+)</pre>`).FindStringSubmatch(page)
		if found == nil {
			s.t.Fatalf("no code for %s", x.code)
		}
		codes = append(codes, found[1])
	}
	for i, x := range s.sites {
		s.posts = append(s.posts, enrol(s.t, s.o, x, codes[i]))
	}
}

// known reads what the office calls the things of the plan, and the tickets that 9,000
// phones would show.
func (s *scene) known() {
	q := s.o.st.Read(s.t.Context())
	sites, err := q.Sites()
	s.o.ok(err)
	ids := map[string]uuid.UUID{}
	for _, x := range sites {
		ids[x.Code] = x.ID
	}
	for _, x := range s.sites {
		x.id = ids[x.code]
	}
	for _, c := range s.classes {
		row, err := q.ClassByCode(c.code)
		s.o.ok(err)
		c.id = row.ID
		sessions, err := q.SessionsOf(c.id)
		s.o.ok(err)
		for i, x := range sessions {
			if c.sessions[i].id = x.ID; x.StartsAt != c.sessions[i].startsAt || x.EndsAt != c.sessions[i].endsAt {
				s.t.Fatalf("%s, session %d: %v to %v", c.code, i+1, x.StartsAt, x.EndsAt)
			}
		}
		places, err := q.Places(c.id)
		s.o.ok(err)
		byNumber := map[string]*person{}
		for _, who := range c.people {
			byNumber[who.number] = who
		}
		for _, x := range places {
			if who := byNumber[x.Number]; who != nil && x.Enrollment.Role == models.PersonParticipant {
				who.place, who.token = x.Enrollment.ID, x.Tickets[0].Token
			}
		}
	}
}

// invites makes a reviewer, who chooses a password in a browser of their own.
func (s *scene) invites() *e2e.Page {
	s.pmo.Open(s.o.url + "/users/new")
	fill(s.pmo, "main form", map[string]string{"name": "Pak Peninjau", "email": "peninjau@contoh.id", "role": "pmo_reviewer"})
	arrived(s.pmo, "^/users/.*/link$")
	reviewer := e2e.OpenBrowser(s.t, e2e.BrowserOptions{})
	s.o.setUp(reviewer, s.pmo.Text("main pre.code"), map[string]string{})
	return reviewer
}

// joins adds an officer at a site, the last thing that the office does before it is asked.
func (s *scene) joins(x *site, name string) {
	s.pmo.Open(s.o.url + "/sites/" + x.id.String())
	fill(s.pmo, `form[action$="/officers"]`, map[string]string{"name": name})
	arrived(s.pmo, "^/officers/")
}
