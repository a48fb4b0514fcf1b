package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"buktihadir/server/account"
	"buktihadir/server/api"
	"buktihadir/server/exchange"
	"buktihadir/server/imports"
	"buktihadir/server/proposal"
	"buktihadir/server/seating"
	"buktihadir/server/store"
	"buktihadir/server/subscription"
	"buktihadir/server/web"
	"buktihadir/server/webhook"
	"buktihadir/templates"
)

type serveCmd struct {
	Listen       string   `help:"Address to listen on." default:"127.0.0.1:8080" env:"BUKTI_HADIR_LISTEN"`
	PublicURL    string   `help:"Public address of the server, for links; https:// makes cookies secure." placeholder:"URL" env:"BUKTI_HADIR_PUBLIC_URL"`
	TrustedProxy []string `help:"Networks of reverse proxies trusted to report a visitor's address." placeholder:"CIDR" env:"BUKTI_HADIR_TRUSTED_PROXY"`
	WebhookNet   []string `name:"webhook-network" help:"Your own networks that webhooks may reach, also without TLS. Otherwise they reach only the public internet." placeholder:"CIDR" env:"BUKTI_HADIR_WEBHOOK_NETWORK"`

	Mail mailFlags `embed:"" prefix:"mail-"`
}

// After these times the server closes a connection. A site on a slow line may take
// minutes for its upload, but a client that does not send its header cannot hold a
// connection.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = 5 * time.Minute
	idleTimeout   = 2 * time.Minute
	drainTimeout  = 20 * time.Second
	tidyInterval  = time.Hour
)

// Run serves until the process is told to stop, then lets running requests end.
func (s *serveCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(a.ctx, "tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	here := "http://" + listener.Addr().String()
	public, err := s.publicURL(a.ctx, st, here)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	log := slog.New(slog.NewTextHandler(a.Stderr, nil))
	accounts, err := account.New(st, a.Now)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	networks, err := webhook.ParseNetworks(s.WebhookNet)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	jobs, err := imports.NewJobs(imports.New(st), log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer jobs.Close()
	proposals, err := proposal.NewProposals(proposal.New(st), log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer proposals.Close()
	set, err := templates.New()
	if err != nil {
		return errors.Join(fmt.Errorf("pages: %w", err), listener.Close())
	}
	out, err := s.outgoing(a, st, set, log, networks, public)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	handler, err := s.handler(web.Config{
		Store: st, Accounts: accounts, Imports: jobs, Proposals: proposals, Set: set, Log: log, Now: a.Now, PublicURL: public, Proxies: s.TrustedProxy,
		Bundles: exchange.NewService(st, log), Webhooks: webhook.NewService(st, networks),
		Subscriptions: subscription.NewService(st), Dispatcher: out.lists, MailOn: out.mailOn,
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := firstAdmin(a, accounts, public); err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintln(a.Stdout, "listening on", here)
	var sending sync.WaitGroup
	out.run(a.ctx, &sending)
	defer sending.Wait()
	go tidy(a, st, out, log)
	return serve(a.ctx, listener, handler, log)
}

// publicURL is where people reach the server. It is noted for the commands that print links.
func (s *serveCmd) publicURL(ctx context.Context, st *store.Store, here string) (*url.URL, error) {
	if s.PublicURL == "" {
		s.PublicURL = here
	}
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("--public-url %q: want https://NAME", s.PublicURL)
	}
	return u, st.NotePublicURL(ctx, s.PublicURL)
}

// handler puts the parts together: the pages, and beside them the doors of the agents
// and of other systems.
func (s *serveCmd) handler(cfg web.Config) (http.Handler, error) {
	pages := web.New(cfg)
	engine, err := pages.Engine()
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	exchange.NewHandler(cfg.Store, cfg.Now, cfg.Log).Mount(engine)
	door := api.New(api.Config{Store: cfg.Store, Accounts: cfg.Accounts, Seating: seating.New(cfg.Store), Set: cfg.Set, Log: cfg.Log, Now: cfg.Now})
	if err := door.Mount(engine); err != nil {
		return nil, err
	}
	return pages.Handler(engine), nil
}

// firstAdmin prints the link with which the first admin chooses their password. It does
// so only in a new installation.
func firstAdmin(a *app, accounts *account.Accounts, public *url.URL) error {
	token, err := accounts.First(a.ctx)
	if err != nil {
		return err
	}
	if token != "" {
		fmt.Fprintln(a.Stdout, "set up the admin account:", public.JoinPath("setup", token))
	}
	return nil
}

// serve answers until ctx ends, then waits for the requests that run.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	srv := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: bodyTimeout, WriteTimeout: bodyTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	if err := srv.Shutdown(drain); err != nil {
		return errors.Join(fmt.Errorf("stop: %w", err), srv.Close())
	}
	return nil
}

// tidy forgets, now and then, the sessions that ended by themselves, and messages that
// arrived long ago.
func tidy(a *app, st *store.Store, out *outgoing, log *slog.Logger) {
	tick := time.NewTicker(tidyInterval)
	defer tick.Stop()
	for {
		select {
		case <-a.ctx.Done():
			return
		case <-tick.C:
			err := errors.Join(st.HTTPSessions().DeleteExpired(a.ctx, a.Now()), out.tidy(a.ctx))
			if err != nil && a.ctx.Err() == nil {
				log.Warn("forget what is over", "error", err)
			}
		}
	}
}
