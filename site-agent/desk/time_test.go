package desk_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
)

// clockEvents are what the journal says of the clock.
func clockEvents(t *testing.T, st *store.Store) (found []journal.Event) {
	t.Helper()
	rows, err := st.Rows(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Event.Kind == models.EventClock {
			found = append(found, r.Event)
		}
	}
	return found
}

// meets tells the place what the server's clock says now.
func (p *place) meets(t *testing.T, server models.Millis) {
	t.Helper()
	r := p.clock()
	if err := p.store.NoteContact(t.Context(), store.Contact{Boot: r.Boot, Mono: r.Mono, Wall: r.Wall, Server: server}); err != nil {
		t.Fatal(err)
	}
	if err := p.NoteClock(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestADeskJudgesByTheServersTimeWhateverItsOwnClockSays(t *testing.T) {
	p := newPlace(t, 3, nil)
	p.now.Add(int64(365 * 24 * time.Hour / time.Millisecond)) // a year ahead
	p.meets(t, eight)
	if o := p.scan(t, roster.ScanRequest{Code: p.code(t, 0)}); o.Verdict != models.VerdictAcceptedIn || o.Occurred != eight {
		t.Errorf("%s at %d, want accepted_in at %d", o.Verdict, o.Occurred, eight)
	}
	if got := clockEvents(t, p.store); len(got) != 1 || got[0].Server != eight {
		t.Errorf("the journal says of the clock %+v, want one meeting", got)
	}
}

//survives:clock A clock ran ahead and was set right | The site computer judges later scans by the right time
func TestAClockThatRanAheadAndWasMendedPoisonsNoVerdict(t *testing.T) {
	p := newPlace(t, 3, nil)
	year := int64(365 * 24 * time.Hour / time.Millisecond)
	p.now.Add(year)
	if o := p.scan(t, roster.ScanRequest{Code: p.code(t, 0)}); o.Verdict.Accepted() {
		t.Fatalf("%s by a clock a year ahead", o.Verdict)
	}
	p.now.Add(-year)
	o := p.scan(t, roster.ScanRequest{Code: p.code(t, 0)})
	if o.Verdict != models.VerdictAcceptedIn {
		t.Errorf("%s after the clock was mended, want accepted_in", o.Verdict)
	}
	verified(t, p.store) // and time never ran backwards in the journal
}

func TestTheJournalSaysOnceWhatIsNewsOfTheClock(t *testing.T) {
	p := newPlace(t, 3, nil)
	for range 3 {
		p.meets(t, models.Millis(p.now.Load())+500)
		p.now.Add(60_000)
	}
	if got := clockEvents(t, p.store); len(got) != 1 {
		t.Fatalf("%d clock events of meetings that tell the same, want 1", len(got))
	}
	p.meets(t, models.Millis(p.now.Load())+5_000)
	if got := clockEvents(t, p.store); len(got) != 2 || got[1].Server-models.Millis(got[1].Mono) == got[0].Server-models.Millis(got[0].Mono) {
		t.Fatalf("%d clock events after a meeting that tells another time, want 2", len(got))
	}
}

func TestWhatStaffConfirmCountsUntilTheServerIsMet(t *testing.T) {
	p := newPlace(t, 3, nil)
	p.now.Store(300_000) // five minutes into 1970
	if !p.AsksForTime() {
		t.Fatal("nobody is asked for the time in 1970")
	}
	if err := p.ConfirmTime(t.Context(), 5, uuid.New()); err == nil {
		t.Error("1970 was confirmed")
	}
	if err := p.ConfirmTime(t.Context(), eight, p.site.Officer); err != nil {
		t.Fatal(err)
	}
	if p.AsksForTime() || p.Now() != eight {
		t.Errorf("asks %v, goes by %d; want %d", p.AsksForTime(), p.Now(), eight)
	}
	if o := p.scan(t, roster.ScanRequest{Code: p.code(t, 0)}); o.Verdict != models.VerdictAcceptedIn {
		t.Errorf("%s, want accepted_in", o.Verdict)
	}
	p.meets(t, eight+90_000)
	if p.Now() != eight+90_000 {
		t.Errorf("goes by %d after a meeting, want %d", p.Now(), eight+90_000)
	}
}
