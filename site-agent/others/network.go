package others

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
)

const (
	// patience is how long one exchange on the site's network may take.
	patience = 5 * time.Second
	// rest is how long an address that doesn't answer is left alone.
	rest = 10 * time.Second
	// mostEpochs bounds the epochs of one other agent's journal.
	mostEpochs = 8
	// mostFound bounds the addresses at which one other agent was met.
	mostFound = 4
	// recent is how many events tell of the day to an agent that knows nothing yet.
	recent = 2 * exchange.MaxBatch
)

// Network is the direct way between the agents of a site, for when the server can't be
// reached: TLS with the agents' own keys at both ends, the journals' tails as the server would
// get them, and an announcement on the network so that they find each other.
type Network struct {
	desk   *desk.Desk
	st     *store.Store
	log    *slog.Logger
	cert   tls.Certificate
	client *http.Client
	port   int // where this agent answers; 0: nowhere

	mu    sync.Mutex
	heads map[uuid.UUID]map[models.Epoch]journal.Head // how far the others' journals are known and verified
	found map[uuid.UUID][]string                      // where they were met, the newest first
	tired map[string]time.Time                        // addresses that are left alone until then
	asked map[uuid.UUID]*rate.Limiter
	heard *rate.Limiter // announcements that are verified
}

// NewNetwork makes the direct way of a desk that answers at a port.
func NewNetwork(d *desk.Desk, st *store.Store, port int, log *slog.Logger) (*Network, error) {
	n := &Network{desk: d, st: st, log: log, port: port, heads: map[uuid.UUID]map[models.Epoch]journal.Head{}, found: map[uuid.UUID][]string{},
		tired: map[string]time.Time{}, asked: map[uuid.UUID]*rate.Limiter{}, heard: rate.NewLimiter(20, 50)}
	var err error
	if n.cert, err = ownCertificate(st.DeviceKey()); err != nil {
		return nil, err
	}
	greeting := n.config()
	greeting.NextProtos = []string{marker, "http/1.1"}
	n.client = &http.Client{Timeout: patience, Transport: &http.Transport{TLSClientConfig: greeting, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return n, nil
}

// Run meets the others while scans are expected, until ctx is done.
func (n *Network) Run(ctx context.Context) {
	defer n.client.CloseIdleConnections()
	for pause(ctx, often) {
		if !n.desk.Awaits() {
			continue
		}
		var meetings sync.WaitGroup
		for _, address := range n.addresses(ctx) {
			meetings.Go(func() {
				if err := n.Meet(ctx, address); err != nil && ctx.Err() == nil {
					n.log.Debug("meet another agent of the site", "address", address, "error", err)
				}
			})
		}
		meetings.Wait()
	}
}

// addresses are those where others may answer now: where they were met, and those that staff
// have written down.
func (n *Network) addresses(ctx context.Context) []string {
	written, err := n.st.OtherAddresses(ctx)
	if err != nil {
		n.log.Error("addresses of other agents", "error", err)
	}
	now, stays := time.Now(), map[uuid.UUID]bool{}
	for _, o := range n.desk.Others() {
		stays[o.ID] = true
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for id := range n.heads {
		if !stays[id] { // should it come back, it tells again what the desk has forgotten
			delete(n.heads, id)
		}
	}
	for id, at := range n.found {
		if !stays[id] {
			delete(n.found, id)
		}
		written = append(written, at...)
	}
	slices.Sort(written)
	return slices.DeleteFunc(slices.Compact(written), func(a string) bool { return now.Before(n.tired[a]) })
}

// learn remembers where an agent was met.
func (n *Network) learn(agent uuid.UUID, address string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.found[agent]) > 0 && n.found[agent][0] == address {
		return
	}
	before := slices.DeleteFunc(n.found[agent], func(a string) bool { return a == address })
	n.found[agent] = slices.Insert(before, 0, address)[:min(len(before)+1, mostFound)]
	delete(n.tired, address)
}

// leave lets an address alone for a while.
func (n *Network) leave(address string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := time.Now()
	for a, until := range n.tired {
		if now.After(until) {
			delete(n.tired, a)
		}
	}
	n.tired[address] = now.Add(rest)
}

// Meet asks whoever answers at an address for the tail of its journal, and takes it.
func (n *Network) Meet(ctx context.Context, address string) error {
	for range most {
		o, b, err := n.askTail(ctx, address)
		if err == nil {
			err = n.take(o, b)
		}
		if err != nil {
			n.leave(address)
			return err
		}
		if b.Unsent == 0 {
			return nil
		}
	}
	return nil
}

func (n *Network) askTail(ctx context.Context, address string) (o desk.Other, b exchange.Batch, err error) {
	body, err := exchange.Pack(exchange.TailAsk{Protocol: exchange.Protocol, Port: n.port, Known: n.known(address)})
	if err != nil {
		return o, b, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+address+exchange.PathTail, bytes.NewReader(body))
	if err != nil {
		return o, b, fmt.Errorf("ask another agent: %w", err)
	}
	req.Header.Set("Content-Type", exchange.ContentType)
	res, err := n.client.Do(req)
	if err != nil {
		return o, b, fmt.Errorf("ask another agent: %w", err)
	}
	defer func() { _ = res.Body.Close() }() // it was read, or is of no use
	if o, err = n.whose(res.TLS); err != nil {
		return o, b, err
	}
	if res.StatusCode != http.StatusOK {
		return o, b, fmt.Errorf("%w: status %d", ErrTail, res.StatusCode)
	}
	packed, err := io.ReadAll(io.LimitReader(res.Body, exchange.MaxBatchBytes+1))
	if err != nil {
		return o, b, fmt.Errorf("ask another agent: %w", err)
	}
	if len(packed) > exchange.MaxBatchBytes {
		return o, b, fmt.Errorf("%w: more than %d bytes", ErrTail, exchange.MaxBatchBytes)
	}
	n.learn(o.ID, address)
	b, err = exchange.Unpack[exchange.Batch](packed)
	return o, b, err
}

// known says how far the journal of the agent at an address is known. Of an address where
// nobody was met yet it says nothing: the answer then begins with the recent past.
func (n *Network) known(address string) []exchange.KnownHead {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []exchange.KnownHead
	for id, at := range n.found {
		if slices.Contains(at, address) {
			for _, h := range n.heads[id] {
				out = append(out, exchange.KnownHead{Epoch: h.Epoch, Seq: h.Seq, Hash: h.Hash})
			}
		}
	}
	return out[:min(len(out), mostEpochs)]
}

// ErrTail is wrapped where another agent's answer is no tail of its journal that goes on from
// what is known of it: an old one that is shown again, another past, or too much.
var ErrTail = errors.New("not the tail of that agent's journal")

// take verifies a tail as the server would, and tells the desk. It is never stored.
func (n *Network) take(o desk.Other, b exchange.Batch) error {
	if b.Protocol != exchange.Protocol || b.Agent != o.ID {
		return fmt.Errorf("%w: of another agent or protocol", ErrTail)
	}
	n.mu.Lock()
	head, seen := n.heads[o.ID][b.Epoch]
	full := len(n.heads[o.ID]) >= mostEpochs
	n.mu.Unlock()
	if seen && (b.First != head.Seq+1 || b.Prev != head.Hash) || !seen && full {
		return fmt.Errorf("%w: from event %d, known up to %d", ErrTail, b.First, head.Seq)
	}
	events, s, err := b.Expand(o.Key)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrTail, err)
	}
	n.mu.Lock()
	if n.heads[o.ID] == nil {
		n.heads[o.ID] = map[models.Epoch]journal.Head{}
	}
	n.heads[o.ID][b.Epoch] = s.Head
	n.mu.Unlock()
	now := n.desk.Now()
	n.desk.Hear(desk.ByNetwork, []exchange.Tail{roster.TailOf(events, s.Head, b.Now-now)}, exchange.Heard{Agent: o.ID, At: now})
	return nil
}
