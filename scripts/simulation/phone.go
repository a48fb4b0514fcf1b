package main

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/roster"
)

// handset is a phone that works offline and has not found its desk again.
type handset struct {
	p     *post
	off   time.Duration // its wall clock minus the true time
	page  uuid.UUID
	phone *offline.Phone
	held  []heldAt
}

// heldAt is something that it holds, and the true time of it.
type heldAt struct {
	offline.Queued
	at models.Millis
}

func (h *handset) clocks() offline.Reading {
	return offline.Reading{Wall: h.p.w.now.Add(h.off), Mono: int64(h.p.w.now), Page: h.page}
}

// goesAlone cuts a phone off from its desk, on which somebody goes on scanning.
func (w *world) goesAlone() error {
	p := w.somePost()
	h := &handset{p: p, off: time.Duration(w.luck.IntN(7200)-3600) * time.Second, page: w.id()}
	_, _, kit := p.desk.Contact(w.stage.supervisors[p.site], w.id(), "", offline.Place{})
	phone, err := offline.Open(*kit, h.clocks(), nil)
	if err != nil {
		return fmt.Errorf("%s: a phone: %w", p.name, err)
	}
	h.phone = phone
	for range 1 + w.luck.IntN(5) {
		w.now = w.now.Add(time.Duration(w.luck.IntN(8*60)) * time.Second)
		_, who := w.somebody(func(site int) bool { return site == p.site })
		r := w.request(who, models.DirectionAuto)
		ask := offline.Ask{ID: r.ID, Code: r.Code, Desk: "hp"}
		if w.luck.IntN(6) == 0 {
			ask = offline.Ask{ID: r.ID, Enrollment: who.place, Reason: "HP mati", Desk: "hp"}
		}
		answer, held, err := phone.Judge(ask, h.clocks())
		if err != nil {
			w.note("  %s: a phone: %v", p.name, err)
			continue
		}
		w.note("  %s: a phone on its own shows %q", p.name, answer.Verdict)
		h.held = append(h.held, heldAt{held, w.now})
		if w.luck.IntN(8) == 0 {
			h.off += time.Duration(w.luck.IntN(7200)-3600) * time.Second // its clock is set
		}
	}
	w.phones = append(w.phones, h)
	return nil
}

// findsDesk lets a phone hand over its queue, perhaps twice.
func (w *world) findsDesk() error {
	if len(w.phones) == 0 {
		return nil
	}
	h := w.phones[0]
	w.phones = w.phones[1:]
	if h.p.desk == nil {
		return nil
	}
	for range 1 + w.luck.IntN(2) {
		for _, x := range h.held {
			if err := w.handsOver(h, x); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *world) handsOver(h *handset, x heldAt) error {
	p := h.p
	take := func() (roster.Outcome, error) {
		return p.desk.TakeQueued(w.ctx, w.stage.supervisors[p.site], h.clocks(), x.Queued)
	}
	o, err := w.answered(p, take)
	if err == nil && x.Verdict.Accepted() && o.Verdict != x.Verdict {
		w.fail("a phone showed %q, and %s has recorded %q", x.Verdict, p.name, o.Verdict)
	}
	if err != nil || o.Seq == 0 {
		return err
	}
	events, err := p.st.Events(w.ctx, p.epoch, o.Seq-1, 1)
	if err != nil || len(events) == 0 {
		return err
	}
	what, err := content(events[0])
	if g, green := w.greens[what]; green {
		g.at = x.at
		w.greens[what] = g
	}
	return err
}

// happened is when an event was, by its desk's clock and since its machine's boot.
func happened(e journal.Event) (at models.Millis, mono int64) {
	switch {
	case e.Written != 0: // on a sheet, by another clock
		return e.Written, 0
	case e.Happened == 0:
		return e.Occurred, e.Mono
	}
	return e.Happened, e.Mono - e.Age
}

// impossible (in time, or to check) says that a person has to decide whether what a phone held counts.
func impossible(e journal.Event) bool {
	const beforeContact, unproven, unchecked, week = 2, 4, 16, 7 * 24 * 3_600_000
	held := e.Happened != 0
	paper := e.Written != 0 && (e.Written > e.Occurred || e.Occurred-e.Written > week)
	return paper || held && (e.Doubt&(beforeContact|unproven|unchecked) != 0 || e.Happened > e.Occurred || e.Occurred-e.Happened > week)
}
