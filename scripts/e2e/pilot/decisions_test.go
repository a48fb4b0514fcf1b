package pilot_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/xuri/excelize/v2"

	"buktihadir/models"
	"buktihadir/scripts/e2e"
	"buktihadir/server/webhook"
)

// payer is another system that is told of completions.
type payer struct {
	s      *scene
	mu     sync.Mutex
	secret *standardwebhooks.Webhook
	told   []webhook.Completion
}

func (p *payer) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		p.s.t.Error(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.secret.VerifyIgnoringTimestamp(body, r.Header); err != nil { // it is signed by the story's clock
		p.s.t.Error(err)
	}
	var m struct {
		Data struct{ Completions []webhook.Completion }
	}
	if err := json.Unmarshal(body, &m); err != nil {
		p.s.t.Error(err)
	}
	p.told = append(p.told, m.Data.Completions...)
}

// completed says whether the other system was told so.
func (p *payer) completed(number string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.told, func(c webhook.Completion) bool { return c.Number == number && c.Completed })
}

// connects registers the other system on the office's page.
func (s *scene) connects() *payer {
	p := &payer{s: s}
	receiver := httptest.NewServer(p)
	s.t.Cleanup(receiver.Close)
	s.pmo.Open(s.o.url + "/webhooks/new")
	s.pmo.Click(`input[name="topics"][value="completion.changed"]`)
	fill(s.pmo, "main form", map[string]string{"name": "Pembayaran", "url": receiver.URL})
	arrived(s.pmo, "^/webhooks/[0-9a-f-]{36}$")
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	p.secret, err = standardwebhooks.NewWebhook(s.pmo.Text("main pre.code"))
	s.o.ok(err)
	return p
}

// hearsFrom checks on the first page, without a reload, how a silent site comes back.
func (s *scene) hearsFrom(page *e2e.Page, x *site) {
	page.Open(s.o.url + "/")
	e2e.Eval[bool](page, `(window.kept = true)`)
	waiting := `Number(document.querySelector(".figure a[href='/sessions?state=waiting']").closest(".figure").querySelector("dd").innerText)`
	page.Wait(waiting + ` === ` + strconv.Itoa(len(s.waiting())))
	s.o.ok(s.posts[x.n].call(s.t.Context(), s.o))
	s.silent = nil
	page.Wait(waiting + ` === ` + strconv.Itoa(len(s.waiting())) + ` && window.kept`)
}

// dismisses decides about what a desk claimed that is not theirs.
func (s *scene) dismisses() {
	s.pmo.Open(s.o.url + "/cases?kind=other_site")
	s.pmo.Click(`main .table a[href^="/cases/"]`)
	here := arrived(s.pmo, "^/cases/[0-9a-f-]{36}$")
	fill(s.pmo, `form[action="`+here+`"]`, map[string]string{"decision": "dismissed", "reason": "Peserta hadir di kelasnya sendiri; perangkat disita."})
	s.pmo.Wait(`[...document.querySelectorAll(".rows")].some((x) => x.innerText.includes("perangkat disita"))`)
}

// corrects makes somebody present at a session that they missed, by a paper.
func (s *scene) corrects(who *person, x *session) {
	path := filepath.Join(s.t.TempDir(), "daftar-hadir.pdf")
	s.o.ok(os.WriteFile(path, []byte("%PDF-1.7\n% daftar hadir bertanda tangan\n"), 0o600))
	s.pmo.Open(s.o.url + "/sessions/" + x.id.String() + "/people/" + who.place.String())
	s.pmo.Do(chromedp.SetUploadFiles(chromedp.CSS("#evidence"), []string{path}))
	fill(s.pmo, `form:has(#evidence)`, map[string]string{"status": "present", "reason": "Tertulis di daftar hadir; pemindaian gagal."})
	s.pmo.Wait(`document.querySelector("a[href$='/evidence']") !== null`)
	who.fates[x.seq-1].came, who.fates[x.seq-1].corrected = true, true
}

// transfers moves somebody to another class: previewed, then agreed to.
func (s *scene) transfers(who *person, to *class) {
	s.pmo.Open(s.o.url + "/enrollments/" + who.place.String())
	fill(s.pmo, `form[action="/enrollments"]`, map[string]string{"to": to.code, "reason": "pindah domisili"})
	arrived(s.pmo, "^/bulk/[0-9a-f-]{36}$")
	s.pmo.Click(`form[action$="/apply"] button`)
	s.pmo.Wait(`document.querySelector("form[action$='/undo']") !== null`)
	s.pmo.Open(s.o.url + "/classes/" + to.id.String() + "/people")
	s.pmo.WaitText("main .table", who.number)
}

// completes marks the tasks of a person with enough attendance; the class is completed,
// and the other system is told.
func (s *scene) completes(who *person, told *payer) {
	s.pmo.Open(s.o.url + "/classes/" + who.class.id.String() + "/attendance")
	s.pmo.Click(`form[action="/enrollments/` + who.place.String() + `/tasks"] button`)
	s.pmo.Wait(`[...document.querySelectorAll("main .table tr")].some((r) => r.innerText.includes(` + quoted(who.number) + `) && r.innerText.includes("Selesai"))`)
	eventually(s.t, func() bool { return told.completed(who.number) })
}

// eventually waits for what happens beside the pages.
func eventually(t *testing.T, done func() bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("it never happened")
		}
	}
}

// same compares what is said with what is true.
func same(t *testing.T, where string, got, want map[string]row) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the %s differs (-true +%s):\n%s", where, where, diff)
	}
}

// row is what the page, the file and the API say of one person at one session.
type row struct {
	Class, Status, First string
}

// agrees compares a class's attendance on the page, in the file and by the API, cell by
// cell, with what is true.
func (s *scene) agrees(page *e2e.Page, c *class) {
	s.pmo.Open(s.o.url + "/tokens/new")
	s.pmo.Click(`input[name="scopes"][value="attendance:read"]`)
	fill(s.pmo, "main form", map[string]string{"name": "Audit"})
	arrived(s.pmo, "^/tokens/[0-9a-f-]{36}$")
	token := s.pmo.Text("main pre.code")

	want, list := map[string]row{}, "/attendance?by=class&key="+c.id.String()
	words := map[models.AttendanceStatus]string{models.StatusPresent: "Hadir", models.StatusLate: "Terlambat", models.StatusAbsent: "Alpa"}
	for _, x := range c.sessions {
		for _, who := range c.people {
			f := who.fates[x.seq-1]
			r := row{Class: c.code, Status: words[f.status()], First: "–"}
			if f.came && !f.corrected {
				r.First = x.startsAt.Add(f.after()).Time().In(c.site.zone.Location()).Format("15.04")
			}
			want[who.number+" "+strconv.Itoa(x.seq)] = r
		}
	}
	same(s.t, "page", s.onPage(page, list), want)
	same(s.t, "file", s.inFile(page, strings.Replace(list, "/attendance", "/attendance/xlsx", 1)), want)
	same(s.t, "API", s.byAPI(token, c, words), want)
}

func (s *scene) onPage(page *e2e.Page, list string) map[string]row {
	got := map[string]row{}
	for at := list; at != ""; at = e2e.Eval[string](page, `document.querySelector("a[rel=next]")?.getAttribute("href") ?? ""`) {
		page.Open(s.o.url + at)
		for _, cells := range e2e.Eval[[][]string](page,
			`[...document.querySelectorAll("main .table tbody tr")].map((r) => [...r.children].map((x) => x.innerText.trim()))`) {
			who, class := strings.Split(cells[0], "\n"), strings.FieldsFunc(cells[1], func(r rune) bool { return strings.ContainsRune(" ·\n", r) })
			status := strings.Split(cells[3], "\n") // the letter, the word, and what a correction took the place of
			first, _, _ := strings.Cut(cells[4], " ")
			got[who[len(who)-1]+" "+class[2]] = row{class[0], status[min(1, len(status)-1)], first}
		}
	}
	return got
}

func (s *scene) inFile(page *e2e.Page, address string) map[string]row {
	packed := e2e.Eval[string](page, `fetch(`+
		quoted(address)+
		`).then((r) => r.blob()).then((b) => new Promise((done) => { const f = new FileReader();
			f.onload = () => done(f.result.split(",")[1]); f.readAsDataURL(b) }))`)
	content, err := base64.StdEncoding.DecodeString(packed)
	s.o.ok(err)
	book, err := excelize.OpenReader(bytes.NewReader(content))
	s.o.ok(err)
	rows, err := book.GetRows("Sheet1")
	s.o.ok(err)
	got := map[string]row{}
	for _, cells := range rows[1:] {
		r := row{cells[2], cells[6], "–"}
		if clock := cells[8]; clock != "" {
			r.First = strings.Replace(clock[len(clock)-5:], ":", ".", 1)
		}
		got[cells[0]+" "+cells[3]] = r
	}
	return got
}

func (s *scene) byAPI(token string, c *class, words map[models.AttendanceStatus]string) map[string]row {
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.o.url+"/api/v1/attendance?limit=1000&class="+c.id.String(), nil)
	s.o.ok(err)
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	s.o.ok(err)
	defer func() { _ = res.Body.Close() }()
	var answer struct{ Items []webhook.Attendance }
	s.o.ok(json.NewDecoder(res.Body).Decode(&answer))
	got := map[string]row{}
	for _, a := range answer.Items {
		if a.Role == string(models.PersonParticipant) {
			r := row{a.ClassCode, words[models.AttendanceStatus(a.Status)], "–"}
			if a.FirstIn != nil {
				r.First = a.FirstIn.In(c.site.zone.Location()).Format("15.04")
			}
			got[a.Number+" "+strconv.Itoa(a.SessionSeq)] = r
		}
	}
	return got
}
