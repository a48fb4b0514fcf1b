package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

// wire is the network of one agent. Its weather decides what becomes of a request.
type wire struct {
	p     *post
	storm int // percent of requests that meet a fault
}

var errCut = errors.New("cut off")

// RoundTrip carries a request to the server, or loses it on the way.
func (x *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w := x.p.w
	l, err := letterOf(r)
	if err != nil {
		return nil, err
	}
	if x.p.power.isOff() {
		return nil, errCut
	}
	w.now = w.now.Add(time.Duration(1+w.luck.IntN(2000)) * time.Millisecond) // a slow line
	m := mail{letter: l, from: x.p, sent: w.now}
	if m.told, err = x.p.claim(); err != nil {
		return nil, err
	}
	f := faultNone
	if w.luck.IntN(100) < x.storm {
		f = faults()[w.luck.IntN(len(faults()))]
		w.note("  %s %s: %s", x.p.name, r.URL.Path, f)
		w.tally.faults[f]++
	}
	switch f {
	case faultCrashBefore:
		x.p.power.cut()
		return nil, errCut
	case faultCut:
		return nil, errCut
	case faultLate:
		w.strays = append(w.strays, m)
		return nil, errCut
	case faultPortal:
		return page(http.StatusOK, "<h1>Selamat datang di Wi-Fi</h1>"), nil
	case faultGateway:
		return page(http.StatusBadGateway, "<h1>Bad gateway</h1>"), nil
	case faultHalfUp:
		if len(l.body) > 0 {
			m.body = l.body[:w.luck.IntN(len(l.body))]
			_, _ = w.deliver(m) // the answer does not arrive
		}
		return nil, errCut
	default:
	}
	res, err := w.deliver(m)
	if err != nil {
		return nil, err
	}
	return x.back(f, m, res)
}

// back carries the answer.
func (x *wire) back(f fault, m mail, res *http.Response) (*http.Response, error) {
	w := x.p.w
	w.now = w.now.Add(time.Duration(1+w.luck.IntN(2000)) * time.Millisecond)
	switch f {
	case faultTwice:
		return w.deliver(m)
	case faultLost:
		return nil, errCut
	case faultCrashAfter:
		x.p.power.cut()
		return nil, errCut
	case faultHalfDown:
		body, err := io.ReadAll(res.Body)
		if err != nil {
			return nil, err
		}
		res.Body = io.NopCloser(bytes.NewReader(body[:w.luck.IntN(len(body)+1)]))
	default:
	}
	return res, nil
}

func page(status int, text string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(strings.NewReader(text))}
}

// fault is what may happen to a request, in words for the trace.
type fault string

const (
	faultNone        fault = ""
	faultCut         fault = "cut on the way"
	faultLost        fault = "answer lost"
	faultTwice       fault = "delivered twice"
	faultLate        fault = "delivered late" // long after the agent has given up
	faultHalfUp      fault = "upload cut in half"
	faultHalfDown    fault = "answer cut in half"
	faultPortal      fault = "captive portal answers"
	faultGateway     fault = "bad gateway"
	faultCrashBefore fault = "agent's power cut before it was sent"
	faultCrashAfter  fault = "agent's power cut before the answer"
)

func faults() []fault {
	return []fault{faultCut, faultLost, faultTwice, faultLate, faultHalfUp, faultHalfDown, faultPortal, faultGateway, faultCrashBefore, faultCrashAfter}
}

// mail is a message on its way, with its sender and its time.
type mail struct {
	letter
	from *post
	sent models.Millis
	told models.Millis // see post.claim
}

// deliver brings mail to the server and notes what the server may conclude from it,
// also where it dies before it can answer.
func (w *world) deliver(m mail) (*http.Response, error) {
	if strings.HasSuffix(m.url, exchange.PathEvents) {
		if b, err := exchange.Unpack[exchange.Batch](m.body); err == nil && b.Unsent == 0 {
			m.from.told = max(m.from.told, min(m.told, w.now))
		}
	}
	return w.office.post(w.ctx, m.letter)
}
