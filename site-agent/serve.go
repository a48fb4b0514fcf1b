package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/web"
)

type serveCmd struct {
	Listen    string `help:"Address of the plain pages, for this machine." default:"127.0.0.1:8081"`
	ListenTLS string `name:"listen-tls" help:"Address of the HTTPS pages for phones in the same network. auto is :8443, or a free port where that is taken; off is none." default:"auto"`
}

const (
	// drain is how long requests may take to end once the program is told to.
	drain = 10 * time.Second
	// lookEvery is how often pages learn of what other processes have recorded.
	lookEvery = 2 * time.Second
)

// Run serves until it is told to stop, and then answers who is waiting.
func (c *serveCmd) Run(a *app) error {
	desk.Tune()
	d, err := a.openDesk()
	if err != nil {
		return err
	}
	defer d.Close()
	plain, secure, err := c.listeners(a.ctx)
	if err != nil {
		return err
	}
	up := a.uplink()
	up.WhenMet(d.NoteClock)
	cfg := web.Config{Desk: d, Pages: a.pages, Log: a.log, Now: d.Now, Data: a.Data, Sync: syncNow(up),
		Carry: a.carrier(up), Disk: a.disk}
	if secure != nil {
		cfg.TLSAddr = secure.Addr().String()
	}
	site, err := web.New(cfg)
	if err != nil {
		return errors.Join(err, closeAll(plain, secure))
	}
	group, ctx := errgroup.WithContext(a.ctx)
	serveOn(ctx, group, site, func(s *http.Server) error { return s.Serve(plain) })
	if secure != nil {
		serveOn(ctx, group, site, func(s *http.Server) error { return s.ServeTLS(secure, "", "") })
	}
	group.Go(func() error { return a.look(ctx, d) })
	group.Go(func() error {
		up.Run(ctx)
		return nil
	})
	if _, err := fmt.Fprintf(a.stdout, "listening on http://%s\n", plain.Addr()); err != nil {
		return err
	}
	return group.Wait()
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
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	return errors.Join(errs...)
}

// serveOn serves one listener until ctx is done, then lets requests end. There is
// no write timeout: the stream of news stays open, each write has its own.
func serveOn(ctx context.Context, group *errgroup.Group, site *web.Server, serve func(*http.Server) error) {
	server := &http.Server{Handler: site.Handler(), TLSConfig: site.TLS(),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
	server.RegisterOnShutdown(site.Close)
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
