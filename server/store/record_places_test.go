package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/server/store"
)

// otherSite is where the class is not at home.
func (c *class) otherSite() models.Site {
	c.t.Helper()
	s, err := c.st.Read(c.t.Context()).SiteByCode("T-2")
	c.ok(err)
	return s
}

func (c *class) hold(site uuid.UUID) {
	c.t.Helper()
	c.replan(func(s *models.Session) { s.SiteID = site })
}

// feed is what a site's desks know of a kind, by key.
func (c *class) feed(site uuid.UUID, kind exchange.ItemKind) map[string]exchange.Item {
	c.t.Helper()
	out, cursor, scope := map[string]exchange.Item{}, uint64(0), []byte(nil)
	for {
		var p exchange.RosterPage
		c.ok(c.st.Write(c.t.Context(), func(tx *store.Tx) (err error) { p, err = tx.RosterPage(site, cursor, scope); return err }))
		for _, it := range p.Items {
			if it.Kind == kind && !it.Gone() {
				out[string(it.Key)] = it
			}
		}
		if cursor, scope = p.To, p.Scope; p.Digest != nil {
			return out
		}
	}
}

//survives:plan A session goes to another site while the first site's desk doesn't know yet and lets people in | They wait for a person to say whether that counts; both sites' desks know where it is now, and every ticket stays valid
func TestWhoCameToTheOldSiteWaitsForAPerson(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		old := c.agent("meja")
		c.hold(c.otherSite().ID)
		c.session.SiteID = c.otherSite().ID
		now := c.agent("meja lain")
		old.saw(0, nil).saw(0, c.asExit(4*time.Hour)).tell()
		now.saw(1, nil).saw(1, c.asExit(4*time.Hour)).tell()
		if got := c.attendance(0); got.Status != models.StatusPending || got.Flags != "plan_changed" || got.Accepted != 0 {
			t.Errorf("at the old site, undecided: %+v", got)
		}
		if got := c.attendance(1); got.Status != models.StatusPresent || got.Accepted != 2 || got.Flags != "" {
			t.Errorf("at the new site: %+v", got)
		}
		if got := c.attendance(2); got.Status != models.StatusAbsent {
			t.Errorf("who came to neither: %+v", got)
		}
		c.wantCases("at the old site", "plan_changed open")
		c.sound()
		c.conserved(t, "undecided")
		c.ok(c.decide(c.caseOf("plan_changed"), models.CaseConfirmed, nil))
		if got := c.attendance(0); got.Status != models.StatusPresent || got.Accepted != 2 || got.Minutes != 240 {
			t.Errorf("it counts: %+v", got)
		}
		c.sound()
		c.ok(c.decide(c.caseOf("plan_changed"), models.CaseDismissed, nil))
		if got := c.attendance(0); got.Status != models.StatusAbsent || got.Accepted != 0 {
			t.Errorf("it doesn't count: %+v", got)
		}
		c.sound()
	})
}

func TestASessionThatComesBackLeavesWhatWasBefore(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		home := c.session.SiteID
		c.agent("meja").saw(0, nil).saw(0, c.asExit(4*time.Hour)).tell()
		before := c.attendance(0)
		c.hold(c.otherSite().ID)
		c.wantCases("elsewhere", "plan_changed open")
		c.sound()
		c.hold(home)
		got := c.attendance(0)
		if got.UpdatedAt = before.UpdatedAt; got != before {
			t.Errorf("there and back: %+v, before it was %+v", got, before)
		}
		c.sound()
	})
}

// An agent of a site that never had to do with the class isn't believed, but the office may have
// lost the plan by which it was right: until somebody has decided, nobody is absent by it.
func TestADeskOfAnyOtherSiteIsNotBelieved(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		home := c.session.SiteID
		c.session.SiteID = c.otherSite().ID
		b := c.agent("meja lain")
		c.session.SiteID = home
		b.saw(0, nil).saw(1, func(e *journal.Event) {
			e.Kind, e.Verdict, e.Noted = models.EventNote, models.VerdictNone, models.StatusSick
		}).tell()
		c.wantCases("of another site", "other_site open", "quarantine open")
		if got := c.attendance(0); got.Accepted != 0 || got.Status != models.StatusPending || got.Final {
			t.Errorf("nobody has decided, and it says %+v", got)
		}
		c.sound()
	})
}

func TestBothSitesKnowOfASessionThatIsHeldElsewhere(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		home, there, id := c.session.SiteID, c.otherSite().ID, c.session.ID
		c.hold(there)
		if _, stays := c.feed(home, exchange.KindSession)[string(id[:])]; stays {
			t.Error("the old site's desks still take it for theirs")
		}
		where, err := exchange.BodyOf[exchange.Elsewhere](c.feed(home, exchange.KindElsewhere)[string(id[:])])
		if err != nil || where.Site != "Balai Lain" || where.Start != c.session.StartsAt {
			t.Errorf("the old site's desks say %+v, %v", where, err)
		}
		if _, known := c.feed(there, exchange.KindSession)[string(id[:])]; !known {
			t.Error("the new site's desks don't know it")
		}
		people := c.feed(there, exchange.KindEnrollment)
		for _, p := range c.places {
			e, err := exchange.BodyOf[exchange.Enrollment](people[string(p.Enrollment.ID[:])])
			if err != nil || e.Name != p.Name || string(e.Ticket) != string(p.Tickets[0].ID[:]) {
				t.Errorf("the new site's desks know %+v for %s, %v", e, p.Name, err)
			}
		}
		c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.RevokeTickets("hilang", c.places[0].Enrollment.ID) }))
		for _, site := range []uuid.UUID{home, there} {
			revoked := c.feed(site, exchange.KindRevocation)
			if len(revoked) != 1 {
				t.Errorf("site %s doesn't know of the revoked ticket", site)
			}
			for _, body := range revoked {
				if r, err := exchange.BodyOf[exchange.Revocation](body); err != nil || r.Enrollment != c.places[0].Enrollment.ID {
					t.Errorf("site %s is told %+v of it, %v", site, r, err)
				}
			}
		}
		c.hold(home)
		if people := c.feed(there, exchange.KindEnrollment); len(people) != 1 { // of its own class
			t.Errorf("%d people stay at a site that has nothing to do with them any more", len(people)-1)
		}
		if _, known := c.feed(there, exchange.KindElsewhere)[string(id[:])]; !known {
			t.Error("it doesn't say where the session went back to")
		}
		if _, known := c.feed(home, exchange.KindSession)[string(id[:])]; !known || len(c.feed(home, exchange.KindElsewhere)) != 0 {
			t.Error("the old site's desks don't have it again")
		}
	})
}

// The session's figures go along.
func TestASessionElsewhereIsCountedThere(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.agent("meja").saw(0, nil).saw(0, c.asExit(4*time.Hour)).tell()
		c.correct(0, models.StatusPresent) // what waits for a decision is counted nowhere
		c.hold(c.otherSite().ID)
		bySite, err := c.st.Read(t.Context()).Tallies(uuid.Nil, models.BySite)
		c.ok(err)
		var at []string
		for site, counts := range bySite {
			for _, n := range counts {
				if n > 0 && !slices.Contains(at, site) {
					at = append(at, site)
				}
			}
		}
		if len(at) != 1 || at[0] != c.otherSite().ID.String() {
			t.Errorf("counted at %v", at)
		}
	})
}
