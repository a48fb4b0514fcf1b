package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"buktihadir/models/exchange"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/others"
	"buktihadir/site-agent/pairing"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/uplink"
	"buktihadir/site-agent/web"
	"buktihadir/site-agent/web/page"
	"buktihadir/site-agent/web/station"
	"buktihadir/templates"
)

// front is what the listener of this machine answers with: first the page that makes
// it an agent, then the desk, at the same address.
type front struct {
	now    atomic.Pointer[http.Handler]
	desk   *desk.Desk
	others int // UDP port at which the site's agents find each other; 0: they don't
}

func (f *front) set(h http.Handler) { f.now.Store(&h) }

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*f.now.Load()).ServeHTTP(w, r) }

// open opens the desk of an agent and puts it in front.
func (f *front) open(ctx context.Context, a *app, group *errgroup.Group, secure net.Listener) (err error) {
	if f.desk, err = a.openDesk(); err != nil {
		return err
	}
	devices, err := pairing.Open(ctx, a.store, f.desk.Now, time.Now)
	if err != nil {
		return err
	}
	up := a.uplink()
	up.WhenMet(f.desk.NoteClock)
	cfg := page.Config{Desk: f.desk, Devices: devices, Store: a.store, Pages: a.pages, Log: a.log, Now: f.desk.Now, Data: a.Data, Sync: syncNow(up),
		Carry: a.carrier(up), Disk: a.disk, Battery: desk.ReadBattery}
	if secure != nil {
		cfg.TLSAddr = secure.Addr().String()
	}
	site, err := web.New(ctx, cfg)
	if err != nil {
		return err
	}
	f.set(site.Handler())
	if secure != nil {
		direct, err := others.NewNetwork(f.desk, a.store, portOf(secure), a.log)
		if err != nil {
			return err
		}
		serveOn(ctx, group, direct.Handler(site.Handler()), direct.Behind(site.TLS()), func(s *http.Server) error { return s.ServeTLS(secure, "", "") })
		group.Go(func() error { direct.Run(ctx); return nil })
		group.Go(func() error { f.announce(ctx, a, direct); return nil })
	}
	for _, work := range []func(){func() { <-ctx.Done(); site.Close() }, func() { up.Run(ctx) }, func() { site.Keep(ctx) },
		func() { others.ByServer(ctx, f.desk, up, a.log) }} {
		group.Go(func() error { work(); return nil })
	}
	group.Go(func() error { return a.look(ctx, f.desk) })
	return nil
}

// announce finds the site's other agents on its network, if that is wanted.
func (f *front) announce(ctx context.Context, a *app, direct *others.Network) {
	if f.others == 0 {
		return
	}
	if err := direct.Announce(ctx, f.others); err != nil { // their addresses may be written down
		a.log.Warn("find the site's other agents", "error", err)
	}
}

func portOf(l net.Listener) int {
	at, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0
	}
	return at.Port
}

// close answers the people who wait at the desk, after its last user has gone.
func (f *front) close() {
	if f.desk != nil {
		f.desk.Close()
	}
}

// firstSteps is how this computer becomes an agent; open puts the desk in front then.
func (a *app) firstSteps(up *uplink.Uplink, open func() error) station.FirstSteps {
	return station.FirstSteps{
		Enrol: func(ctx context.Context, server, code string) error {
			if _, err := up.Enrol(ctx, server, code); err != nil {
				return err
			}
			if _, err := up.Sync(ctx); err != nil { // the computer is an agent already, and goes on trying
				a.log.Warn("take the roster home", "error", err)
			}
			return nil
		},
		Request: func(ctx context.Context, i exchange.Invite) ([]byte, error) { return up.Request(ctx, i) },
		Import: func(ctx context.Context, reply []byte) (bool, error) {
			got, err := up.Import(ctx, reply)
			return got.Enrolled, err
		},
		Open: open, Explain: failureText,
	}
}

// enrolled says whether this data directory is an agent's.
func (a *app) enrolled() (bool, error) {
	_, err := a.store.Identity(a.ctx)
	if errors.Is(err, store.ErrNotEnrolled) {
		return false, nil
	}
	return err == nil, a.explain(err)
}

// failureText is what is wrong with the line, a code or a bundle, in words.
func failureText(err error) templates.Text {
	if key := lineFailure(err); key != "" {
		return templates.Say(key)
	}
	if refused, ok := errors.AsType[*uplink.RefusedError](err); ok {
		return refusedText(refused)
	}
	return templates.Say("bundle.error_other")
}
