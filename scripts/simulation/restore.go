package main

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	officestore "buktihadir/server/store"
)

// book is what the run knows about the office: it goes back with the office's backup.
type book struct {
	classes               []*stageClass
	closed, heard         map[int]models.Millis
	since, moved, revoked map[uuid.UUID]bool
	corrected             map[visit]bool
	policy                models.Policy
	earlier               map[uuid.UUID][]span
	told                  map[*post]models.Millis
	agents                map[uuid.UUID]bool // that the office knows
}

// copyClasses makes a plan that can change without the other.
func copyClasses(classes []*stageClass) []*stageClass {
	out := make([]*stageClass, len(classes))
	for i, c := range classes {
		own := *c
		own.sessions, own.people, own.been = slices.Clone(c.sessions), nil, maps.Clone(c.been)
		for _, p := range c.people {
			who := *p
			who.tickets = slices.Clone(p.tickets)
			own.people = append(own.people, &who)
		}
		out[i] = &own
	}
	return out
}

func (w *world) page() *book {
	b := &book{
		classes: copyClasses(w.classes), closed: maps.Clone(w.closed), heard: maps.Clone(w.heard), since: maps.Clone(w.since), moved: maps.Clone(w.moved),
		revoked: maps.Clone(w.revoked), corrected: maps.Clone(w.corrected), policy: w.policy,
		earlier: maps.Clone(w.earlier), told: map[*post]models.Millis{}, agents: map[uuid.UUID]bool{},
	}
	for _, p := range w.posts {
		b.told[p], b.agents[p.id] = p.told, true
	}
	return b
}

func (w *world) vault() string { return filepath.Join(w.dir, "office-backup") }

// backUp keeps the present state of the office for later.
func (w *world) backUp() error {
	err := errors.Join(w.office.st.Close(), os.RemoveAll(w.vault()), copyFolder(w.office.dir, w.vault()))
	if err != nil {
		return err
	}
	w.backup = w.page()
	return w.office.open(w.ctx)
}

// restoreOffice restores an older state of the office, as after a failed disk. Changes
// that people made at the office since then are lost; records of the desks are not. An
// agent that was added since then gets a new code.
func (w *world) restoreOffice() error {
	if w.backup == nil {
		return nil
	}
	w.note("  its backup is put back")
	if err := errors.Join(w.office.st.Close(), os.RemoveAll(w.office.dir), copyFolder(w.vault(), w.office.dir), w.office.open(w.ctx)); err != nil {
		return err
	}
	b := w.backup
	w.backup = nil
	w.classes, w.closed, w.since, w.moved, w.revoked, w.corrected = b.classes, b.closed, b.since, b.moved, b.revoked, b.corrected
	w.policy, w.earlier, w.heard = b.policy, b.earlier, b.heard
	for _, p := range w.posts {
		p.told = b.told[p]
	}
	if err := w.office.st.Write(w.ctx, func(tx *officestore.Tx) error { return tx.Restored("simulation", "uji coba") }); err != nil {
		return err
	}
	again := map[uuid.UUID]bool{}
	for _, p := range w.posts {
		if p.desk == nil || b.agents[p.id] || again[p.id] {
			continue
		}
		again[p.id] = true
		w.note("  %s makes itself known again", p.name)
		code, err := newCode(w.ctx, w.office.st, w.stage.sites[p.site].ID, "meja lagi")
		if err != nil {
			return err
		}
		if _, err := p.up.Enrol(w.ctx, serverAt, code); err != nil {
			w.fail("%s can't make itself known again: %v", p.name, err)
		}
	}
	return nil
}
