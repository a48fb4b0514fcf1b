package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"code.dny.dev/ssrf"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/outbox"
	"buktihadir/server/store"
)

const (
	pollEvery  = 2 * time.Second
	patience   = 15 * time.Second // for one attempt, whole
	lease      = 30 * time.Second // after which a message of a sender that died is taken again; longer than patience
	giveUp     = 24 * time.Hour
	keepDone   = 30 * 24 * time.Hour
	answerSize = 64 << 10
)

// Networks are private networks that webhooks may reach. All other addresses outside the
// public internet are blocked; otherwise a user who may add a webhook could explore the
// network behind the firewall.
type Networks []netip.Prefix

// ParseNetworks reads networks, 10.0.0.0/8 or fd00::/8.
func ParseNetworks(texts []string) (Networks, error) {
	var all Networks
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("network of webhooks: %w", err)
		}
		all = append(all, p)
	}
	return all, nil
}

func (n Networks) guard() *ssrf.Guardian {
	var v4, v6 []netip.Prefix
	for _, p := range n {
		if p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	return ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))
}

// Sender sends the messages in the outbox. It serves webhooks in parallel, and the
// messages of one webhook one after the other, so that a slow receiver does not delay
// others.
type Sender struct {
	st     *store.Store
	log    *slog.Logger
	now    func() models.Millis
	client *http.Client
	busy   sync.Map // of webhooks that are served now
	served sync.WaitGroup
}

// NewSender makes a sender.
func NewSender(st *store.Store, log *slog.Logger, now func() models.Millis, networks Networks) *Sender {
	// The guard sees the address that is dialled, after names were resolved. No proxy:
	// it would dial in our place, unguarded.
	dialer := &net.Dialer{Timeout: patience, Control: networks.guard().Safe}
	return &Sender{st: st, log: log, now: now, client: &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: dialer.DialContext, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 1, MaxResponseHeaderBytes: answerSize,
			IdleConnTimeout: time.Minute, TLSHandshakeTimeout: patience},
	}}
}

// Run sends until ctx ends. Failures are logged, and tried again.
func (s *Sender) Run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	defer s.served.Wait()
	for {
		if err := s.round(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("webhooks", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// round starts serving every webhook that has messages due and is not served yet.
func (s *Sender) round(ctx context.Context) error {
	hooks, err := s.st.Read(ctx).WebhooksDue(s.now())
	for _, h := range hooks {
		if _, served := s.busy.LoadOrStore(h.ID, true); served {
			continue
		}
		s.served.Go(func() {
			defer s.busy.Delete(h.ID)
			if err := s.serve(ctx, h); err != nil && ctx.Err() == nil {
				s.log.Error("webhook", "webhook", h.ID, "error", err)
			}
		})
	}
	return err
}

// serve sends one webhook's messages until none is due or one fails.
func (s *Sender) serve(ctx context.Context, h models.Webhook) error {
	secret, err := s.st.Read(ctx).WebhookSecret(h)
	if err != nil {
		return err
	}
	signer, err := standardwebhooks.NewWebhookRaw(secret)
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	for {
		d, err := s.st.ClaimDelivery(ctx, h.ID, lease)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		claimed := d.NextAt
		a := s.attempt(ctx, h, signer, d)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the program stops: the lease ends, and the message is tried again
		}
		next := judge(d, a, s.now(), rand.Float64()) //nolint:gosec // the jitter need not be secret
		if err := s.keep(ctx, h, next, claimed, a); err != nil || next.State != models.DeliveryDone {
			return err
		}
	}
}

// answer is what came of one attempt.
type answer struct {
	status int
	wait   time.Duration // that the receiver asked for
	err    error
}

func (s *Sender) attempt(ctx context.Context, h models.Webhook, signer *standardwebhooks.Webhook, d models.Delivery) answer {
	body, err := Body(d)
	if err != nil {
		return answer{err: err}
	}
	at := s.now().Time()
	signature, err := signer.Sign(d.ID.String(), at, body)
	if err != nil {
		return answer{err: err}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "bukti-hadir")
	req.Header.Set(standardwebhooks.HeaderWebhookID, d.ID.String())
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	res, err := s.client.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, answerSize))
	seconds, _ := strconv.Atoi(res.Header.Get("Retry-After")) // no number: no wish
	return answer{status: res.StatusCode, wait: time.Duration(seconds) * time.Second, err: err}
}

// taken says that the receiver has the message.
func (a answer) taken() bool { return a.err == nil && a.status >= 200 && a.status < 300 }

// gone says that the receiver does not want more messages.
func (a answer) gone() bool { return a.status == http.StatusGone }

// judge says what an attempt makes of a delivery.
func judge(d models.Delivery, a answer, now models.Millis, spread float64) models.Delivery {
	outcome := outbox.Outcome{Taken: a.taken(), Refused: a.gone(), Wait: a.wait}
	if !a.taken() {
		outcome.Problem = problemOf(a)
	}
	d.Status, d.Sending = a.status, outbox.Judge(d.Sending, outcome, giveUp, now, spread)
	return d
}

// problemOf names what went wrong, for the page. Of an error of the network only its
// last part is kept: the rest repeats the address.
func problemOf(a answer) string {
	switch {
	case errors.Is(a.err, ssrf.ErrProhibitedIP):
		return "address_closed"
	case errors.Is(a.err, context.DeadlineExceeded):
		return "timeout"
	case a.err != nil:
		if timeout, ok := errors.AsType[net.Error](a.err); ok && timeout.Timeout() {
			return "timeout"
		}
		text := a.err.Error()
		return text[strings.LastIndex(text, ": ")+1:]
	}
	return "status"
}

// keep stores what became of a delivery. A dead one is a notice in the history.
func (s *Sender) keep(ctx context.Context, h models.Webhook, d models.Delivery, claimed models.Millis, a answer) error {
	by := office.Program("server")
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveDelivery(d, claimed); err != nil || d.State != models.DeliveryDead {
			return err
		}
		s.log.Warn("a webhook takes no messages", "webhook", h.ID, "delivery", d.ID, "problem", d.Problem)
		if a.gone() {
			if err := tx.SetWebhookActive(h.ID, false); err != nil {
				return err
			}
		}
		return record(tx, by, "webhook.dead", h.ID, d.ID.String()+" "+d.Problem)
	})
}

// Tidy forgets messages that arrived a month ago.
func (s *Sender) Tidy(ctx context.Context) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.ForgetDeliveries(s.now().Add(-keepDone)) })
}

// Idle waits until nothing is being sent.
func (s *Sender) Idle() { s.served.Wait() }
