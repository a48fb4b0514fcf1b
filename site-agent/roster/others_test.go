package roster_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/roster"
)

// withOther is a roster of a site with another agent.
func withOther(t *testing.T) (*roster.Roster, *sample.Site, uuid.UUID) {
	t.Helper()
	site, err := sample.New(2, eight)
	if err != nil {
		t.Fatal(err)
	}
	page, err := site.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	id := uuid.New()
	it, err := exchange.NewItem(exchange.KindAgent, id[:], exchange.Agent{Name: "Pintu timur", Public: bytes.Repeat([]byte{1}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	r := roster.New(site.Place)
	r.Others = roster.NewOthers()
	if err := r.Load(append(page.Items, it)); err != nil {
		t.Fatal(err)
	}
	return r, site, id
}

func TestWhatAnotherAgentTellsIsShown(t *testing.T) {
	r, site, agent := withOther(t)
	who, ticket, session := site.People[0].ID, site.People[0].Ticket, site.Classes[site.People[0].Class].Session
	in := exchange.Mark{Seq: 1, At: eight, Session: session[:], Enrollment: who[:], Ticket: ticket[:], Desk: "Meja 1"}
	byTicket := in
	byTicket.Enrollment = nil
	for _, c := range []struct {
		name string
		tail exchange.Tail
		want models.Verdict
	}{
		{"an entry", exchange.Tail{Agent: agent, Marks: []exchange.Mark{in}}, models.VerdictAlreadyIn},
		{"an entry by a ticket", exchange.Tail{Agent: agent, Marks: []exchange.Mark{byTicket}}, models.VerdictAlreadyIn},
		{"an entry and its void", exchange.Tail{Agent: agent, Marks: []exchange.Mark{in, {Seq: 2, At: eight, Voids: 1}}}, models.VerdictAcceptedIn},
		{"a void that came first", exchange.Tail{Agent: agent, Marks: []exchange.Mark{{Seq: 2, At: eight, Voids: 1}, in}}, models.VerdictAcceptedIn},
		{"a void of another epoch", exchange.Tail{Agent: agent, Marks: []exchange.Mark{in, {Seq: 2, At: eight, Voids: 1, VoidsIn: bytes.Repeat([]byte{7}, 16)}}},
			models.VerdictAlreadyIn},
		{"by an agent that is not of this site", exchange.Tail{Agent: uuid.New(), Marks: []exchange.Mark{in}}, models.VerdictAcceptedIn},
		{"of another person", exchange.Tail{Agent: agent, Marks: []exchange.Mark{{Seq: 1, At: eight, Session: session[:], Enrollment: site.People[1].ID[:]}}},
			models.VerdictAcceptedIn},
		{"what is no session", exchange.Tail{Agent: agent, Marks: []exchange.Mark{{Seq: 1, At: eight, Session: []byte("?"), Enrollment: who[:]}}}, models.VerdictAcceptedIn},
	} {
		t.Run(c.name, func(t *testing.T) {
			r.Others = roster.NewOthers()
			r.Others.Take(c.tail)
			now := eight.Add(5 * time.Minute)
			j, ok := r.JudgeManual(who, models.DirectionAuto, now)
			if d := j.Decision; !ok || d.Verdict != c.want || d.Verdict.Repeated() && d.Earlier.Where() != "Meja 1 · Pintu timur" {
				t.Errorf("%+v, want %s", d, c.want)
			}
			if then, _ := r.JudgeManualThen(who, models.DirectionAuto, now); then.Decision.Verdict != models.VerdictAcceptedIn {
				t.Errorf("a phone's decision is judged by it: %s", then.Decision.Verdict)
			}
			if len(r.Marks(0)) != 0 {
				t.Errorf("phones get %+v", r.Marks(0))
			}
		})
	}
}

// The same is known whatever the order, and however often it comes; and no more than a bound.
func TestOthersMayTellInAnyOrderAndAgain(t *testing.T) {
	r, site, agent := withOther(t)
	session := site.Classes[0].Session
	rapid.Check(t, func(t *rapid.T) {
		var marks []exchange.Mark
		for seq := range rapid.Uint64Range(1, 12).Draw(t, "events") {
			who := site.People[rapid.IntRange(0, 1).Draw(t, "who")].ID
			m := exchange.Mark{Seq: seq + 1, At: eight + models.Millis(seq)*61_000, Session: session[:], Enrollment: who[:], Out: rapid.Bool().Draw(t, "out")}
			if rapid.IntRange(0, 3).Draw(t, "kind") == 0 && seq > 0 {
				m.Voids = rapid.Uint64Range(1, seq).Draw(t, "voids")
			}
			marks = append(marks, m)
		}
		verdicts := func(tell []exchange.Mark) (out []models.Verdict) {
			r.Others = roster.NewOthers()
			for _, m := range tell {
				r.Others.Take(exchange.Tail{Agent: agent, Marks: []exchange.Mark{m}})
			}
			for _, p := range site.People {
				for _, asked := range []models.Direction{models.DirectionAuto, models.DirectionIn, models.DirectionOut} {
					j, _ := r.JudgeManual(p.ID, asked, eight.Add(20*time.Minute))
					out = append(out, j.Decision.Verdict)
				}
			}
			return out
		}
		want := verdicts(marks)
		if got := verdicts(rapid.Permutation(append(slices.Clone(marks), marks...)).Draw(t, "as it comes")); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

func TestAnotherAgentCannotFillTheMemory(t *testing.T) {
	r, site, agent := withOther(t)
	session, who := site.Classes[0].Session, site.People[0].ID
	for i := range uint64(10) {
		tail := exchange.Tail{Agent: agent, Epoch: models.Epoch{byte(i)}}
		for seq := range uint64(1000) {
			tail.Marks = append(tail.Marks, exchange.Mark{Seq: seq + 1, At: eight, Session: session[:], Enrollment: who[:]},
				exchange.Mark{Seq: seq + 1, At: eight, Voids: seq + 5000})
		}
		r.Others.Take(tail)
	}
	if n := r.Others.Len(); n > 5000 {
		t.Errorf("%d events are remembered", n)
	}
	stays := func(id uuid.UUID) bool { return id == agent }
	if r.Others.Forget(eight.Add(25*time.Hour), stays); r.Others.Len() != 0 {
		t.Errorf("%d events of yesterday are remembered", r.Others.Len())
	}
}
