package main

import (
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/exchange"
	"buktihadir/server/office"
	officestore "buktihadir/server/store"
)

func (w *world) revokeAgent() error {
	p := w.somePost()
	if len(w.revoked) > 0 {
		return nil
	}
	w.note("  %s", p.name)
	w.revoked[p.id] = true
	return w.office.st.Write(w.ctx, func(tx *officestore.Tx) error { return tx.RevokeAgent(p.id) })
}

// rotate makes the token that an agent learns with its next answer, which may be lost.
func (w *world) rotate() error {
	p := w.somePost()
	w.note("  %s", p.name)
	return w.office.st.Write(w.ctx, func(tx *officestore.Tx) error { return tx.RotateToken(p.id) })
}

// addAgent brings one more machine to a site; its first call may fail, or it has
// no network at all.
func (w *world) addAgent() error {
	if len(w.posts) > 4 {
		return nil
	}
	site := w.luck.IntN(len(w.stage.sites))
	code, err := newCode(w.ctx, w.office.st, w.stage.sites[site].ID, "meja baru")
	if err != nil {
		return err
	}
	p := w.newPost(filepath.Join(w.dir, fmt.Sprint("desk-", len(w.posts))), site)
	if err := p.open(w.ctx); err != nil {
		return err
	}
	if w.luck.IntN(3) == 0 {
		err = w.enrolCarried(p, code)
	} else {
		err = w.enrolCalling(p, code)
	}
	if err != nil {
		return err
	}
	return p.restart(w.ctx)
}

func (w *world) enrolCalling(p *post, code string) error {
	var err error
	for _, storm := range []int{50, 50, 0} {
		p.wire.storm = storm
		_, err = p.up.Enrol(w.ctx, serverAt, code)
		p.wire.storm = 0
		if p.power.isOff() {
			if err := w.settle(p); err != nil {
				return err
			}
		}
		if p.id != uuid.Nil || err == nil {
			break
		}
	}
	if err != nil && p.desk == nil {
		return err
	}
	if err := p.restart(w.ctx); err != nil {
		return err
	}
	return w.call(p, 0)
}

// enrolCarried carries the request there, perhaps twice, and the reply back.
func (w *world) enrolCarried(p *post, code string) error {
	w.note("  %s, by files", p.name)
	service := exchange.NewService(w.office.st, slog.New(slog.DiscardHandler))
	invite, err := service.Invite(w.ctx, serverAt, code)
	if err != nil {
		return err
	}
	var carried models.CarriedBundle
	for range 1 + w.luck.IntN(2) {
		file, err := p.up.Request(w.ctx, invite)
		if err != nil {
			return err
		}
		if w.luck.IntN(2) == 0 {
			if err := p.restart(w.ctx); err != nil {
				return err
			}
		}
		if carried, err = service.Import(w.ctx, office.Program("Kantor"), file); err != nil {
			w.fail("the office does not take the request of %s: %v", p.name, err)
			return nil
		}
	}
	if _, err := p.up.Import(w.ctx, carried.Reply); err != nil {
		w.fail("%s does not take what makes it an agent: %v", p.name, err)
	}
	return nil
}
