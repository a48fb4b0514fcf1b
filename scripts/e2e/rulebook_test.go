package e2e

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/ticket"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/roster"
	"buktihadir/templates"
)

// story is an offline phone's day: what it got, and the requests.
type story struct {
	Kit  offline.Kit     `json:"kit"`
	Here offline.Reading `json:"here"`
	Asks []asked         `json:"asks"`
}

type asked struct {
	Ask  offline.Ask     `json:"ask"`
	Here offline.Reading `json:"here"`
}

// told is the answer and the stored event, as text.
type told struct{ Answer, Held, Error string }

// newStory draws a site with its rules, and a day at it, with every kind of code.
func newStory(seed uint64) (story, error) {
	luck := rand.New(rand.NewPCG(seed, 7))
	eight := models.Millis(1782090000000)
	site, err := sample.New(50, eight)
	if err != nil {
		return story{}, err
	}
	rules := &site.Classes[0].Body
	rules.Policy.SpotCheck, rules.Policy.Reentry, rules.Policy.StaleWarns = luck.IntN(2)*300, luck.IntN(2) == 0, luck.IntN(2) == 0
	rules.Policy.LiveOnly, rules.Policy.CheckOut = luck.IntN(5) == 0, luck.IntN(4) > 0
	if luck.IntN(12) == 0 {
		rules.Phase = models.PhaseSuspended
	}
	site.People[4].Body.Cancelled = true
	page, err := site.Page(1)
	if err != nil {
		return story{}, err
	}
	r := roster.New(site.Place)
	if err := r.Load(page.Items); err != nil {
		return story{}, err
	}
	at := eight - models.Millis(luck.Int64N(3*3_600_000))
	if seed%6 == 0 { // the day before
		at -= 20 * 3_600_000
	}
	clocks := func() offline.Reading {
		return offline.Reading{Wall: at + 5000, Mono: int64(at - eight), Page: uuid.UUID{1}}
	}
	s := story{Kit: offline.Pack(offline.Stamp{Officer: site.Officer, At: at}, page.Items, r), Here: clocks()}
	if luck.IntN(3) == 0 { // its device is set to some of the site's classes, or to another's
		classes := [][]uuid.UUID{{site.Classes[0].ID, {9}}, {site.Classes[1].ID, {9}}, {{9}}}[luck.IntN(3)]
		s.Kit.Place = offline.Place{Desk: "Meja 2 · Gerbang Timur", Classes: classes, Gates: []roster.Gate{
			{Name: "Gerbang Barat", Classes: []uuid.UUID{site.Classes[0].ID}}}}
	}
	for range 40 {
		at += models.Millis(luck.Int64N(20 * 60_000))
		if luck.IntN(25) == 0 {
			at += 6 * 3_600_000
		}
		ask, err := newAsk(luck, site, at)
		if err != nil {
			return s, err
		}
		s.Asks = append(s.Asks, asked{ask, clocks()})
	}
	return s, nil
}

func newAsk(luck *rand.Rand, site *sample.Site, at models.Millis) (offline.Ask, error) {
	i := luck.IntN(6)
	who := site.People[i]
	ask := offline.Ask{
		ID: uuid.UUID{15: byte(luck.IntN(256))}, Desk: "Meja 1", Direction: []models.Direction{"", "auto", "in", "out"}[luck.IntN(4)],
		Digits: []string{"", "", who.Body.NIK4, "9999"}[luck.IntN(4)],
	}
	if luck.IntN(8) == 0 {
		ask.Class = site.Classes[luck.IntN(2)].ID
	}
	live := luck.IntN(3) == 0
	change := func(x *ticket.Ticket) {
		x.Live, x.Print = live, !live
		switch luck.IntN(14) {
		case 0:
			x.ID = models.Ref{1, byte(i)}
		case 1:
			x.Class = models.Ref{9}
		case 2:
			x.ValidUntil = x.ValidFrom
		case 3:
			x.ValidFrom += 8
		}
	}
	code, err := site.Change(i, change)
	switch luck.IntN(12) {
	case 0:
		var key ed25519.PrivateKey
		if _, key, err = ed25519.GenerateKey(nil); err == nil {
			code, err = site.Sign(ticket.Ticket{ID: who.Ticket, Class: models.Ref{1}, ValidUntil: 1, Print: true}, key)
		}
	case 1:
		broken := []byte(code)
		broken[len(broken)-20] = "AB"[luck.IntN(2)]
		code = string(broken)
	case 2:
		code = []string{"", "HTTPS://EXAMPLE.ID", "BH1", "]Q1" + code, "  " + code}[luck.IntN(5)]
	case 3:
		ask.Alt, code = code, "/"+code
	case 4:
		return offline.Ask{ID: ask.ID, Enrollment: who.ID, Reason: "HP mati", Direction: ask.Direction}, nil
	case 5:
		return offline.Ask{ID: ask.ID, Enrollment: who.ID}, nil // without a reason: refused
	}
	if live {
		step := ticket.StepAt(at) + luck.Int64N(5) - 2
		code += ticket.TailAt(ticket.TailKey(site.Classes[who.Class].Body.Secret, who.Ticket), who.Ticket, step).Text()
	}
	ask.Code = code
	return ask, err
}

// here is what the rulebook says when it is compiled for this machine.
func (s story) here() ([]told, []models.Verdict, error) {
	phone, err := offline.Open(s.Kit, s.Here, nil)
	if err != nil {
		return nil, nil, err
	}
	var out []told
	var verdicts []models.Verdict
	for _, a := range s.Asks {
		answer, held, err := phone.Judge(a.Ask, a.Here)
		if err != nil {
			out = append(out, told{Error: err.Error()})
			continue
		}
		verdicts = append(verdicts, models.Verdict(answer.Verdict))
		text, err1 := json.Marshal(answer)
		kept, err2 := json.Marshal(held)
		if err1 != nil || err2 != nil {
			return nil, nil, fmt.Errorf("%w, %w", err1, err2)
		}
		out = append(out, told{Answer: string(text), Held: string(kept)})
	}
	return out, verdicts, nil
}

// The rulebook in a phone's browser is the desk's: over many days, with every verdict
// in them, it answers with the same bytes.
func TestTheRulebookInABrowserIsTheDesks(t *testing.T) {
	t.Parallel()
	pages, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	assets := func(name string) string {
		url, err := pages.Assets.URL(name)
		if err != nil {
			t.Fatal(err)
		}
		return url
	}
	mux := http.NewServeMux()
	mux.Handle(templates.AssetRoot, pages.Assets)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		templates.SecurityHeaders(w.Header())
		_, _ = w.Write([]byte("<!doctype html><html lang=id><title>Buku aturan</title>"))
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	page := OpenBrowser(t, BrowserOptions{})
	page.Open(srv.URL)
	Eval[bool](page, `(async () => { const { Rulebook } = await import("/static/desk/rulebook.js");
		window.book = new Rulebook({ rulebookWorker: "`+assets("desk/rulebook-worker.js")+`", rulebook: "`+assets("rulebook/rulebook.wasm")+`", loader: "`+
		assets("rulebook/wasm_exec.js")+`" });
		return true })()`)
	seen, began := map[models.Verdict]bool{}, time.Now()
	for seed := range uint64(60) {
		s, err := newStory(seed)
		if err != nil {
			t.Fatal(err)
		}
		want, verdicts, err := s.here()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range verdicts {
			seen[v] = true
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		got := Eval[[]told](page, `(async () => { const s = JSON.parse(`+quote(string(text))+`);
			await book.call("open", { kit: s.kit, here: s.here, held: [] });
			const out = [];
			for (const { ask, here } of s.asks) {
				try { const { answer, held } = await book.call("judge", { ask, here }); out.push({ Answer: JSON.stringify(answer), Held: JSON.stringify(held) }); }
				catch (error) { out.push({ Error: error.message }); }
			}
			return out })()`)
		for i := range want {
			if i >= len(got) || got[i] != want[i] {
				t.Fatalf("seed %d, %d: %+v\nin the browser %+v\nat the desk    %+v", seed, i, s.Asks[i].Ask, got[i], want[i])
			}
		}
	}
	for _, v := range models.Verdicts() {
		if v != models.VerdictNone && v != models.VerdictWithdrawn && !seen[v] { // that is the desk's own
			t.Errorf("no story has the verdict %s", v)
		}
	}
	t.Logf("60 days of 40 scans in %v", time.Since(began))
	if errs := page.ConsoleErrors(); !slices.Equal(errs, nil) {
		t.Errorf("the page complains: %q", errs)
	}
}
