package attendance

import "buktihadir/models"

// Anchor ties the time since a boot to the time of day.
type Anchor struct {
	Mono int64         // ms since the boot
	Time models.Millis // what the server's clock said then, or staff
	Met  bool          // it was the server's
}

// tolerated is how far, in ms, a desk's time may be off before it is corrected:
// meetings take time themselves, and no rule looks at seconds.
const tolerated = 30_000

// Correct gives the time at which something occurred mono ms after a boot, when
// the desk said occurred. It depends on the boot's set of anchors alone: the one
// nearest in time since boot counts, the server's word before that of staff. sure
// says that the server's word stands behind it.
func Correct(occurred models.Millis, mono int64, anchors []Anchor) (at models.Millis, sure bool) {
	var best *Anchor
	for i := range anchors {
		a := &anchors[i]
		if best == nil || a.nearer(*best, mono) {
			best = a
		}
	}
	if best == nil {
		return occurred, false
	}
	at = best.Time + models.Millis(mono-best.Mono)
	if off := at - occurred; -tolerated <= off && off <= tolerated {
		at = occurred
	}
	return at, best.Met
}

func (a Anchor) nearer(b Anchor, mono int64) bool {
	far := func(x Anchor) int64 { return max(x.Mono-mono, mono-x.Mono) }
	switch {
	case a.Met != b.Met:
		return a.Met
	case far(a) != far(b):
		return far(a) < far(b)
	case a.Mono != b.Mono:
		return a.Mono < b.Mono
	}
	return a.Time < b.Time
}
