// Benchmark lets 20 phones scan at once over HTTP: at the real desk of Bukti Hadir with
// everything it does, and at a naive implementation in two variants. They take turns in
// one run on one disk. The program prints medians over the rounds, and the ratios that
// this project promises.
package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"buktihadir/models"
	"buktihadir/models/ticket"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/pairing"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/web"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// These are the promised ratios to the better variant of the naive implementation.
const (
	wantThroughput = 4.0
	wantTail       = 1.0 / 5
)

func main() {
	var b benchmark
	dir := flag.String("dir", "", "folder on the disk to measure (default: a temporary one)")
	flag.IntVar(&b.clients, "clients", 20, "phones that scan at once")
	flag.IntVar(&b.scans, "scans", 2000, "scans a round")
	flag.IntVar(&b.rounds, "rounds", 9, "rounds")
	flag.Parse()
	desk.Tune() // as the agent runs; the rivals share it
	log.SetFlags(0)
	if err := b.run(*dir); err != nil {
		log.Fatal("bench: ", err)
	}
}

type benchmark struct {
	clients, scans, rounds int
	site                   *sample.Site
	codes                  []string
	close                  []func() error
}

// contestant is one server under load.
type contestant struct {
	name, address, cookie string
	rounds                []figures
}

func (b *benchmark) run(dir string) (err error) {
	if dir, err = os.MkdirTemp(dir, "bukti-hadir-bench"); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() {
		for _, end := range slices.Backward(b.close) {
			err = errors.Join(err, end())
		}
		err = errors.Join(err, os.RemoveAll(dir))
	}()
	if err := b.prepare(); err != nil {
		return err
	}
	ours, err := b.ours(filepath.Join(dir, "agent"))
	if err != nil {
		return err
	}
	contestants := []*contestant{ours}
	keys := ticket.NewKeys(b.site.Key.Public().(ed25519.PublicKey)) //nolint:forcetypeassert,errcheck // by construction
	for _, v := range []struct {
		name        string
		connections int
	}{{"gin + GORM, one connection", 1}, {"gin + GORM, a pool of 20", 20}} {
		r, handler, err := openRival(dir, fmt.Sprintf("rival-%d", v.connections), v.connections, b.site, keys)
		if err != nil {
			return err
		}
		b.close = append(b.close, r.close)
		address, err := b.listen(handler)
		if err != nil {
			return err
		}
		contestants = append(contestants, &contestant{name: v.name, address: address})
	}
	syncs, err := b.measure(dir, contestants)
	if err != nil {
		return err
	}
	return report(contestants, syncs)
}

// prepare signs a ticket for every scan: each is the first of its kind.
func (b *benchmark) prepare() (err error) {
	if b.site, err = sample.New(b.scans*(b.rounds+1), models.MillisOf(time.Now())); err != nil {
		return err
	}
	b.codes = make([]string, len(b.site.People))
	for i := range b.codes {
		if b.codes[i], err = b.site.Token(i); err != nil {
			return err
		}
	}
	return nil
}

// measure lets the contestants take turns; the first round only warms up.
func (b *benchmark) measure(dir string, contestants []*contestant) (syncs []float64, err error) {
	for round := range b.rounds + 1 {
		codes := b.codes[round*b.scans : (round+1)*b.scans]
		rate, err := fsyncRate(dir)
		if err != nil {
			return nil, err
		}
		syncs = append(syncs, rate)
		for i := range contestants {
			c := contestants[(i+round)%len(contestants)]
			f, err := load(c.address, c.cookie, b.clients, codes)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			if round > 0 {
				c.rounds = append(c.rounds, f)
			}
		}
	}
	return syncs, nil
}

// ours is the real desk with its real pages.
func (b *benchmark) ours(dir string) (*contestant, error) {
	ctx := context.Background()
	st, err := store.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	b.close = append(b.close, st.Close)
	if err := b.site.Fill(ctx, st); err != nil {
		return nil, err
	}
	clock, err := desk.SystemClock()
	if err != nil {
		return nil, err
	}
	quiet := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	d, err := desk.Open(ctx, st, clock, quiet)
	if err != nil {
		return nil, err
	}
	b.close = append(b.close, func() error { d.Close(); return nil })
	pages, err := templates.New()
	if err != nil {
		return nil, err
	}
	devices, err := pairing.Open(ctx, st, d.Now, time.Now)
	if err != nil {
		return nil, err
	}
	s, err := web.New(ctx, page.Config{Desk: d, Devices: devices, Store: st, Pages: pages, Log: quiet, Now: func() models.Millis {
		return clock().Wall
	}, Data: dir})
	if err != nil {
		return nil, err
	}
	address, err := b.listen(s.Handler())
	if err != nil {
		return nil, err
	}
	cookie, err := signIn(address, b.site.Officer, b.site.PIN)
	return &contestant{name: "Bukti Hadir", address: address, cookie: cookie}, err
}

func (b *benchmark) listen(h http.Handler) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Print("serve: ", err)
		}
	}()
	b.close = append(b.close, server.Close)
	return l.Addr().String(), nil
}

// fsyncRate is how often a second this disk makes a page durable.
func fsyncRate(dir string) (perSecond float64, err error) {
	f, err := os.CreateTemp(dir, "fsync")
	if err != nil {
		return 0, fmt.Errorf("measure fsync: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	const times = 200
	page := make([]byte, 4096)
	start := time.Now()
	for range times {
		if _, err := f.Write(page); err != nil {
			return 0, fmt.Errorf("measure fsync: %w", err)
		}
		if err := f.Sync(); err != nil {
			return 0, fmt.Errorf("measure fsync: %w", err)
		}
	}
	return times / time.Since(start).Seconds(), nil
}
