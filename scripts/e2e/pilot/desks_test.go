package pilot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/uplink"
)

// post is the program of one site on a machine whose clock the test sets.
type post struct {
	site *site
	st   *store.Store
	desk *desk.Desk
	up   *uplink.Uplink
	wire *wire
	boot uuid.UUID
	on   models.Millis // when the machine was started
	now  models.Millis // true time
	off  time.Duration // the time by which its clock is ahead
}

func (p *post) reading() desk.Reading {
	return desk.Reading{Wall: p.now.Add(p.off), Mono: int64(p.now-p.on) + 1, Boot: p.boot}
}

// wire changes what an agent tells of itself, where told to.
type wire struct{ tell func(*exchange.Batch) }

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.tell == nil || !strings.HasSuffix(r.URL.Path, exchange.PathEvents) {
		return http.DefaultTransport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	b, err := exchange.Unpack[exchange.Batch](body)
	if err != nil {
		return nil, err
	}
	w.tell(&b)
	if body, err = exchange.Pack(b); err != nil {
		return nil, err
	}
	again := r.Clone(r.Context())
	again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return http.DefaultTransport.RoundTrip(again)
}

// enrol makes a site's machine an agent by a code from the office's page.
func enrol(t *testing.T, o *office, s *site, code string) *post {
	t.Helper()
	p := &post{site: s, wire: &wire{}, boot: uuid.New(), on: o.now(), now: o.now()}
	var err error
	p.st, err = store.Open(t.Context(), t.TempDir())
	o.ok(err)
	t.Cleanup(func() { _ = p.st.Close() })
	log := slog.New(slog.DiscardHandler)
	p.up = uplink.New(p.st, &http.Client{Transport: p.wire}, func() (models.Millis, int64, uuid.UUID) {
		r := p.reading()
		return r.Wall, r.Mono, r.Boot
	}, log)
	_, err = p.up.Enrol(t.Context(), o.url, code)
	o.ok(err)
	_, err = p.up.Sync(t.Context())
	o.ok(err)
	p.desk, err = desk.Open(t.Context(), p.st, p.reading, log)
	o.ok(err)
	t.Cleanup(p.desk.Close)
	return p
}

// scans is what happens at a desk at one moment.
type scans []func(context.Context) (roster.Outcome, error)

// teach plays a session at its site: people are scanned when they come.
func (p *post) teach(ctx context.Context, s *session, stranger *person) error {
	moments := map[int]scans{}
	at := func(tick int, f func(context.Context) (roster.Outcome, error)) {
		moments[tick] = append(moments[tick], f)
	}
	for _, who := range s.class.people {
		f := who.fates[s.seq-1]
		if !f.came {
			continue
		}
		at(f.tick, func(ctx context.Context) (roster.Outcome, error) {
			if f.byHand {
				return p.desk.ManualCheckIn(ctx,
					roster.ManualCheckIn{ID: uuid.New(), Enrollment: who.place, Direction: models.DirectionIn, Reason: "tiket tertinggal, KTP cocok", Desk: "pintu"})
			}
			return p.desk.Scan(ctx, roster.ScanRequest{ID: uuid.New(), Code: who.token, Method: models.MethodCamera, Direction: models.DirectionIn, Desk: "pintu"})
		})
	}
	at(-60, func(ctx context.Context) (roster.Outcome, error) { // somebody of another site
		_, err := p.desk.Scan(ctx, roster.ScanRequest{
			ID: uuid.New(), Code: stranger.token, Method: models.MethodCamera, Direction: models.DirectionIn, Desk: "pintu"})
		return roster.Outcome{Verdict: models.VerdictAcceptedIn}, err
	})
	for _, tick := range slices.Sorted(maps.Keys(moments)) {
		p.now = s.startsAt.Add(fate{tick: tick}.after())
		if err := moments[tick].all(ctx); err != nil {
			return fmt.Errorf("%s at %d: %w", s.class.code, tick, err)
		}
	}
	return nil
}

// all happen at once, as at several phones: the desk commits them together.
func (list scans) all(ctx context.Context) error {
	errs := make([]error, len(list))
	var wait sync.WaitGroup
	for i, f := range list {
		wait.Go(func() {
			o, err := f(ctx)
			if err == nil && o.Verdict != models.VerdictAcceptedIn {
				err = fmt.Errorf("verdict %s", o.Verdict)
			}
			errs[i] = err
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// call brings the journal home, when it is the office's time.
func (p *post) call(ctx context.Context, o *office) error {
	p.now = o.now()
	_, err := p.up.Sync(ctx)
	return err
}

// claim writes arrivals into the journal that no ticket was shown for, as a program
// does that was tampered with: people of another site's session.
func (p *post) claim(ctx context.Context, s *session, people []*person) error {
	head, err := p.st.Head(ctx)
	if err != nil {
		return err
	}
	b, err := p.st.Begin(ctx)
	if err != nil {
		return err
	}
	defer b.Rollback()
	for i, who := range people {
		at := s.startsAt.Add(-50*time.Minute + time.Duration(i)*time.Second)
		e := journal.Event{
			Format: journal.Format, Agent: head.Agent, Epoch: head.Epoch, Seq: head.Seq + 1, Prev: head.Hash, Kind: models.EventIn, Verdict: models.VerdictAcceptedIn,
			Method: models.MethodCamera, Class: s.class.id, Session: s.id, Enrollment: who.place, Occurred: at, Wall: at, Mono: int64(at-p.on) + 1, Boot: p.boot,
			Confidence: models.ConfidenceSynced, Desk: "pintu",
		}
		canonical, err := e.Bytes()
		if err != nil {
			return err
		}
		if _, err = b.Append(e, canonical, uuid.Nil); err != nil {
			return err
		}
		if head, err = head.Follow(e, canonical); err != nil {
			return err
		}
	}
	return b.Commit()
}
