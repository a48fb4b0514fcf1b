package desk_test

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/models/ticket"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/roster"
)

// handset is a phone beside a desk, with clocks of its own.
type handset struct {
	*offline.Phone
	p    *place
	id   uuid.UUID
	off  int64 // its wall clock minus the desk's, ms
	page uuid.UUID
	held []offline.Queued
}

func (h *handset) clocks() offline.Reading {
	return offline.Reading{Wall: models.Millis(h.p.now.Load() + h.off), Mono: h.p.now.Load() - int64(eight) + 1e5, Page: h.page}
}

// meets gives a phone what it needs to go on alone.
func (p *place) handset(t *testing.T, off int64) *handset {
	t.Helper()
	return p.handsetAt(t, off, offline.Place{})
}

// handsetAt is one whose device is set to something.
func (p *place) handsetAt(t *testing.T, off int64, at offline.Place) *handset {
	t.Helper()
	h := &handset{p: p, id: uuid.New(), off: off, page: uuid.New()}
	_, _, kit := p.Contact(p.site.Officer, h.id, "", at)
	phone, err := offline.Open(*kit, h.clocks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	h.Phone = phone
	return h
}

func (h *handset) asks(t *testing.T, ask offline.Ask) roster.Answer {
	t.Helper()
	if ask.ID == uuid.Nil {
		ask.ID = uuid.New()
	}
	answer, held, err := h.Judge(ask, h.clocks())
	if err != nil {
		t.Fatal(err)
	}
	h.held = append(h.held, held)
	return answer
}

func (h *handset) scans(t *testing.T, i int) roster.Answer {
	t.Helper()
	return h.asks(t, offline.Ask{Code: h.p.code(t, i)})
}

// handsOver gives everything to the desk, and the events that it became.
func (h *handset) handsOver(t *testing.T) []journal.Event {
	t.Helper()
	for _, x := range h.held {
		if _, err := h.p.TakeQueued(t.Context(), h.p.site.Officer, h.clocks(), x); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := h.p.store.Rows(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var out []journal.Event
	for _, r := range rows {
		if r.Event.Offline() && r.Event.Phone == h.id {
			out = append(out, r.Event)
		}
	}
	return out
}

// gate asks at a desk that is set to some of the site's classes.
func gate(classes ...int) func(*testing.T, *place) roster.ScanRequest {
	return func(t *testing.T, p *place) roster.ScanRequest {
		r := roster.ScanRequest{Code: p.code(t, 0)}
		for _, i := range classes {
			r.Classes = append(r.Classes, p.site.Classes[i].ID)
		}
		return r
	}
}

// phoneSays is the verdict of a phone that has just met the desk.
func (p *place) phoneSays(t *testing.T, r roster.ScanRequest) models.Verdict {
	t.Helper()
	ask := offline.Ask{Code: r.Code, Alt: r.Alt, Direction: r.Direction, Desk: r.Desk, Digits: r.Digits}
	at := offline.Place{Classes: r.Classes}
	if len(r.Classes) == 1 { // by what its page says: it is not paired
		ask.Class, at = r.Classes[0], offline.Place{}
	}
	answer := p.handsetAt(t, 0, at).asks(t, ask)
	return models.Verdict(answer.Verdict)
}

func TestWhatAPhoneHeldIsJournaledOnceWithItsTime(t *testing.T) {
	p := newPlace(t, 4, nil)
	damaged := p.code(t, 2)[:60]
	h := p.handset(t, -3*3_600_000) // its clock is three hours slow, all the time
	p.now.Add(5 * 60_000)
	if a := h.scans(t, 0); a.Verdict != "accepted_in" || a.OccurredMS != eight.Add(5*time.Minute) {
		t.Fatalf("alone: %+v", a)
	}
	p.now.Add(60_000)
	h.asks(t, offline.Ask{Enrollment: p.site.People[1].ID, Reason: "HP mati", Desk: "Pintu 2"})
	h.asks(t, offline.Ask{Code: "HTTPS://EXAMPLE.ID"})
	h.asks(t, offline.Ask{Code: "kertas", Alt: damaged})
	p.now.Add(2 * 3_600_000)
	events := h.handsOver(t)
	if again := h.handsOver(t); len(events) != 4 || len(again) != 4 {
		t.Fatalf("%d events, handed over again %d; want four", len(events), len(again))
	}
	in, manual, noise, torn := events[0], events[1], events[2], events[3]
	late := eight.Add(2*time.Hour + 6*time.Minute)
	if in.Kind != models.EventIn || in.Verdict != models.VerdictAcceptedIn || in.At() != eight.Add(5*time.Minute) || in.Occurred != late ||
		in.Staff != p.site.Officer || in.Doubt != 0 || in.Other != "" {
		t.Errorf("scanned: %+v", in)
	}
	if _, mono := in.Clock(); mono != in.Mono-int64((2*time.Hour+time.Minute).Milliseconds()) {
		t.Errorf("%d ms after the boot, handed over at %d", mono, in.Mono)
	}
	if manual.Kind != models.EventManual || manual.Reason != "HP mati" || manual.Desk != "Pintu 2" || manual.Enrollment != p.site.People[1].ID {
		t.Errorf("by hand: %+v", manual)
	}
	if noise.Kind != models.EventRefused || noise.Verdict != models.VerdictMalformed || len(noise.Raw) > 0 {
		t.Errorf("somebody else's code: %+v", noise)
	}
	if torn.Kind != models.EventRefused || torn.Verdict != models.VerdictMalformed || string(torn.Raw) != damaged {
		t.Errorf("a ticket of which a part is missing: %+v", torn)
	}
	verified(t, p.store)
	if o := p.scan(t, roster.ScanRequest{Code: p.code(t, 0), Direction: models.DirectionIn}); o.Verdict != models.VerdictAlreadyIn || o.Earlier.At != in.At() {
		t.Errorf("the desk then says %s, earlier %+v", o.Verdict, o.Earlier)
	}
}

func TestWhatAPhoneShowedStandsAndWhereItsDeskDiffersItSaysSo(t *testing.T) {
	_, stranger, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name           string
		change         func(t *testing.T, p *place, h *handset)
		verdict, other models.Verdict
		doubt          journal.Doubt
	}{
		{"nothing has changed", func(*testing.T, *place, *handset) {}, models.VerdictAcceptedIn, "", 0},
		{"somebody who was in at a desk already", func(t *testing.T, p *place, _ *handset) {
			p.now.Add(-60_000)
			p.scan(t, roster.ScanRequest{Code: p.code(t, 0)})
			p.now.Add(60_000)
		}, models.VerdictAcceptedIn, models.VerdictAlreadyIn, 0},
		{"a ticket that was revoked meanwhile", func(t *testing.T, p *place, _ *handset) {
			p.site.People[0].Body.Cancelled = true
			p.reload(t)
		}, models.VerdictAcceptedIn, models.VerdictRevoked, 0},
		{"a code that is no ticket, of a phone that lies", func(t *testing.T, p *place, h *handset) {
			code, err := p.site.Sign(ticket.Ticket{ID: p.site.People[0].Ticket, Class: p.site.Classes[0].Body.Ref, ValidUntil: 65000, Print: true}, stranger)
			if err != nil {
				t.Fatal(err)
			}
			h.held[0].Ask.Code = code
		}, models.VerdictUnknownKey, models.VerdictAcceptedIn, journal.DoubtTicket},
		{"a session of another class, of a phone that lies", func(_ *testing.T, p *place, h *handset) {
			h.held[0].Session = p.site.Classes[1].Session
		}, models.VerdictAcceptedIn, models.VerdictAcceptedIn, journal.DoubtTicket},
		{"a verdict that there is not, of a phone that lies", func(_ *testing.T, _ *place, h *handset) {
			h.held[0].Verdict = models.Verdict(strings.Repeat("x", 5000))
		}, models.VerdictAcceptedIn, "", journal.DoubtTicket},
		{"somebody by hand who is off the roster since", func(_ *testing.T, _ *place, h *handset) {
			h.held[0].Ask = offline.Ask{ID: h.held[0].Ask.ID, Enrollment: uuid.UUID{9}, Reason: "HP mati"}
			h.held[0].Enrollment = uuid.UUID{9}
		}, models.VerdictAcceptedIn, "", journal.DoubtUnchecked},
		{"a desk that was withdrawn and has forgotten its roster", func(t *testing.T, p *place, _ *handset) {
			if err := errors.Join(p.store.Withdraw(t.Context()), p.Refresh(t.Context())); err != nil {
				t.Fatal(err)
			}
		}, models.VerdictAcceptedIn, models.VerdictWithdrawn, journal.DoubtUnchecked},
		{"a contact that its agent never stamped", func(_ *testing.T, _ *place, h *handset) {
			h.held[0].Stamp.At -= 3_600_000
		}, models.VerdictAcceptedIn, "", journal.DoubtProof},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlace(t, 80, nil)
			h := p.handset(t, 0)
			p.now.Add(10 * 60_000)
			h.scans(t, 0)
			c.change(t, p, h)
			p.now.Add(60 * 60_000)
			events := h.handsOver(t)
			if len(events) != 1 {
				t.Fatalf("%d events", len(events))
			}
			if e := events[0]; e.Verdict != c.verdict || e.Other != c.other || e.Doubt != c.doubt || e.At() != eight.Add(10*time.Minute) {
				t.Errorf("verdict %q, other %q, doubt %b, at %v; want %q, %q, %b, after ten minutes", e.Verdict, e.Other, e.Doubt, e.At().Sub(eight), c.verdict, c.other,
					c.doubt)
			}
		})
	}
}

func TestTwoPhonesAloneMakeOneAttendance(t *testing.T) {
	p := newPlace(t, 2, nil)
	a, b := p.handset(t, 0), p.handset(t, 7000)
	p.now.Add(60_000)
	first := a.scans(t, 0)
	p.now.Add(60_000)
	if second := b.scans(t, 0); first.Verdict != "accepted_in" || second.Verdict != "accepted_in" {
		t.Fatalf("%s and %s", first.Verdict, second.Verdict)
	}
	p.now.Add(60 * 60_000)
	later, sooner := b.handsOver(t), a.handsOver(t) // in the wrong order
	if later[0].Other != "" || sooner[0].Other != "" {
		t.Errorf("the desk differs: %q, %q; it knew of none before", later[0].Other, sooner[0].Other)
	}
	if n := p.Sessions()[0]; n.Came != 1 || n.In != 1 {
		t.Errorf("%d came, %d are in", n.Came, n.In)
	}
	if o := p.scan(t, roster.ScanRequest{Code: p.code(t, 0), Direction: models.DirectionIn}); o.Earlier == nil || o.Earlier.At != eight.Add(2*time.Minute) {
		t.Errorf("the last scan is %+v, want the second phone's, whenever it was handed over", o.Earlier)
	}
}

func TestADeskRecordsNothingForWhoHasStoppedWaiting(t *testing.T) {
	p := newPlace(t, 2, nil)
	stamp, _, _ := p.Contact(p.site.Officer, uuid.New(), "", offline.Place{})
	id := uuid.New()
	r := roster.ScanRequest{ID: id, Code: p.code(t, 0), Until: roster.Deadline{Boot: stamp.Boot, Mono: stamp.Mono + 4000}}
	p.now.Add(5000) // the desk's machine stood still
	if _, err := p.Scan(t.Context(), r); !errors.Is(err, desk.ErrLate) {
		t.Errorf("%v, want ErrLate", err)
	}
	m := roster.ManualCheckIn{ID: id, Enrollment: p.site.People[0].ID, Reason: "HP mati", Until: r.Until}
	if _, err := p.ManualCheckIn(t.Context(), m); !errors.Is(err, desk.ErrLate) {
		t.Errorf("by hand: %v, want ErrLate", err)
	}
	r.Until.Boot = uuid.New() // of before the machine started again: it says nothing
	if o, err := p.Scan(t.Context(), r); err != nil || o.Seq != 1 {
		t.Errorf("%+v, %v", o, err)
	}
}

// A phone beside a desk, both asked the same all day, say the same.
func TestAPhoneAndADeskJudgeAlike(t *testing.T) {
	for seed := range uint64(40) {
		luck := rand.New(rand.NewPCG(seed, 1))
		p := newPlace(t, 12, func(s *sample.Site) {
			s.Classes[0].Body.Policy.SpotCheck = luck.IntN(2) * 200
			s.Classes[0].Body.Policy.Reentry = luck.IntN(2) == 0
			s.Classes[0].Body.Policy.StaleWarns = luck.IntN(2) == 0
		})
		takes := [][]uuid.UUID{nil, nil, {p.site.Classes[0].ID, {9}}, {{8}, {9}}}[luck.IntN(4)]
		h := p.handsetAt(t, int64(luck.IntN(7_200_000))-3_600_000, offline.Place{Classes: takes})
		for range 25 {
			p.now.Add(luck.Int64N(25 * 60_000))
			i := luck.IntN(5)
			code, err := p.site.Change(i, func(x *ticket.Ticket) {
				if luck.IntN(3) == 0 {
					x.Live, x.Print = true, false
				}
				if luck.IntN(9) == 0 {
					x.ID = models.Ref{byte(luck.IntN(3) + 1)}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			who, step := p.site.People[i].Ticket, ticket.StepAt(models.Millis(p.now.Load()))+luck.Int64N(5)-2
			if luck.IntN(3) == 0 {
				code += ticket.TailAt(ticket.TailKey(p.site.Classes[0].Body.Secret, who), who, step).Text()
			}
			ask := offline.Ask{ID: uuid.New(), Code: code,
				Direction: []models.Direction{"", "in", "out"}[luck.IntN(3)], Digits: []string{"", "0000", "0001"}[luck.IntN(3)]}
			if luck.IntN(5) == 0 {
				ask = offline.Ask{ID: uuid.New(), Enrollment: p.site.People[i].ID, Reason: "HP mati", Direction: ask.Direction}
			}
			alone := h.asks(t, ask)
			ask.Classes = takes
			o, err := p.ask(t, ask)
			if err != nil {
				t.Fatal(err)
			}
			want := roster.AnswerOf(o)
			want.Seq, want.Overridable = 0, false
			if got, want := asJSON(t, alone), asJSON(t, want); got != want {
				t.Fatalf("seed %d, %+v:\nalone %s\ndesk  %s", seed, ask, got, want)
			}
		}
	}
}

func (p *place) ask(t *testing.T, a offline.Ask) (roster.Outcome, error) {
	if a.IsManual() {
		return p.ManualCheckIn(t.Context(), a.Manual(p.site.Officer))
	}
	return p.Scan(t.Context(), a.Scan(p.site.Officer))
}

func asJSON(t *testing.T, a roster.Answer) string {
	t.Helper()
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// reload gives the desk the site's roster as it is now.
func (p *place) reload(t *testing.T) {
	t.Helper()
	page, err := p.site.Page(2)
	if err == nil {
		err = p.store.ApplyPage(t.Context(), page, models.Millis(p.now.Load()))
	}
	if err == nil {
		err = p.Refresh(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}
