package e2e

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/scripts/e2e/database"
	server "buktihadir/server/store"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/others"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
)

// gate is an agent of a site with several: its desk judges by a clock that the test sets.
type gate struct {
	*post
	desk *desk.Desk
	id   store.Identity
}

// venue is a site whose session has just begun.
type venue struct {
	*line
	clock atomic.Int64
}

func newVenue(t *testing.T, cfg server.Config) *venue {
	t.Helper()
	v := &venue{}
	began := time.Now().In(models.ZoneWIB.Location()).Add(-26 * time.Hour) // the day of the line's session
	v.clock.Store(time.Date(began.Year(), began.Month(), began.Day(), 0, 10, 0, 0, began.Location()).UnixMilli())
	cfg.Now = func() models.Millis { return models.Millis(v.clock.Load()) }
	v.line = lineOn(t, cfg)
	return v
}

func (v *venue) enrol(name string) *gate {
	v.t.Helper()
	d := &gate{post: v.line.enrol(name)}
	var err error
	boot := uuid.New()
	d.desk, err = desk.Open(v.t.Context(), d.st, func() desk.Reading {
		return desk.Reading{Wall: models.Millis(v.clock.Load()), Mono: v.clock.Load(), Boot: boot}
	}, slog.New(slog.DiscardHandler))
	v.ok(err)
	v.t.Cleanup(d.desk.Close)
	d.id, err = d.st.Identity(v.t.Context())
	v.ok(err)
	return d
}

// fetch takes the roster home.
func (d *gate) fetch() {
	d.t.Helper()
	_, err := d.up.Sync(d.t.Context())
	d.ok(err)
	d.ok(d.desk.Refresh(d.t.Context()))
}

// comes checks somebody in or out by name.
func (d *gate) comes(i int, asked models.Direction) roster.Outcome {
	d.t.Helper()
	o, err := d.desk.ManualCheckIn(d.t.Context(), roster.ManualCheckIn{ID: uuid.New(), Enrollment: d.places[i].Enrollment.ID, Direction: asked,
		Reason: "HP mati", Desk: "Pintu"})
	d.ok(err)
	return o
}

// keeps runs the exchange with the server until the test ends.
func (d *gate) keeps() {
	ctx, cancel := context.WithCancel(d.t.Context())
	var work sync.WaitGroup
	work.Go(func() { others.ByServer(ctx, d.desk, d.up, slog.New(slog.DiscardHandler)) })
	d.t.Cleanup(func() { cancel(); work.Wait() })
}

// hears waits for news from another agent while something happens there, and measures it.
func (d *gate) hears(happens func()) time.Duration {
	d.t.Helper()
	changed := d.desk.Changed()
	happens()
	began := time.Now()
	select {
	case <-changed:
	case <-time.After(20 * time.Second):
		d.t.Fatal("nothing is heard within 20 s")
	}
	return time.Since(began)
}

func (d *gate) want(name string, o roster.Outcome, verdict models.Verdict, agent string) {
	d.t.Helper()
	told := ""
	if o.Earlier != nil {
		told = o.Earlier.Agent
	}
	if o.Verdict != verdict || told != agent {
		d.t.Errorf("%s: %s, told by %q; want %s by %q", name, o.Verdict, told, verdict, agent)
	}
}

//survives:network Two computers at one site, and somebody shows the ticket at both | The second says when and where, within seconds, and records nothing
func TestASecondAgentKnowsWithinSecondsWhoIsIn(t *testing.T) {
	t.Parallel()
	database.OnBoth(t, func(t *testing.T, cfg server.Config) {
		v := newVenue(t, cfg)
		a, b := v.enrol("Pintu barat"), v.enrol("Pintu timur")
		a.fetch()
		b.fetch()
		if got := b.desk.Others(); len(got) != 1 || got[0].Name != "Pintu barat" || got[0].ID != a.id.Agent {
			t.Fatalf("B knows %+v", got)
		}
		a.keeps()
		b.keeps()
		var first roster.Outcome
		delay := b.hears(func() { first = a.comes(0, models.DirectionAuto) })
		t.Logf("heard by the server after %v", delay)
		if delay > 8*time.Second {
			t.Errorf("B heard after %v, want within seconds", delay)
		}
		v.clock.Add(5 * 60_000)
		o := b.comes(0, models.DirectionAuto)
		b.want("in there, comes here", o, models.VerdictAlreadyIn, "Pintu barat")
		if !o.Overridable || o.Earlier.At != first.Occurred || o.Earlier.Where() != "Pintu · Pintu barat" {
			t.Errorf("it says %+v, %+v", o.Overridable, o.Earlier)
		}
		b.hears(func() {
			_, err := a.desk.Void(t.Context(), desk.VoidRequest{ID: uuid.New(), Seq: first.Seq, Reason: "salah orang", Desk: "Pintu"})
			v.ok(err)
		})
		a.hears(func() { b.want("undone there", b.comes(0, models.DirectionAuto), models.VerdictAcceptedIn, "") })
		b.hears(func() { a.comes(1, models.DirectionAuto) })
		v.clock.Add(5 * 60_000)
		a.hears(func() {
			b.want("leaves by the other door", b.comes(1, models.DirectionOut), models.VerdictAcceptedOut, "")
		})
		v.clock.Add(2 * 60_000)
		a.want("left by the other door", a.comes(1, models.DirectionOut), models.VerdictAlreadyOut, "Pintu timur")
		if heard := a.desk.Others()[0]; heard.Server == 0 || heard.Network != 0 {
			t.Errorf("A has heard of B at %+v", heard)
		}
	})
}

//survives:network Two computers at one site, and no way between them | Each goes on as if alone; the office puts both records together
func TestTwoAgentsThatAreCutOffBothAdmit(t *testing.T) {
	t.Parallel()
	v := newVenue(t, database.SQLite(t))
	a, b := v.enrol("Pintu barat"), v.enrol("Pintu timur")
	a.fetch()
	b.fetch()
	for _, d := range []*gate{a, b} {
		d.wire.set(func(res *http.Response) (*http.Response, error) { return lost(res) })
		d.keeps()
		d.want("cut off", d.comes(0, models.DirectionAuto), models.VerdictAcceptedIn, "")
		d.wire.set(nil)
		d.fetch()
		d.sameAsServer()
	}
	rows, err := v.office.Read(t.Context()).AttendanceOf(v.session)
	v.ok(err)
	for _, r := range rows {
		if r.Enrollment == v.places[0].Enrollment.ID && (r.Accepted != 2 || r.FirstIn == 0) {
			t.Errorf("the office has %+v, want one attendance of two records", r)
		}
	}
}

func TestASupervisorAdmitsDespiteAnotherAgentsWord(t *testing.T) {
	t.Parallel()
	v := newVenue(t, database.SQLite(t))
	var boss models.Officer
	v.ok(v.office.Write(t.Context(), func(tx *server.Tx) error {
		boss = models.Officer{ID: uuid.New(), SiteID: v.site, Name: "Bambang", PINHash: "x", Supervisor: true, Active: true}
		return tx.PublishOfficer(boss)
	}))
	b := v.enrol("Pintu timur")
	v.enrol("Pintu barat")
	b.fetch()
	liar, who := b.desk.Others()[0], v.places[0].Enrollment.ID
	b.desk.Hear(desk.ByNetwork, []exchange.Tail{{Agent: liar.ID, Epoch: models.Epoch{1}, Seq: 1, Marks: []exchange.Mark{
		{Seq: 1, At: models.Millis(v.clock.Load()) - 60_001, Session: v.session.ID[:], Enrollment: who[:]}}}})
	b.want("a lie", b.comes(0, models.DirectionAuto), models.VerdictAlreadyIn, "Pintu barat")
	o, err := b.desk.Override(t.Context(), desk.OverrideRequest{ScanRequest: roster.ScanRequest{ID: uuid.New(), Desk: "Pintu"}, Enrollment: who,
		Reason: "baru datang", Supervisor: boss.ID})
	if v.ok(err); o.Verdict != models.VerdictAcceptedIn || o.Kind != models.EventOverride || o.Session == nil || o.Session.ID != v.session.ID {
		t.Errorf("a supervisor's word makes it %+v", o)
	}
	b.fetch()
	b.sameAsServer()
}
