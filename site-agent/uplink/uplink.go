// Package uplink is the agent's side of the line: it makes the program an agent,
// brings the journal to the server and takes the roster home.
//
// Push and pull never wait for each other, and either may fail alone. An event counts as
// delivered when a receipt verifies with the server's pinned key, never by a status code:
// any 200 may come from a captive portal. Uplink does not decide about attendance, and
// uses a network only when it is asked to.
package uplink

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/site-agent/store"
)

// Clock reads the machine's clocks: wall clock, milliseconds since boot, and
// what names this boot.
type Clock func() (wall models.Millis, mono int64, boot uuid.UUID)

// Uplink talks to the server.
type Uplink struct {
	st      *store.Store
	client  *http.Client
	clock   Clock
	log     *slog.Logger
	whenMet func(context.Context) error
	disk    func() models.Disk
	trigger chan struct{}
	busy    sync.Mutex
	asked   models.Millis // when the server's log was last witnessed; held by busy
}

// WhenMet sets a function that runs after each meeting with the server, before the
// journal counts as sent: the server's clock may be news for the journal.
func (u *Uplink) WhenMet(f func(context.Context) error) { u.whenMet = f }

// Measure sets the function that measures the disk of the agent's data, for the report to
// the office.
func (u *Uplink) Measure(disk func() models.Disk) { u.disk = disk }

// New makes an uplink. The client should have a timeout.
func New(st *store.Store, client *http.Client, clock Clock, log *slog.Logger) *Uplink {
	return &Uplink{st: st, client: client, clock: clock, log: log, trigger: make(chan struct{}, 1)}
}

// ErrNotOurServer says that something answered which is not this agent's server:
// mostly the sign-in page of a Wi-Fi network.
var ErrNotOurServer = errors.New("something else than the server answered")

// ErrOffline says that the server can't be reached now. Nothing is lost.
var ErrOffline = errors.New("the server can't be reached")

// ForkError says that the server holds another past of an epoch of this agent's journal:
// the disk was restored or copied. Up to event Common both are the same.
type ForkError struct {
	Epoch  models.Epoch
	Common uint64
}

func (e *ForkError) Error() string {
	return fmt.Sprintf("the server holds another past of this journal after event %d", e.Common)
}

// RefusedError is a refusal of the server; Code names why.
type RefusedError struct {
	Code   string
	Status int
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the server refused: %s (%d)", e.Code, e.Status)
}

// met notes both clocks at one moment.
func (u *Uplink) met(ctx context.Context, server models.Millis) error {
	wall, mono, boot := u.clock()
	return u.st.NoteContact(ctx, store.Contact{Boot: boot, Mono: mono, Wall: wall, Server: server})
}

// Report says what one exchange has moved.
type Report struct {
	Sent     uint64 // events that the server has countersigned now
	Unsent   uint64 // events that it lacks
	Items    int    // changes of the roster
	Revision uint64 // of the roster
	Revoked  bool
	NewEpoch bool // the server held another past: the journal goes on in a new epoch
}

// Sync sends the journal to the server and fetches the roster. It tries both, even if one
// fails. A disk with an old token gets the present one, so that nothing on it is
// stranded.
func (u *Uplink) Sync(ctx context.Context) (Report, error) {
	u.busy.Lock() // the loop and a person's "send now" take turns
	defer u.busy.Unlock()
	rep, err := u.sync(ctx)
	if refused, ok := errors.AsType[*RefusedError](err); !ok || refused.Status != http.StatusUnauthorized {
		return rep, err
	}
	if renewed := u.renew(ctx); renewed != nil {
		return rep, errors.Join(renewed, err)
	}
	return u.sync(ctx)
}

func (u *Uplink) sync(ctx context.Context) (Report, error) {
	var rep Report
	id, err := u.st.Identity(ctx)
	if err != nil {
		return rep, err
	}
	pushed := u.push(ctx, id, &rep)
	if pushed == nil {
		pushed = u.pushNews(ctx, &rep)
	}
	if id, err = u.st.Identity(ctx); err != nil { // the token may have been changed
		return rep, err
	}
	pulled := u.pull(ctx, id, &rep)
	if pushed == nil {
		pushed = u.attach(ctx, id)
	}
	if rep.Revoked && pushed == nil && rep.Unsent == 0 {
		return rep, errors.Join(pulled, u.st.Withdraw(ctx))
	}
	return rep, errors.Join(pushed, pulled)
}

// pushNews sends what the meeting itself has added to the journal.
func (u *Uplink) pushNews(ctx context.Context, rep *Report) error {
	if u.whenMet == nil {
		return nil
	}
	if err := u.whenMet(ctx); err != nil {
		return err
	}
	id, err1 := u.st.Identity(ctx)
	head, err2 := u.st.Head(ctx)
	acked, err3 := u.st.Acked(ctx)
	if err := errors.Join(err1, err2, err3); err != nil || head.Seq <= acked.Seq {
		return err
	}
	sent := rep.Sent
	err := u.push(ctx, id, rep)
	rep.Sent += sent
	return err
}

// push sends batches until the server has all, then once more to say that it has.
func (u *Uplink) push(ctx context.Context, id store.Identity, rep *Report) error {
	acked, err := u.st.Acked(ctx)
	if err != nil {
		return err
	}
	wall, mono, boot := u.clock()
	_, sure, err := u.st.Time(ctx, wall, mono, boot)
	if err != nil {
		return err
	}
	start, most, resent := acked.Seq, exchange.MaxBatch, false
	for {
		head, err := u.st.Head(ctx)
		if err != nil {
			return err
		}
		rep.Unsent = head.Seq - min(acked.Seq, head.Seq)
		rep.Sent = acked.Seq - min(start, acked.Seq)
		next, done, err := u.pushBatch(ctx, id, acked, head, most)
		if err == nil && len(next.lacks) > 0 {
			if resent {
				return fmt.Errorf("%w: it takes no events", ErrNotOurServer)
			}
			done, err = false, u.pushPast(ctx, id, next.lacks)
			resent = err == nil
		}
		if fork, ok := errors.AsType[*ForkError](err); ok && !rep.NewEpoch {
			if id, err = u.openEpoch(ctx, fork); err != nil {
				return err
			}
			rep.NewEpoch, start, resent = true, 0, false
			acked = journal.Head{Agent: id.Agent, Epoch: id.Epoch}
			continue
		}
		if cutShort(err) && most > fewest && rep.Unsent > fewest {
			most = max(most/4, fewest)
			continue
		}
		if err != nil {
			return err
		}
		rep.Revoked = rep.Revoked || next.revoked
		if next.head.Seq > acked.Seq {
			rep.Sent = next.head.Seq - min(start, next.head.Seq)
		}
		acked = next.head
		rep.Unsent = head.Seq - min(acked.Seq, head.Seq)
		if done && sure {
			return nil
		}
		sure = sure || done // what an unsure clock said is sent again, now that it has met the server's
	}
}

// fewest is how many events a batch has at least on a line that is cut again and
// again: a whole day's would never get through, a few do.
const fewest = 32

// cutShort says that the server was reached, and the line cut before it answered.
func cutShort(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return errors.Is(err, ErrOffline) && (!ok || op.Op != "dial")
}

// pushBatch sends what follows acked. done says that the server has everything
// up to head.
func (u *Uplink) pushBatch(ctx context.Context, id store.Identity, acked, head journal.Head, most int) (pushed, bool, error) {
	ask, err := u.question(ctx, id)
	if err != nil {
		return pushed{head: acked}, false, err
	}
	body, _, err := u.pack(ctx, acked, head, most, ask)
	if err != nil {
		return pushed{head: acked}, false, err
	}
	ans, err := call[exchange.PushAnswer](ctx, u, id.ServerURL, id.Token, http.MethodPost, exchange.PathEvents, body)
	if err != nil {
		return pushed{head: acked}, false, err
	}
	next, err := u.take(ctx, id, acked, ans)
	if _, forked := errors.AsType[*ForkError](err); err == nil || forked { // it is our server, so its clock counts
		err = errors.Join(err, u.met(ctx, ans.Now), u.witness(ctx, id, ans))
	}
	if err != nil {
		return next, false, err
	}
	if ans.Token != "" {
		id.Token = ans.Token // from the next call on
		if err := u.st.SaveIdentity(ctx, id); err != nil {
			return next, false, err
		}
	}
	if next.head.Seq == acked.Seq && next.head.Seq < head.Seq { // there is no gap either: the batch began at the end of the receipt
		return next, false, fmt.Errorf("%w: it takes no events", ErrNotOurServer)
	}
	return next, next.head.Seq >= head.Seq, nil
}

// pack makes the batch after a head, as small as the wire needs, and returns its end; ask
// is its question about the server's log. Only the batch that empties the journal says
// that everything is told, and up to when: now, or the last contact of a phone that is
// offline.
func (u *Uplink) pack(ctx context.Context, after, head journal.Head, most int, ask int64) ([]byte, journal.Head, error) {
	cursor, err := u.st.Cursor(ctx)
	if err != nil {
		return nil, after, err
	}
	for limit := most; ; limit /= 2 {
		wall, mono, boot := u.clock() // before reading: nothing later may count as told
		now, sure, err := u.st.Time(ctx, wall, mono, boot)
		if err != nil {
			return nil, after, err
		}
		events, err := u.st.Events(ctx, head.Epoch, after.Seq, limit)
		if err != nil {
			return nil, after, err
		}
		asOf, err := u.told(ctx, now, mono, boot)
		if err != nil {
			return nil, after, err
		}
		end := after
		if n := len(events); n > 0 {
			canonical, err := events[n-1].Bytes()
			if err != nil {
				return nil, after, err
			}
			if end.Seq, end.Hash = events[n-1].Seq, journal.HashOf(canonical); end.Seq < head.Seq {
				asOf = min(asOf, events[n-1].Occurred, events[n-1].Wall) // one of them may be ahead
			}
		}
		b, err := exchange.NewBatch(after, events, asOf, u.st.DeviceKey())
		if err != nil {
			return nil, after, err
		}
		b.Version, b.Now, b.Wall, b.Sure, b.Roster, b.Witness = exchange.Version, now, wall, sure, cursor.Since, ask
		if u.disk != nil {
			if d := u.disk(); d.Known() {
				b.Disk = &exchange.Disk{Free: uint64(max(d.Free, 0)), Total: uint64(d.Total)} //nolint:gosec // it is positive
			}
		}
		if b.Unsent = head.Seq - min(end.Seq, head.Seq); b.Unsent == 0 {
			past, err := u.past(ctx)
			if err != nil {
				return nil, after, err
			}
			b.SetPast(past)
		}
		body, err := exchange.Pack(b)
		if err != nil || len(body) <= exchange.MaxBatchBytes || limit == 1 {
			return body, end, err
		}
	}
}

// told is the time up to which the journal has everything that happened at the desks, see
// journal.Told.
func (u *Uplink) told(ctx context.Context, now models.Millis, mono int64, boot uuid.UUID) (models.Millis, error) {
	phones, err := u.st.Phones(ctx)
	if err != nil {
		return 0, err
	}
	var awaited []journal.Awaited
	for _, p := range phones {
		awaited = append(awaited, p.Awaited(now, mono, boot))
	}
	return journal.Told(now, awaited), nil
}

// pull takes pages until the copy is as new as the server's.
func (u *Uplink) pull(ctx context.Context, id store.Identity, rep *Report) error {
	for retried := false; ; {
		cursor, err := u.st.Cursor(ctx)
		if err != nil {
			return err
		}
		q := url.Values{"since": {strconv.FormatUint(cursor.Since, 10)}, "scope": {hex.EncodeToString(cursor.Scope)}}
		page, err := call[exchange.RosterPage](ctx, u, id.ServerURL, id.Token, http.MethodGet, exchange.PathRoster+"?"+q.Encode(), nil)
		if err != nil {
			return err
		}
		err = u.takePage(ctx, page, rep)
		switch {
		case errors.Is(err, store.ErrDigest) && !retried:
			u.log.Error("roster", "error", err)
			retried = true
		case err != nil || page.Revoked:
			return err
		case page.Digest != nil:
			return u.met(ctx, page.Now)
		}
	}
}
