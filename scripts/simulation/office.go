package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/exchange"
	officestore "buktihadir/server/store"
)

// roundTrip is a network that a function makes up.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// openDoor is the server's API for agents, without a network listener.
func openDoor(st *officestore.Store, now func() models.Millis) http.Handler {
	engine := gin.New()
	exchange.NewHandler(st, now, slog.New(slog.DiscardHandler)).Mount(engine)
	return engine
}

func deliver(door http.Handler, r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	door.ServeHTTP(w, r)
	return w.Result(), nil
}

// headquarters is the server of one run.
type headquarters struct {
	dir   string
	now   func() models.Millis
	st    *officestore.Store
	door  http.Handler
	power *power
}

func (h *headquarters) open(ctx context.Context) error {
	h.power.restore()
	var err error
	if h.st, err = officestore.Open(ctx, officestore.Config{Dir: h.dir, Now: h.now}); err != nil {
		return fmt.Errorf("open the server: %w", err)
	}
	h.door = openDoor(h.st, h.now) //nolint:contextcheck // each request brings its own
	return nil
}

// restart ends the program, in good order or by a cut of its power, and starts it again.
func (h *headquarters) restart(ctx context.Context) error {
	if err := h.st.Close(); err != nil {
		return fmt.Errorf("close the server: %w", err)
	}
	return h.open(ctx)
}

func (h *headquarters) file() string { return filepath.Join(h.dir, "server.db") }

// letter is a request as it was sent: the network may bring it again, or late.
type letter struct {
	method, url string
	header      http.Header
	body        []byte
}

func letterOf(r *http.Request) (letter, error) {
	l := letter{method: r.Method, url: r.URL.String(), header: r.Header}
	if r.Body == nil {
		return l, nil
	}
	var err error
	l.body, err = io.ReadAll(r.Body)
	return l, errors.Join(err, r.Body.Close())
}

// post brings a letter to the server; it fails while the server's power is off.
func (h *headquarters) post(ctx context.Context, l letter) (*http.Response, error) {
	if h.power.isOff() {
		return nil, errors.New("the server is off")
	}
	r, err := http.NewRequestWithContext(ctx, l.method, l.url, bytes.NewReader(l.body))
	if err != nil {
		return nil, err
	}
	r.Header = l.header
	r.RemoteAddr = "192.0.2.1:1"
	res, err := deliver(h.door, r)
	if err == nil && h.power.isOff() { // it died before it could answer
		return nil, errors.Join(errors.New("the server died"), res.Body.Close())
	}
	return res, err
}
