// Package desk takes a scan from its code to a durable verdict.
//
// Desk is the only writer of the journal in its process. All scans wait in one queue. A
// single goroutine judges the waiting scans, appends them to the journal, commits once
// for all, and only then answers: twenty desks share one fsync, and green always means
// durable. Its memory (the roster, and who is inside) is a copy of the store's data. Each
// transaction updates that copy, so other processes may work on the same store.
//
// Verdicts belong to models/attendance, pages to site-agent/web.
package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/models/ticket"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
)

// Reading is what the machine's clocks say at one moment.
type Reading struct {
	Wall models.Millis // set by whoever sets the clock
	Mono int64         // milliseconds since boot, suspend included
	Boot uuid.UUID     // names this boot
}

// Clock reads the machine's clocks.
type Clock func() Reading

// Desk answers scans. It is safe for concurrent use.
type Desk struct {
	st    *store.Store
	clock Clock
	log   *slog.Logger

	queue  chan *job
	closed chan struct{}
	done   chan struct{}

	// The writer's own: how long the last commit took, and how many were waiting.
	took     time.Duration
	expected int

	mu      sync.RWMutex // guards mem, others and changed; never held during an fsync
	mem     *memory
	others  others
	verify  atomic.Pointer[ticket.Keys] // the keys of mem, so that checking a signature does not wait
	changed chan struct{}
	pins    pins
}

const maxBatch = 256

// ErrClosed says that the desk is shutting down; the scan was not recorded.
var ErrClosed = errors.New("the desk is closing: the scan was not recorded")

// Open reads the store and starts the writer. Close it to stop.
func Open(ctx context.Context, st *store.Store, clock Clock, log *slog.Logger) (*Desk, error) {
	d := &Desk{
		pins: newPINs(), others: newOthers(), st: st, clock: clock, log: log, queue: make(chan *job, maxBatch),
		closed: make(chan struct{}), done: make(chan struct{}), changed: make(chan struct{}),
	}
	if err := d.Refresh(ctx); err != nil {
		return nil, err
	}
	go func() { // so that the first scan does not have to
		d.mu.RLock()
		defer d.mu.RUnlock()
		d.mem.MarkAlike()
	}()
	go d.write() //nolint:contextcheck // the writer outlives the call: Close ends it
	return d, nil
}

// Close answers who is waiting and stops the writer.
func (d *Desk) Close() {
	close(d.closed)
	<-d.done
}

// Changed is closed when something has changed; ask for the next one then.
func (d *Desk) Changed() <-chan struct{} {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.changed
}

// announce is called with mu held.
func (d *Desk) announce() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// job is one request that the writer turns into one event.
type job struct {
	id     uuid.UUID // client-made; a retry finds what was recorded
	draft  func(m *memory, now models.Millis) (draft, error)
	answer chan answer
}

// draft is what a request comes to, before it has its place in the journal.
type draft struct {
	event   journal.Event
	outcome roster.Outcome
	content []byte // of the attachment whose hash the event holds
}

type answer struct {
	outcome roster.Outcome
	err     error
}

// record queues a request and waits until it is durable.
func (d *Desk) record(ctx context.Context, id uuid.UUID, f func(*memory, models.Millis) (draft, error)) (roster.Outcome, error) {
	j := &job{id: id, draft: f, answer: make(chan answer, 1)}
	select {
	case d.queue <- j:
	case <-d.closed:
		return roster.Outcome{}, ErrClosed
	case <-ctx.Done():
		return roster.Outcome{}, ctx.Err()
	}
	select {
	case a := <-j.answer:
		return a.outcome, a.err
	case <-d.done:
		select {
		case a := <-j.answer:
			return a.outcome, a.err
		default:
			return roster.Outcome{}, ErrClosed
		}
	}
}

// write is the one writer.
func (d *Desk) write() {
	defer close(d.done)
	jobs := make([]*job, 0, maxBatch)
	for {
		select {
		case j := <-d.queue:
			jobs = d.gather(append(jobs[:0], j))
			d.commit(jobs)
		case <-d.closed:
			for _, j := range d.gather(jobs[:0]) {
				j.answer <- answer{err: ErrClosed}
			}
			return
		}
	}
}

// gather takes the jobs that are waiting. A desk that was answered just now comes back in
// a moment with its next scan: for as long as the last commit took, the writer
// waits for as many as there were, so that one fsync serves them all. A lone
// scanner never waits.
func (d *Desk) gather(jobs []*job) []*job {
	late := time.NewTimer(d.took)
	defer late.Stop()
	for len(jobs) < maxBatch {
		select {
		case j := <-d.queue:
			jobs = append(jobs, j)
			continue
		default:
		}
		if len(jobs) >= d.expected {
			break
		}
		select {
		case j := <-d.queue:
			jobs = append(jobs, j)
		case <-late.C:
			return jobs
		case <-d.closed:
			return jobs
		}
	}
	return jobs
}

// commit makes one batch durable and then answers everybody in it. If anything fails
// nobody sees green, and the memory is read again before the next batch.
func (d *Desk) commit(jobs []*job) {
	start := time.Now()
	answers, err := d.tryCommit(jobs)
	d.took, d.expected = time.Since(start), len(jobs)+len(d.queue)
	if err != nil {
		d.log.Error("batch not recorded", "scans", len(jobs), "error", err)
		d.mu.Lock()
		d.mem.stale = true
		d.mu.Unlock()
	}
	for i, j := range jobs {
		if err != nil {
			j.answer <- answer{err: fmt.Errorf("not recorded: %w", err)}
			continue
		}
		j.answer <- answers[i]
	}
	if err == nil {
		d.mu.Lock()
		d.announce()
		d.mu.Unlock()
	}
}

func (d *Desk) tryCommit(jobs []*job) ([]answer, error) {
	ctx := context.Background() // the client may have disconnected: record the verdict anyway
	b, err := d.st.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer b.Rollback()
	answers, err := d.judgeAll(ctx, b, jobs)
	if err != nil {
		return nil, err
	}
	return answers, b.Commit()
}

func (d *Desk) judgeAll(ctx context.Context, b *store.Batch, jobs []*job) ([]answer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.catchUp(ctx, b); err != nil {
		return nil, err
	}
	now := d.clock()
	if err := d.noteClock(b, now); err != nil {
		return nil, err
	}
	d.mem.here = now
	answers := make([]answer, len(jobs))
	for i, j := range jobs {
		o, err := d.apply(b, j, now)
		if errors.Is(err, errStore) {
			return nil, err
		}
		answers[i] = answer{o, err}
	}
	return answers, nil
}

// errStore marks failures of the store: they end the batch, while a refused
// request ends only itself.
var errStore = errors.New("store")

func (d *Desk) apply(b *store.Batch, j *job, now Reading) (roster.Outcome, error) {
	m := d.mem
	dr, err := j.draft(m, m.time(now))
	if err != nil {
		if o, ok := d.recorded(b, j.id); ok { // refused now because it was done before
			return o, nil
		}
		return roster.Outcome{}, err
	}
	e := m.place(dr.event, now)
	canonical, err := e.Bytes()
	if err != nil {
		return roster.Outcome{}, err
	}
	pos, err := b.Append(e, canonical, j.id)
	if err != nil {
		if o, ok := d.recorded(b, j.id); ok {
			return o, nil
		}
		return roster.Outcome{}, fmt.Errorf("%w: %w", errStore, err)
	}
	if len(dr.content) > 0 {
		if err := b.Attach(e.Attached, dr.content, e.Occurred); err != nil {
			return roster.Outcome{}, fmt.Errorf("%w: %w", errStore, err)
		}
	}
	if e.Confirmed != 0 {
		m.confirmed = store.Confirmation{Boot: e.Boot, Mono: e.Mono, At: e.Confirmed}
		if err := b.Confirm(m.confirmed); err != nil {
			return roster.Outcome{}, fmt.Errorf("%w: %w", errStore, err)
		}
	}
	m.take(e, pos, journal.HashOf(canonical))
	dr.outcome.Occurred, dr.outcome.Seq, dr.outcome.Receipt = e.Occurred, e.Seq, m.Receipt(e, dr.outcome.Earlier)
	if e.Kind != models.EventClock {
		m.remember(dr.outcome)
	}
	return dr.outcome, nil
}

// recorded finds what a client-made id was answered with before.
func (d *Desk) recorded(b *store.Batch, id uuid.UUID) (roster.Outcome, bool) {
	if id == uuid.Nil {
		return roster.Outcome{}, false
	}
	row, found, err := b.Find(id)
	if err != nil || !found {
		return roster.Outcome{}, false
	}
	for _, o := range d.mem.recent {
		if o.Seq == row.Event.Seq && o.Occurred == row.Event.Occurred {
			return o, true
		}
	}
	return d.mem.OutcomeOf(row.Event), true
}

// Refresh brings memory up to date with what other processes have stored.
func (d *Desk) Refresh(ctx context.Context) error {
	b, err := d.st.Begin(ctx)
	if err != nil {
		return err
	}
	defer b.Rollback()
	d.mu.Lock()
	defer d.mu.Unlock()
	before := d.mem
	var pos, version int64
	if before != nil {
		pos, version = before.pos, before.version
	}
	if err := d.catchUp(ctx, b); err != nil {
		return err
	}
	if before != nil && (d.mem.pos != pos || d.mem.version != version) {
		d.announce()
	}
	return nil
}

// catchUp is called with mu held.
func (d *Desk) catchUp(ctx context.Context, b *store.Batch) error {
	now, err := b.Versions()
	if err != nil {
		return err
	}
	if d.mem == nil || d.mem.stale || d.mem.head.Epoch != now.Epoch {
		fresh, err := newMemory(ctx, d.st)
		if err != nil {
			return err
		}
		fresh.Others = d.others.told
		d.mem = fresh
	}
	if err := d.mem.refreshContact(ctx, d.st, d.clock()); err != nil {
		return err
	}
	if d.mem.version != now.Roster {
		items, err := b.Roster()
		if err != nil {
			return err
		}
		if err := d.mem.Load(items); err != nil {
			return err
		}
		d.mem.items = items
		if err := d.mem.refreshCursor(ctx, d.st); err != nil {
			return err
		}
		d.mem.version = now.Roster
		keys := d.mem.Keys
		d.verify.Store(&keys)
	}
	if d.mem.pos == now.Pos {
		return nil
	}
	rows, err := b.Rows(d.mem.pos)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if h := d.mem.head; r.Event.Epoch == h.Epoch && (r.Event.Seq != h.Seq+1 || r.Event.Prev != h.Hash) {
			return fmt.Errorf("event %d does not continue the journal: %w", r.Event.Seq, store.ErrTampered)
		}
		d.mem.take(r.Event, r.Pos, r.Hash)
		if r.Event.Kind != models.EventClock {
			d.mem.remember(d.mem.OutcomeOf(r.Event))
		}
	}
	return nil
}
