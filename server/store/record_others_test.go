package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/server/store"
)

// learner is an agent that asks for what the others tell, and keeps who is marked.
type learner struct {
	*book
	known []exchange.Known
	marks map[uint64]bool // of one other agent, by seq
	asks  int
}

func (l *learner) ask() exchange.OthersAnswer {
	l.t.Helper()
	var last exchange.OthersAnswer
	for more := true; more; more = last.More {
		var err error
		last, err = l.st.Others(l.t.Context(), l.agent, l.known)
		l.ok(err)
		l.asks++
		for _, x := range last.Tails {
			l.known = append(slices.DeleteFunc(l.known, func(k exchange.Known) bool { return k.Agent == x.Agent && k.Epoch == x.Epoch }),
				exchange.Known{Agent: x.Agent, Epoch: x.Epoch, Seq: x.Seq})
			for _, m := range x.Marks {
				if m.Voids != 0 {
					delete(l.marks, m.Voids)
					continue
				}
				l.marks[m.Seq] = true
			}
		}
	}
	return last
}

func TestAnAgentIsToldWhatTheOthersOfItsSiteHaveRecorded(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.now = c.session.StartsAt.Add(time.Hour)
		me := &learner{book: c.agent("A"), marks: map[uint64]bool{}}
		if ans := me.ask(); len(ans.Heard) != 0 || len(ans.Tails) != 0 {
			t.Errorf("a lone agent is told %+v", ans)
		}
		b := c.agent("B")
		b.saw(0, func(e *journal.Event) { e.Desk = "Pintu timur" })
		b.saw(1, func(e *journal.Event) { e.Kind, e.Verdict = models.EventRefused, models.VerdictTooEarly })
		b.saw(1, nil).saw(2, func(e *journal.Event) { e.Session = uuid.New() })
		b.saw(0, func(e *journal.Event) { e.Kind, e.Verdict = models.EventOut, models.VerdictAcceptedOut })
		b.tell()
		me.saw(2, nil).tell()
		ans := me.ask()
		if len(ans.Tails) != 1 || len(ans.Heard) != 1 || ans.Heard[0].Agent != b.agent.ID || ans.Now != c.now {
			t.Fatalf("told %+v", ans)
		}
		tail := ans.Tails[0]
		if tail.Agent != b.agent.ID || tail.Epoch != b.head().Epoch || tail.Seq != 5 || len(tail.Marks) != 3 {
			t.Fatalf("the tail is %+v", tail)
		}
		first, last := tail.Marks[0], tail.Marks[2]
		if first.Seq != 1 || first.Out || first.Desk != "Pintu timur" || first.At != b.events[0].Occurred || uuid.UUID(first.Session) != c.session.ID ||
			uuid.UUID(first.Enrollment) != c.places[0].Enrollment.ID || !last.Out || last.Seq != 5 {
			t.Errorf("the marks are %+v and %+v", first, last)
		}
		if ans := me.ask(); len(ans.Tails) != 0 {
			t.Errorf("told again: %+v", ans.Tails)
		}
		b.saw(1, func(e *journal.Event) { e.Kind, e.Verdict, e.Target = models.EventVoid, "", 3 }).tell()
		if ans := me.ask(); len(ans.Tails) != 1 || me.marks[3] || !me.marks[1] {
			t.Errorf("after a void %v, of %+v", me.marks, ans.Tails)
		}
		late := &learner{book: c.agent("C"), marks: map[uint64]bool{}}
		if c.now = c.session.EndsAt.Add(13 * time.Hour); late.ask().Tails[0].Seq == 0 || len(late.marks) != 0 {
			t.Errorf("of a session that is over: %v", late.marks)
		}
		c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.RevokeAgent(b.agent.ID) }))
		if ans := late.ask(); slices.ContainsFunc(ans.Heard, func(h exchange.Heard) bool { return h.Agent == b.agent.ID }) {
			t.Errorf("of a revoked agent: %+v", ans.Heard)
		}
	})
}

func TestAnAgentOfAnotherSiteIsToldNothing(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.now = c.session.StartsAt.Add(time.Hour)
		c.agent("B").saw(0, nil).tell()
		stranger := c.agent("A")
		other, err := c.st.Read(t.Context()).ClassByCode("B")
		c.ok(err)
		stranger.agent.SiteID = other.SiteID
		if ans, err := c.st.Others(t.Context(), stranger.agent, nil); err != nil || len(ans.Heard) != 0 || len(ans.Tails) != 0 {
			t.Errorf("told %+v, %v", ans, err)
		}
	})
}

// However the other agent's journal arrives, who asks in between knows in the end what counts.
func TestNothingThatOthersTellIsPassedOver(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.now = c.session.StartsAt.Add(time.Hour)
		rapid.Check(t, func(r *rapid.T) {
			me := &learner{book: c.agent("A"), marks: map[uint64]bool{}}
			b, want, sent := c.agent("B"), map[uint64]bool{}, 0
			defer func() {
				c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.RevokeAgent(b.agent.ID) }))
				c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.RevokeAgent(me.agent.ID) }))
			}()
			for range rapid.IntRange(1, 12).Draw(r, "steps") {
				switch rapid.IntRange(0, 3).Draw(r, "step") {
				case 0:
					b.saw(rapid.IntRange(0, 2).Draw(r, "who"), nil)
					want[uint64(len(b.events))] = true
				case 1:
					if len(want) > 0 {
						target := rapid.Uint64Range(1, uint64(len(b.events))).Draw(r, "target")
						b.saw(0, func(e *journal.Event) { e.Kind, e.Verdict, e.Target = models.EventVoid, "", target })
						delete(want, target)
					}
				case 2:
					_, err := b.send(sent, len(b.events), c.now)
					c.ok(err)
					sent = len(b.events)
				default:
					me.ask()
				}
			}
			_, err := b.send(sent, len(b.events), c.now)
			c.ok(err)
			if me.ask(); len(me.marks) != len(want) {
				r.Fatalf("it knows %v, want %v", me.marks, want)
			}
			for seq := range want {
				if !me.marks[seq] {
					r.Fatalf("it knows %v, want %v", me.marks, want)
				}
			}
		})
	})
}

func TestManyScansAreToldInParts(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.now = c.session.StartsAt.Add(time.Hour)
		me, b := &learner{book: c.agent("A"), marks: map[uint64]bool{}}, c.agent("B")
		for i := range exchange.MostTold + 5 {
			b.saw(i%3, func(e *journal.Event) { e.Occurred = b.session.StartsAt + models.Millis(i); e.Wall = e.Occurred })
		}
		_, err := b.send(0, exchange.MaxBatch, c.now)
		c.ok(err)
		_, err = b.send(exchange.MaxBatch, len(b.events), c.now)
		c.ok(err)
		if me.ask(); len(me.marks) != len(b.events) || me.asks != 2 {
			t.Errorf("%d scans are told in %d answers, want %d in 2", len(me.marks), me.asks, len(b.events))
		}
	})
}

func TestTheRosterNamesTheActiveAgents(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		a, b := c.agent("Pintu barat"), c.agent("Pintu timur")
		named := func(st *store.Store) (names []string) {
			mine := copyOf{}
			if !mine.pull(t, st, c.session.SiteID) {
				t.Error("the copy is not the site's")
			}
			for _, it := range mine.items {
				if it.Kind == exchange.KindAgent {
					body, err := exchange.BodyOf[exchange.Agent](it)
					c.ok(err)
					names = append(names, body.Name)
					if id := uuid.UUID(it.Key); id == a.agent.ID && string(body.Public) != string(a.agent.PublicKey) {
						t.Errorf("the key of %s is %x", body.Name, body.Public)
					}
				}
			}
			return slices.Sorted(slices.Values(names))
		}
		if got := named(c.st); !slices.Equal(got, []string{"Pintu barat", "Pintu timur"}) {
			t.Errorf("the roster names %v", got)
		}
		c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.RevokeAgent(b.agent.ID) }))
		if got := named(c.st); !slices.Equal(got, []string{"Pintu barat"}) {
			t.Errorf("after a revocation the roster names %v", got)
		}
		c.ok(c.st.DB().Exec("DELETE FROM feed_items WHERE kind = ?", exchange.KindAgent).Error) // as an earlier version left it
		c.ok(c.st.Write(t.Context(), (*store.Tx).FillAgents))
		if got := named(c.st); !slices.Equal(got, []string{"Pintu barat"}) {
			t.Errorf("after an update the roster names %v", got)
		}
	})
}
