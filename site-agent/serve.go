package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/cli/browser"
	"golang.org/x/sync/errgroup"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/web"
)

type serveCmd struct {
	Listen    string `help:"Address of the plain pages, for this machine." default:"127.0.0.1:8081"`
	ListenTLS string `name:"listen-tls" help:"Address of the HTTPS pages for phones on the same network. auto means :8443, or a free port if that is taken; off means none." default:"auto"`
	Others    int    `help:"UDP port at which the computers of one site find each other on its network; 0 means that they don't." default:"8442"`
	Open      bool   `help:"Open the pages in this computer's browser."`
}

const (
	// drain is how long requests may still run after the program is told to stop.
	drain = 10 * time.Second
	// lookEvery is how often pages learn of what other processes have recorded.
	lookEvery = 2 * time.Second
)

// Run serves until a person or the service manager stops it, and then answers the waiting
// requests.
func (c *serveCmd) Run(a *app) error {
	if startedBySystem() {
		return asService(a, c.serve)
	}
	return c.serve(a)
}

// serve shows the page that makes this computer an agent until it is one, and then the
// desk, at the same address.
func (c *serveCmd) serve(a *app) error {
	desk.Tune()
	served, err := store.Serve(a.ctx, a.Data)
	if err != nil {
		return a.explain(err)
	}
	defer func() { _ = served.Close() }()
	plain, secure, err := c.listeners(a.ctx)
	if err != nil {
		return err
	}
	enrolled, err := a.enrolled()
	if err != nil {
		return errors.Join(err, closeAll(plain, secure))
	}
	group, ctx := errgroup.WithContext(a.ctx)
	f := &front{others: c.Others}
	open := func() error { return f.open(ctx, a, group, secure) }
	if !enrolled {
		f.set(web.NewFirst(a.firstSteps(a.uplink(), open), a.pages, a.log, func() models.Millis { return a.clock().Wall }))
	} else if err := open(); err != nil {
		return errors.Join(err, closeAll(plain, secure))
	}
	serveOn(ctx, group, f, nil, func(s *http.Server) error { return s.Serve(plain) })
	address := "http://" + plain.Addr().String()
	if _, err := fmt.Fprintln(a.stdout, "listening on", address); err != nil {
		return err
	}
	if c.Open {
		if err := browser.OpenURL(address); err != nil {
			a.log.Warn("open a browser", "error", err)
		}
	}
	err = group.Wait()
	f.close()
	return errors.Join(err, closeAll(secure))
}

func (c *serveCmd) listeners(ctx context.Context) (plain, secure net.Listener, err error) {
	var cfg net.ListenConfig
	if plain, err = cfg.Listen(ctx, "tcp", c.Listen); err != nil {
		return nil, nil, fmt.Errorf("listen: %w", err)
	}
	switch c.ListenTLS {
	case "off", "":
		return plain, nil, nil
	case "auto":
		if secure, err = cfg.Listen(ctx, "tcp", ":8443"); err != nil {
			secure, err = cfg.Listen(ctx, "tcp", ":0")
		}
	default:
		secure, err = cfg.Listen(ctx, "tcp", c.ListenTLS)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("listen: %w", err), plain.Close())
	}
	return plain, secure, nil
}

func closeAll(listeners ...net.Listener) error {
	var errs []error
	for _, l := range listeners {
		if l == nil {
			continue
		}
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// serveOn serves one listener until ctx is done, then lets requests end. There is no
// write timeout, because the event stream stays open; each write has its own deadline.
func serveOn(ctx context.Context, group *errgroup.Group, face http.Handler, secure *tls.Config, serve func(*http.Server) error) {
	server := &http.Server{Handler: face, TLSConfig: secure,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
	group.Go(func() error {
		if err := serve(server); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		return server.Shutdown(ending)
	})
}

// look keeps pages up to date with what a terminal or the exchange has stored.
func (a *app) look(ctx context.Context, d *desk.Desk) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := d.Refresh(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("refresh the desk", "error", err)
			}
		}
	}
}
