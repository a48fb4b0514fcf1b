package others

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"buktihadir/models/exchange"
	"buktihadir/models/journal"
)

// askLimit bounds a question in bytes.
const askLimit = 4 << 10

// These bound how often one other agent is answered: a question a second or two is usual, and
// a few in a row when the answer is long.
const (
	perSecond = 5
	inARow    = 60
)

// Behind lets other agents in at a listener that serves pages: who greets as one must have
// the key of one, and gets to nothing but the answers for agents.
func (n *Network) Behind(pages *tls.Config) *tls.Config {
	both, others := pages.Clone(), n.config()
	both.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if slices.Contains(hello.SupportedProtos, marker) {
			return others, nil
		}
		return nil, nil //nolint:nilnil // the pages' own then, see package tls
	}
	return both
}

// Handler answers other agents, and passes everybody else on. Only the greeting of an agent
// asks for a certificate, so that whoever shows one was let in as an agent.
func (n *Network) Handler(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
			pages.ServeHTTP(w, r)
			return
		}
		n.answer(w, r)
	})
}

func (n *Network) answer(w http.ResponseWriter, r *http.Request) {
	o, err := n.whose(r.TLS) // it may have been revoked since it greeted
	if err != nil {
		http.Error(w, "", http.StatusForbidden)
		return
	}
	if r.Method != http.MethodPost || r.URL.Path != exchange.PathTail {
		http.Error(w, "", http.StatusNotFound)
		return
	}
	if !n.mayAsk(o.ID) {
		http.Error(w, "", http.StatusTooManyRequests)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, askLimit))
	if err != nil {
		http.Error(w, "", http.StatusRequestEntityTooLarge)
		return
	}
	ask, err := exchange.Unpack[exchange.TailAsk](body)
	if err != nil || ask.Protocol != exchange.Protocol || len(ask.Known) > mostEpochs {
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil && 0 < ask.Port && ask.Port < 1<<16 {
		n.learn(o.ID, net.JoinHostPort(host, strconv.Itoa(ask.Port)))
	}
	packed, err := n.tail(r.Context(), ask.Known)
	if err != nil {
		n.log.Error("answer another agent of the site", "error", err)
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", exchange.ContentType)
	_, _ = w.Write(packed) // the other end may be gone: it asks again
}

func (n *Network) mayAsk(agent uuid.UUID) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.asked[agent]
	if l == nil { // there are no more than the roster names
		l = rate.NewLimiter(perSecond, inARow)
		n.asked[agent] = l
	}
	return l.Allow()
}

// tail is the next run of this agent's journal after what is known of it, or its recent past.
// It says nothing about what is told until when: that is for the server alone.
func (n *Network) tail(ctx context.Context, known []exchange.KnownHead) ([]byte, error) {
	head, err := n.st.Head(ctx)
	if err != nil {
		return nil, err
	}
	after, err := n.after(ctx, head, known)
	if err != nil {
		return nil, err
	}
	for limit := exchange.MaxBatch; ; limit /= 2 {
		events, err := n.st.Events(ctx, head.Epoch, after.Seq, limit)
		if err != nil {
			return nil, err
		}
		b, err := exchange.NewBatch(after, events, 0, n.st.DeviceKey())
		if err != nil {
			return nil, err
		}
		end := after.Seq + uint64(len(events))
		b.Version, b.Now, b.Unsent = exchange.Version, n.desk.Now(), head.Seq-min(end, head.Seq)
		packed, err := exchange.Pack(b)
		if err != nil || len(packed) <= exchange.MaxBatchBytes || limit == 1 {
			return packed, err
		}
	}
}

// after is where the answer begins.
func (n *Network) after(ctx context.Context, head journal.Head, known []exchange.KnownHead) (journal.Head, error) {
	start := journal.Head{Agent: head.Agent, Epoch: head.Epoch}
	seq := head.Seq - min(head.Seq, recent)
	i := slices.IndexFunc(known, func(k exchange.KnownHead) bool { return k.Epoch == head.Epoch && k.Seq <= head.Seq })
	if i >= 0 {
		seq = known[i].Seq
	}
	if seq == 0 {
		return start, nil
	}
	events, err := n.st.Events(ctx, head.Epoch, seq-1, 1)
	if err != nil || len(events) != 1 {
		return start, err
	}
	canonical, err := events[0].Bytes()
	start.Seq, start.Hash = seq, journal.HashOf(canonical)
	return start, err
}
