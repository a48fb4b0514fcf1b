package main

import (
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
)

// anchor ties a boot's own count to the time of day, as a journal has it.
type anchor struct {
	mono int64
	at   models.Millis
	met  bool // the server said so, not staff
}

// anchorsIn finds what the journals that reached the server say about each boot.
func anchorsIn(events []journal.Event) map[uuid.UUID][]anchor {
	out := map[uuid.UUID][]anchor{}
	for _, e := range events {
		switch {
		case e.Kind != models.EventClock || e.Boot == uuid.Nil:
		case e.Server != 0:
			out[e.Boot] = append(out[e.Boot], anchor{e.Mono, e.Server, true})
		case e.Confirmed != 0:
			out[e.Boot] = append(out[e.Boot], anchor{e.Mono, e.Confirmed, false})
		}
	}
	return out
}

// timeOf is the reference's word on when an event happened: by the nearest anchor
// of its boot, the server's before staff's, unless the desk was right to half a minute.
func timeOf(e journal.Event, anchors []anchor) (at models.Millis, met bool) {
	said, mono := happened(e)
	distance := func(a anchor) int64 {
		if a.mono > mono {
			return a.mono - mono
		}
		return mono - a.mono
	}
	chosen := -1
	for i, a := range anchors {
		if chosen < 0 {
			chosen = i
			continue
		}
		best := anchors[chosen]
		better := a.met && !best.met
		if a.met == best.met {
			better = distance(a) < distance(best) || distance(a) == distance(best) && (a.mono < best.mono || a.mono == best.mono && a.at < best.at)
		}
		if better {
			chosen = i
		}
	}
	if chosen < 0 || e.Written != 0 {
		return said, false
	}
	best := anchors[chosen]
	at = best.at + models.Millis(mono-best.mono)
	if at-said <= 30_000 && said-at <= 30_000 {
		at = said
	}
	return at, best.met && e.Doubt&1 == 0
}

// slack is how far a corrected time may differ from the true one, in ms: the drift that
// is not corrected, and the time that a message travelled.
const slack = 30_000 + 10_000

// heldSlack is what a phone adds to that: its clock may be off by the same amount
// unnoticed.
const heldSlack = 30_000

// checkTime holds the server's times against the reference's, and both against
// the truth where the boot has met the server.
func (w *world) checkTime(e journal.Event, corrected models.Millis, anchors []anchor) {
	at, met := timeOf(e, anchors)
	if corrected != at {
		w.fail("event %d of %s: the server corrects its time to %d, the reference to %d", e.Seq, e.Agent, corrected, at)
	}
	what, err := content(e)
	truth, known := w.greens[what]
	within := models.Millis(slack)
	if e.Happened != 0 {
		within += heldSlack
	}
	if err == nil && known && met && e.Written == 0 && e.Doubt == 0 && (at-truth.at > within || truth.at-at > within) {
		w.fail("%s showed green at %d, and is judged by %d", truth.desk, truth.at, at)
	}
}
