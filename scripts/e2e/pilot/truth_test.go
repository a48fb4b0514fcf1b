package pilot_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/models/anomaly"
	"buktihadir/models/region"
)

// seen says that what happened at a session has come to the office, at least so far.
func (p *plan) seen(s *session) bool {
	return s.startsAt <= p.now() && (s.class.site != p.silent || s.slot < 8)
}

// most is the key with the largest figure, which must be the only one of its size.
func most[K cmp.Ordered](t *testing.T, figures map[K]float64) (best K) {
	t.Helper()
	first := true
	for key, n := range figures {
		if first || n > figures[best] {
			best, first = key, false
		}
	}
	for key, n := range figures {
		if key != best && n == figures[best] {
			t.Errorf("%v and %v are equal: %v", key, best, n)
		}
	}
	return best
}

// visits are all attendances whose result is final.
func (p *plan) visits(take func(*person, *session, fate)) {
	for _, c := range p.classes {
		for _, s := range c.sessions {
			for _, who := range c.people {
				if p.reported(s) {
					take(who, s, who.fates[s.seq-1])
				}
			}
		}
	}
}

// shares counts what is true of all visits, as a share of those of a key.
func shares(p *plan, key func(*person) string, part, whole func(fate) bool) map[string]float64 {
	have, all := map[string]float64{}, map[string]float64{}
	p.visits(func(who *person, _ *session, f fate) {
		if whole(f) {
			all[key(who)]++
		}
		if part(f) {
			have[key(who)]++
		}
	})
	for k := range all {
		have[k] /= all[k]
	}
	return have
}

func anyFate(fate) bool        { return true }
func came(f fate) bool         { return f.came }
func missed(f fate) bool       { return !f.came }
func late(f fate) bool         { return f.status() == models.StatusLate }
func byHand(f fate) bool       { return f.came && f.byHand }
func classOf(w *person) string { return w.class.code }

func provinceName(code string) string {
	r, _ := region.ProvinceByCode(code)
	return r.Name
}

// standings counts people who can no longer complete their class, and those who may not
// miss another session: four of five sessions are needed.
func (p *plan) standings() (lost, last map[string]bool) {
	lost, last = map[string]bool{}, map[string]bool{}
	for _, c := range p.classes {
		for _, who := range c.people {
			attended, absent := 0, 0
			for _, s := range c.sessions {
				f := who.fates[s.seq-1]
				switch {
				case f.came && p.reported(s): // who is inside has not attended yet
					attended++
				case !f.came && p.reported(s):
					absent++
				}
			}
			switch {
			case absent > 1:
				lost[who.number] = true
			case absent == 1 && attended < sessionsOfClass-1:
				last[who.number] = true
			}
		}
	}
	return lost, last
}

// waiting are the sessions that are over and whose site has not told everything.
func (p *plan) waiting() (list []string) {
	for _, c := range p.classes {
		for _, s := range c.sessions {
			if s.endsAt <= p.now() && !p.reported(s) {
				list = append(list, fmt.Sprintf("%s · Sesi %d", c.code, s.seq))
			}
		}
	}
	slices.Sort(list)
	return list
}

// handmadeSessions is at how many sessions of a site so few tickets were read that it
// is worth a look.
func (p *plan) handmadeSessions() (n int) {
	for _, c := range p.classes {
		for _, s := range c.sessions {
			all, hand := 0, 0
			for _, who := range c.people {
				if f := who.fates[s.seq-1]; f.came {
					all++
					if f.byHand {
						hand++
					}
				}
			}
			if c.site.provider == p.handmade && p.reported(s) && all >= 10 && hand*100/all > 30 {
				n++
			}
		}
	}
	return n
}

// weighty is what a site's cases weigh together.
func weighty(counts map[models.CaseKind]int) (sum int) {
	for kind, n := range counts {
		sum += n * anomaly.Weight(kind)
	}
	return sum
}

// The maker's own figures are worth something only if what it makes differs.
func TestThePilotHasSomethingToFind(t *testing.T) {
	p := newPlan(t)
	if got := most(t, shares(p, func(w *person) string { return w.class.site.provider }, byHand, came)); got != p.handmade {
		t.Errorf("most by hand: %s", got)
	}
	if got := most(t, shares(p, classOf, missed, anyFate)); got != p.empty.code {
		t.Errorf("emptiest: %s", got)
	}
	if got := most(t, shares(p, func(w *person) string { return w.class.site.province }, late, came)); got != p.dawdling {
		t.Errorf("most late: %s", got)
	}
	if lost, last := p.standings(); len(lost) < 50 || len(last) < 500 {
		t.Errorf("%d have missed too much, %d may miss nothing more", len(lost), len(last))
	}
	if len(p.waiting()) != 15 || p.sites[38].zone != models.ZoneWITA || p.sites[16].zone != models.ZoneWIB || p.handmadeSessions() < 15 {
		t.Errorf("%d wait, %d by hand: %s", len(p.waiting()), p.handmadeSessions(), strings.Join(p.waiting(), ", "))
	}
	if span := p.classes[0].sessions[4].endsAt.Sub(p.classes[0].sessions[0].startsAt); span < 14*24*time.Hour {
		t.Errorf("a class takes %v", span)
	}
}
