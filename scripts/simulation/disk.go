package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"buktihadir/models"
	"buktihadir/site-agent/roster"
)

// copyDisk keeps the present state of a disk for later.
func (w *world) copyDisk() error { return w.copyOf(w.somePost()) }

func (w *world) copyOf(p *post) error {
	w.copies++
	p.backup = filepath.Join(w.dir, fmt.Sprint("copy-", w.copies))
	w.note("  of %s", p.name)
	return copyFolder(p.dir, p.backup)
}

// restoreDisk puts an older disk back. Events that only the newer disk had are lost, and
// so is the promise of their green screens.
func (w *world) restoreDisk() error { return w.putBack(w.somePost()) }

func (w *world) putBack(p *post) error {
	if p.backup == "" {
		return nil
	}
	w.note("  of %s", p.name)
	gone, err := p.contents()
	if err != nil {
		return err
	}
	if err := errors.Join(p.record(w.ctx), p.close(), os.RemoveAll(p.dir), copyFolder(p.backup, p.dir)); err != nil {
		return err
	}
	p.pos = 0
	p.reboot(p.off)
	if err := p.open(w.ctx); err != nil {
		return err
	}
	kept, err := p.contents()
	for what := range gone {
		w.lost[what] = w.lost[what] || !kept[what]
	}
	return err
}

// contents names what the disk holds.
func (p *post) contents() (map[models.Hash]bool, error) {
	rows, err := p.st.Rows(p.w.ctx, 0, 100_000)
	out := map[models.Hash]bool{}
	for _, r := range rows {
		what, err := content(r.Event)
		if err != nil {
			return nil, err
		}
		out[what] = true
	}
	return out, err
}

// cloneDisk makes two machines of one: both believe that they are the agent.
func (w *world) cloneDisk() error {
	if len(w.posts) > 4 {
		return nil
	}
	p := w.somePost()
	folder := filepath.Join(w.dir, fmt.Sprint("desk-", len(w.posts)))
	w.note("  of %s", p.name)
	if err := copyFolder(p.dir, folder); err != nil {
		return err
	}
	w.now = w.now.Add(time.Minute)
	return w.newPost(folder, p.site).open(w.ctx)
}

// fullDisk lets every write fail for a while. No screen may be green in that time. When
// there is room again the same program goes on.
func (w *world) fullDisk() error {
	p := w.somePost()
	_, who := w.somebody(func(site int) bool { return site == p.site })
	r := w.request(who, models.DirectionAuto)
	p.power.cut()
	if _, err := p.desk.Scan(w.ctx, r); err == nil {
		w.fail("%s showed an answer with a full disk", p.name)
	}
	p.power.restore()
	_, err := w.answered(p, func() (roster.Outcome, error) { return p.desk.Scan(w.ctx, r) })
	return err
}
