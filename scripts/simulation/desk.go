package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/uplink"
)

// machine is what a desk runs on: its clock is off by some time, and names each boot.
type machine struct {
	off    time.Duration // wall clock minus the true time
	boot   uuid.UUID
	booted models.Millis // true time
}

// post is one agent with its machine.
type post struct {
	w      *world
	name   string
	site   int
	dir    string
	backup string // folder with an older state of the disk; empty if there is none yet
	id     uuid.UUID
	epoch  models.Epoch
	pos    int64 // of the journal's last row that the ledger has
	power  *power
	st     *store.Store
	desk   *desk.Desk
	up     *uplink.Uplink
	wire   *wire

	machine
	told models.Millis // true time up to which the server may know that all is told
	said struct {      // the last word of staff on the time
		boot uuid.UUID
		off  time.Duration // from the true time
	}
}

func (p *post) clock() desk.Reading {
	return desk.Reading{Wall: p.w.now.Add(p.off), Mono: int64(p.w.now-p.booted) + 1, Boot: p.boot}
}

// claim is the true time up to which the agent may say now that it has told all. A boot that
// has not met the server goes by what staff have said, or by its machine's clock. Where that
// is ahead the agent says more than is true, and can't know; the office believes nothing that
// is still to come by its own clock. A boot that has met the server may claim nothing but now.
func (p *post) claim() (models.Millis, error) {
	met, _, err := p.st.LastContact(p.w.ctx)
	ahead := p.off
	switch p.boot {
	case met.Boot:
		ahead = 0
	case p.said.boot:
		ahead = p.said.off
	}
	return p.w.now.Add(max(ahead, 0)), err
}

func (p *post) file() string { return filepath.Join(p.dir, "agent.db") }

// newPost starts an agent with its data in dir.
func (w *world) newPost(dir string, site int) *post {
	p := &post{w: w, name: fmt.Sprint("desk ", len(w.posts)), site: site, dir: dir}
	p.power = w.grid.connect(p.file())
	p.wire = &wire{p: p}
	p.reboot(p.off)
	w.posts = append(w.posts, p)
	return p
}

// reboot gives the machine a new boot, and its clock another error.
func (p *post) reboot(off time.Duration) {
	p.w.boots++
	p.off, p.booted = off, p.w.now
	p.boot = uuid.UUID{0: 0xb0, 15: byte(p.w.boots), 14: byte(p.w.boots >> 8)}
}

// open starts the program.
func (p *post) open(ctx context.Context) error {
	p.power.restore()
	var err error
	if p.st, err = store.Open(ctx, p.dir); err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	p.up = uplink.New(p.st, &http.Client{Transport: p.wire}, func() (models.Millis, int64, uuid.UUID) {
		r := p.clock()
		return r.Wall, r.Mono, r.Boot
	}, slog.New(slog.DiscardHandler))
	id, err := p.st.Identity(ctx)
	if errors.Is(err, store.ErrNotEnrolled) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	p.id, p.epoch = id.Agent, id.Epoch
	p.desk, err = desk.Open(ctx, p.st, p.clock, slog.New(slog.DiscardHandler))
	if err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	return nil
}

// close ends the program; whether it ended well or was cut off is the power's business.
func (p *post) close() error {
	if p.desk != nil {
		p.desk.Close()
		p.desk = nil
	}
	if p.st == nil {
		return nil
	}
	err := p.st.Close()
	p.st = nil
	if err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	return nil
}

func (p *post) restart(ctx context.Context) error {
	if err := p.close(); err != nil {
		return err
	}
	return p.open(ctx)
}

// record brings the ledger up to date with the journal on this disk.
func (p *post) record(ctx context.Context) error {
	rows, err := p.st.Rows(ctx, p.pos, 100_000)
	if err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	for _, r := range rows {
		canonical, err := r.Event.Bytes()
		if err != nil {
			return err
		}
		p.w.ledger[journal.HashOf(canonical)] = r.Event
		p.pos = r.Pos
	}
	return nil
}

// renamed reads which journal the agent keeps now.
func (p *post) renamed(ctx context.Context) error {
	id, err := p.st.Identity(ctx)
	if err == nil {
		p.epoch = id.Epoch
	}
	return err
}
