package desk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
)

// row is a row of the first class's sheet: so long after eight o'clock.
func (p *place) row(i int, towards models.Direction, after time.Duration) desk.KeyInRequest {
	return desk.KeyInRequest{ID: uuid.New(), Session: p.site.Classes[0].Session, Enrollment: p.site.People[i].ID, Direction: towards,
		Written: eight.Add(after), Desk: "kertas", Staff: p.site.Officer}
}

func (p *place) keysIn(t *testing.T, r desk.KeyInRequest) roster.Outcome {
	t.Helper()
	o, err := p.KeyIn(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestARowIsJudgedByTheTimeThatItSays(t *testing.T) {
	const in, out = models.DirectionIn, models.DirectionOut
	type keyed struct {
		towards models.Direction
		after   time.Duration
		want    models.Verdict
	}
	for _, c := range []struct {
		name string
		rows []keyed
	}{
		{"who came and left", []keyed{{in, 0, models.VerdictAcceptedIn}, {out, 4 * time.Hour, models.VerdictAcceptedOut}}},
		{"the leaving first", []keyed{{out, 4 * time.Hour, models.VerdictAcceptedOut}, {in, 5 * time.Minute, models.VerdictAcceptedIn}}},
		{"a row that is scanned twice", []keyed{{in, 0, models.VerdictAcceptedIn}, {in, 0, models.VerdictAlreadyIn}}},
		{"the same coming with another time, earlier or later", []keyed{{in, 10 * time.Minute, models.VerdictAcceptedIn}, {in, 0, models.VerdictAlreadyIn},
			{in, 30 * time.Minute, models.VerdictAlreadyIn}}},
		{"the same after who left was keyed in", []keyed{
			{in, 0, models.VerdictAcceptedIn}, {out, 4 * time.Hour, models.VerdictAcceptedOut}, {in, 0, models.VerdictAlreadyIn},
			{out, 3*time.Hour + 50*time.Minute, models.VerdictAlreadyOut}}},
		{"a leaving without a coming", []keyed{{out, 4 * time.Hour, models.VerdictAcceptedOut}}},
		{"two hours late", []keyed{{in, 2 * time.Hour, models.VerdictClosed}}},
		{"two hours early", []keyed{{in, -2 * time.Hour, models.VerdictTooEarly}}},
		{"the day after", []keyed{{in, 24 * time.Hour, models.VerdictNoSession}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlace(t, 40, nil)
			p.now.Add((3 * 24 * time.Hour).Milliseconds())
			for i, x := range c.rows {
				o := p.keysIn(t, p.row(0, x.towards, x.after))
				if o.Verdict != x.want {
					t.Fatalf("row %d: %s, want %s", i+1, o.Verdict, x.want)
				}
				if o.At() != eight.Add(x.after) || o.Session == nil || o.Session.ID != p.site.Classes[0].Session {
					t.Errorf("row %d is at %v of session %+v", i+1, o.At(), o.Session)
				}
			}
			if n := verified(t, p.store); n != uint64(len(c.rows)) {
				t.Errorf("%d events for %d rows", n, len(c.rows))
			}
		})
	}
}

func TestARowAddsToWhatWasScanned(t *testing.T) {
	p := newPlace(t, 40, nil)
	p.now.Add((10 * time.Minute).Milliseconds())
	p.scan(t, roster.ScanRequest{Code: p.code(t, 0)})
	p.now.Add((24 * time.Hour).Milliseconds())
	if o := p.keysIn(t, p.row(0, models.DirectionIn, 0)); o.Verdict != models.VerdictAlreadyIn || o.Earlier == nil || o.Earlier.At != eight.Add(10*time.Minute) {
		t.Errorf("who was scanned comes once more by the sheet: %+v", o)
	}
	if o := p.keysIn(t, p.row(0, models.DirectionOut, 4*time.Hour)); o.Verdict != models.VerdictAcceptedOut {
		t.Errorf("and leaves by it: %s", o.Verdict)
	}
	lines := p.Lines(p.site.Classes[0].Session)
	for _, l := range lines {
		want := [2]models.Millis{}
		if l.Enrollment == p.site.People[0].ID {
			want = [2]models.Millis{eight.Add(10 * time.Minute), eight.Add(4 * time.Hour)}
		}
		if [2]models.Millis{l.In, l.Out} != want {
			t.Errorf("%s came %d and left %d, want %d", l.Name, l.In, l.Out, want)
		}
	}
	if len(lines) != 40 {
		t.Errorf("%d lines for a class of 40", len(lines))
	}
}

func TestARowOfAnotherClassIsNobodys(t *testing.T) {
	p := newPlace(t, 80, nil) // two classes
	if o, err := p.KeyIn(t.Context(), p.row(40, models.DirectionIn, 0)); !errors.Is(err, desk.ErrUnknownPerson) {
		t.Errorf("somebody of the second class on the first's sheet: %s, %v", o.Verdict, err)
	}
}

func TestWhoIsOnNoListComesByASheetAsItSays(t *testing.T) {
	p := newPlace(t, 2, nil)
	p.now.Add((26 * time.Hour).Milliseconds())
	r := desk.WalkInRequest{ID: uuid.New(), Session: p.site.Classes[0].Session, Direction: models.DirectionIn, Who: attachment("Rina", "")}
	r.Who.Number = "4321"
	for _, c := range []struct {
		written models.Millis
		want    models.Verdict
		err     error
	}{{eight.Add(27 * time.Hour), "", desk.ErrImpossibleTime}, {0, models.VerdictNoSession, nil}, {eight.Add(2 * time.Hour), models.VerdictClosed, nil},
		{eight.Add(5 * time.Minute), models.VerdictUnlisted, nil}} {
		r.ID, r.Written = uuid.New(), c.written
		o, err := p.WalkIn(t.Context(), r)
		if o.Verdict != c.want || !errors.Is(err, c.err) {
			t.Errorf("written %d: %s, %v; want %s, %v", c.written, o.Verdict, err, c.want, c.err)
		}
		if err != nil {
			continue
		}
		if e := p.last(t); e.Written != c.written || c.written != 0 && (e.Method != models.MethodPaper || o.At() != c.written) {
			t.Errorf("written %d: the journal says %+v", c.written, e)
		}
	}
}

func TestASupervisorAdmitsARowToItsOwnSession(t *testing.T) {
	p := newPlace(t, 40, func(s *sample.Site) { s.People[1].Body.Cancelled = true })
	p.now.Add((2 * 24 * time.Hour).Milliseconds())
	for name, r := range map[string]desk.KeyInRequest{
		"too late": p.row(0, models.DirectionIn, 2*time.Hour), "no longer enrolled": p.row(1, models.DirectionIn, 0)} {
		refused := p.keysIn(t, r)
		if refused.Verdict.Accepted() || !refused.Overridable {
			t.Fatalf("%s: %s", name, refused.Verdict)
		}
		r.ID, r.Supervisor, r.Reason = uuid.New(), p.site.Supervisor, "ada di kertas"
		o := p.keysIn(t, r)
		if o.Verdict != models.VerdictAcceptedIn || o.Kind != models.EventOverride || o.Session.ID != r.Session || o.At() != r.Written {
			t.Errorf("%s: %+v", name, o)
		}
		again := p.keysIn(t, r)
		if again.Seq != o.Seq {
			t.Errorf("%s: sent again it is event %d, was %d", name, again.Seq, o.Seq)
		}
	}
	verified(t, p.store)
}

func TestATakenBackRowCanBeKeyedInAgain(t *testing.T) {
	p := newPlace(t, 40, nil)
	p.now.Add((24 * time.Hour).Milliseconds())
	first := p.keysIn(t, p.row(0, models.DirectionIn, 0))
	if _, err := p.Void(t.Context(), desk.VoidRequest{ID: uuid.New(), Seq: first.Seq, Reason: "Salah ketik"}); err != nil {
		t.Fatal(err)
	}
	if o := p.keysIn(t, p.row(0, models.DirectionIn, 5*time.Minute)); o.Verdict != models.VerdictAcceptedIn {
		t.Errorf("after it was taken back: %s", o.Verdict)
	}
}

func TestEarlierDaysAreThoseOfAWeek(t *testing.T) {
	for after, want := range map[time.Duration]int{
		0: 0, 24 * time.Hour: 2, 7 * 24 * time.Hour: 2, 8 * 24 * time.Hour: 0, -7 * 24 * time.Hour: 2, -8 * 24 * time.Hour: 0} {
		p := newPlace(t, 80, nil)
		p.now.Add(after.Milliseconds())
		if got := len(p.OtherDays()); got != want {
			t.Errorf("%v after its day the desk shows %d sessions of other days, want %d", after, got, want)
		}
	}
}
