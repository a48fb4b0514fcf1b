package main

import (
	"errors"
	"log/slog"

	"buktihadir/models"
	"buktihadir/server/exchange"
	"buktihadir/server/office"
)

// parcel is a file on its way: a bundle from a desk, or a reply to it.
type parcel struct {
	file []byte
	desk *post         // that wrote it, or that the reply is for
	told models.Millis // until when a bundle may say that it tells all, see post.claim; zero if it doesn't
}

func (w *world) writeBundle() error {
	p := w.somePost()
	b, err := p.up.Export(w.ctx)
	if err != nil {
		return err
	}
	w.note("  %s: %d events", p.name, b.Events)
	x := parcel{file: b.File, desk: p}
	if b.Left == 0 {
		x.told, err = p.claim()
	}
	w.parcels = append(w.parcels, x)
	return err
}

// carryBundle brings a bundle to the office. It may be brought again later, or
// long after newer ones.
func (w *world) carryBundle() error {
	if len(w.parcels) == 0 {
		return nil
	}
	x := w.parcels[w.luck.IntN(len(w.parcels))]
	carried, err := exchange.NewService(w.office.st, slog.New(slog.DiscardHandler)).Import(w.ctx, office.Program("Kantor"), x.file)
	if err != nil {
		w.fail("the office does not take a bundle of %s: %v", x.desk.name, err)
		return nil
	}
	w.note("  of %s: %d new events, %q", x.desk.name, carried.Events, carried.Conflict)
	x.desk.told = max(x.desk.told, min(x.told, w.now))
	w.replies = append(w.replies, parcel{file: carried.Reply, desk: x.desk})
	w.watch()
	return w.early()
}

// carryReply brings a reply to the desk that it is for, or by mistake to another.
func (w *world) carryReply() error {
	if len(w.replies) == 0 {
		return nil
	}
	x := w.replies[w.luck.IntN(len(w.replies))]
	p := x.desk
	if w.luck.IntN(5) == 0 {
		p = w.somePost()
	}
	taken, err := p.up.Import(w.ctx, x.file)
	w.note("  %s: reply for %s, sent %d, %d of the roster, stale %t, %v", p.name, x.desk.name, taken.Sent, taken.Items, taken.Stale, err)
	if p.id == x.desk.id && err != nil {
		w.fail("%s does not take the reply to its own bundle: %v", p.name, err)
	}
	if p.id != x.desk.id && err == nil {
		w.fail("%s took a reply for %s", p.name, x.desk.name)
	}
	return errors.Join(w.settle(p), p.renamed(w.ctx))
}
