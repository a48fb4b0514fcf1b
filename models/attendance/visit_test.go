package attendance_test

import (
	"testing"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

const (
	auto, in, out = models.DirectionAuto, models.DirectionIn, models.DirectionOut

	acceptedIn, acceptedOut = models.VerdictAcceptedIn, models.VerdictAcceptedOut
	alreadyIn, alreadyOut   = models.VerdictAlreadyIn, models.VerdictAlreadyOut
	tooEarly, closed        = models.VerdictTooEarly, models.VerdictClosed
	noSession               = models.VerdictNoSession
)

// passage is a case of which session a scan is for and which way it goes.
type passage struct {
	name    string
	now     string
	asked   models.Direction
	change  func(t *testing.T, s *story)
	want    models.Verdict
	session byte // 0: none
}

func runPassages(t *testing.T, cases []passage, setting func(t *testing.T, s *story)) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newStory(t, c.now)
			setting(t, s)
			if c.change != nil {
				c.change(t, s)
			}
			s.scan.Direction = c.asked
			got := s.judge()
			session := byte(0)
			if got.Session != nil {
				session = got.Session.ID[1]
			}
			if got.Verdict != c.want || session != c.session {
				t.Fatalf("%s at session %d, want %s at %d", got.Verdict, session, c.want, c.session)
			}
			checkFacts(t, s, got)
		})
	}
}

// checkFacts holds a decision to what staff read beside the verdict.
func checkFacts(t *testing.T, s *story, d attendance.Decision) {
	t.Helper()
	wantDir := map[models.Verdict]models.Direction{acceptedIn: in, alreadyIn: in, acceptedOut: out, alreadyOut: out, tooEarly: in, closed: in, noSession: in}
	if d.Direction != wantDir[d.Verdict] {
		t.Errorf("%s goes %q, want %q", d.Verdict, d.Direction, wantDir[d.Verdict])
	}
	if d.Verdict.Repeated() {
		past := s.past[d.Session.ID]
		if len(past) == 0 || d.Earlier == nil || *d.Earlier != past[len(past)-1] {
			t.Errorf("%s after %+v, want the last of %+v", d.Verdict, d.Earlier, past)
		}
	} else if d.Earlier != nil {
		t.Errorf("%s names an earlier scan: %+v", d.Verdict, d.Earlier)
	}
	if d.Session != nil && (d.Verdict == tooEarly || d.Verdict == closed || d.Verdict == noSession) {
		p := s.policy()
		opens := d.Session.Start - models.Millis(p.CheckInBefore)*60_000
		closes := min(d.Session.Start+models.Millis(p.CheckInAfter)*60_000, d.Session.End)
		if d.Opens != opens || d.Closes != closes {
			t.Errorf("%s shows the window %d to %d, want %d to %d", d.Verdict, d.Opens, d.Closes, opens, closes)
		}
	}
}

func was(n byte, dir models.Direction, clock string) func(t *testing.T, s *story) {
	return func(t *testing.T, s *story) { t.Helper(); s.was(t, n, dir, clock) }
}

func all(changes ...func(t *testing.T, s *story)) func(t *testing.T, s *story) {
	return func(t *testing.T, s *story) {
		t.Helper()
		for _, c := range changes {
			c(t, s)
		}
	}
}

func with(f func(p *models.Policy)) func(t *testing.T, s *story) {
	return func(_ *testing.T, s *story) { f(s.policy()) }
}

func meets(times ...string) func(t *testing.T, s *story) {
	return func(t *testing.T, s *story) { t.Helper(); s.meets(t, times...) }
}

func TestComing(t *testing.T) {
	runPassages(t, []passage{
		{name: "a millisecond before check-in opens", now: "06.59.59.999", asked: auto, want: tooEarly, session: 1},
		{name: "when check-in opens", now: "07.00", asked: auto, want: acceptedIn, session: 1},
		{name: "at a desk that lets people in only", now: "07.30", asked: in, want: acceptedIn, session: 1},
		{name: "when check-in closes", now: "09.00", asked: auto, want: acceptedIn, session: 1},
		{name: "a millisecond after check-in closed", now: "09.00.00.001", asked: auto, want: closed, session: 1},
		{name: "in the evening", now: "21.00", asked: auto, want: closed, session: 1},
		{name: "yesterday", now: "19 23.59", asked: auto, want: noSession, session: 1},
		{name: "tomorrow, when nothing follows", now: "21 00.00", asked: in, want: noSession,
			change: func(_ *testing.T, s *story) { s.scan.Ticket.ValidUntil++ }},
		{name: "at a class with no session", now: "08.00", asked: auto, change: meets(), want: noSession},
		{name: "at a session that was cancelled", now: "08.00", asked: auto, want: noSession,
			change: func(_ *testing.T, s *story) { s.known.Sessions[0].Cancelled = true }},
		{name: "with a cancelled session before it in the roster", now: "08.00", asked: auto, want: acceptedIn, session: 2,
			change: all(meets("08.00", "12.00", "08.00", "12.00"), func(_ *testing.T, s *story) { s.known.Sessions[0].Cancelled = true })},
		{name: "at a session shorter than its check-in window, at its end", now: "08.30", asked: auto, change: meets("08.00", "08.30"), want: acceptedIn, session: 1},
		{name: "at a session shorter than its check-in window, when it is over, at a desk that lets people in", now: "08.31", asked: in, change: meets("08.00", "08.30"), want: closed, session: 1},
		{name: "with another policy's window", now: "07.40", asked: auto, change: with(func(p *models.Policy) { p.CheckInBefore = 15 }), want: tooEarly, session: 1},
	}, func(_ *testing.T, s *story) { s.scan.Ticket.ValidFrom-- })
}

func TestASecondScan(t *testing.T) {
	runPassages(t, []passage{
		{name: "a moment later is the same visit", now: "07.30.05", asked: auto, want: alreadyIn, session: 1},
		{name: "within the hour is a repeat", now: "08.29.59", asked: auto, want: alreadyIn, session: 1},
		{name: "an hour after who came early, but not after the start, is a repeat", now: "08.59.59", asked: auto, want: alreadyIn, session: 1},
		{name: "an hour after the start is leaving", now: "09.00", asked: auto, want: acceptedOut, session: 1},
		{name: "an hour after having come late is leaving", now: "09.40", asked: auto, want: acceptedOut, session: 1,
			change: all(was(1, out, "08.10"), was(1, in, "08.40"))},
		{name: "before the session begins is never leaving, however early check-in opens", now: "07.50", asked: auto, want: alreadyIn, session: 1,
			change: all(with(func(p *models.Policy) { p.CheckInBefore, p.MinStay = 90, 0 }), was(1, out, "06.40"), was(1, in, "06.45"))},
		{name: "before the session begins is never leaving, however early check-out opens", now: "07.50", asked: auto, want: alreadyIn, session: 1,
			change: with(func(p *models.Policy) { p.CheckOutBefore = 300 })},
		{name: "after an hour at a desk that lets people in only is a repeat", now: "09.30", asked: in, want: alreadyIn, session: 1},
		{name: "at a desk that lets people out is leaving at once", now: "07.30.05", asked: out, want: acceptedOut, session: 1},
		{name: "is no leaving where no check-out is asked for", now: "11.45", asked: auto, want: alreadyIn, session: 1,
			change: with(func(p *models.Policy) { p.CheckOut = false })},
		{name: "at a desk that lets people out is leaving even then", now: "11.45", asked: out, want: acceptedOut, session: 1,
			change: with(func(p *models.Policy) { p.CheckOut = false })},
		{name: "before check-out opens, where the stay must be longer", now: "11.29.59", asked: auto, want: alreadyIn, session: 1,
			change: with(func(p *models.Policy) { p.MinStay = 600 })},
		{name: "when check-out opens, where the stay must be longer", now: "11.30", asked: auto, want: acceptedOut, session: 1,
			change: with(func(p *models.Policy) { p.MinStay = 600 })},
		{name: "within a minute is a repeat though check-out is open", now: "11.45.59", asked: auto, want: alreadyIn, session: 1,
			change: all(with(func(p *models.Policy) { p.MinStay = 0 }), was(1, out, "11.00"), was(1, in, "11.45"))},
		{name: "a minute later is leaving", now: "11.46", asked: auto, want: acceptedOut, session: 1,
			change: all(with(func(p *models.Policy) { p.MinStay = 0 }), was(1, out, "11.00"), was(1, in, "11.45"))},
		{name: "with the desk's clock set back is a repeat", now: "07.29", asked: auto, want: alreadyIn, session: 1},
		{name: "when check-out closes", now: "14.00", asked: auto, want: acceptedOut, session: 1},
		{name: "after check-out closed", now: "14.00.00.001", asked: auto, want: closed, session: 1},
		{name: "after check-out closed, at a desk that lets people out", now: "14.01", asked: out, want: closed, session: 1},
	}, was(1, in, "07.30"))
}

func TestAfterACheckOut(t *testing.T) {
	noReentry := with(func(p *models.Policy) { p.Reentry = false })
	runPassages(t, []passage{
		{name: "the same code held on is the same visit", now: "10.00.59", asked: auto, want: alreadyOut, session: 1},
		{name: "a minute later is coming back", now: "10.01", asked: auto, want: acceptedIn, session: 1},
		{name: "coming back after the check-in window", now: "11.00", asked: in, want: acceptedIn, session: 1},
		{name: "near the end is a repeat", now: "11.30", asked: auto, want: alreadyOut, session: 1},
		{name: "just before that is coming back", now: "11.29.59", asked: auto, want: acceptedIn, session: 1},
		{name: "near the end at a desk that lets people in is coming back", now: "11.45", asked: in, want: acceptedIn, session: 1},
		{name: "at a desk that lets people in, within a minute", now: "10.00.30", asked: in, want: alreadyOut, session: 1},
		{name: "leaving again is a repeat", now: "10.30", asked: out, want: alreadyOut, session: 1},
		{name: "coming back where that is not allowed", now: "10.30", asked: auto, change: noReentry, want: alreadyOut, session: 1},
		{name: "coming back where that is not allowed, at a desk that lets people in", now: "12.00", asked: in, change: noReentry, want: alreadyOut, session: 1},
		{name: "coming back where that is not allowed, while check-in is open", now: "10.30", asked: auto, want: alreadyOut, session: 1,
			change: all(noReentry, with(func(p *models.Policy) { p.CheckInAfter = 240 }))},
		{name: "when the session is over", now: "12.00", asked: in, want: alreadyOut, session: 1},
		{name: "in the evening", now: "20.00", asked: auto, want: alreadyOut, session: 1},
		{name: "the third time, leaving again", now: "11.40", asked: auto, change: was(1, in, "10.20"), want: acceptedOut, session: 1},
		{name: "early, and no time for it to be a repeat by the hour", now: "10.25", asked: auto, change: was(1, in, "10.20"), want: alreadyIn, session: 1},
	}, all(was(1, in, "07.30"), was(1, out, "10.00")))
}

func TestLeavingWithoutHavingBeenSeenToCome(t *testing.T) {
	runPassages(t, []passage{
		{name: "before the session", now: "07.59.59.999", asked: out, change: with(func(p *models.Policy) { p.CheckInBefore = 0 }), want: tooEarly, session: 1},
		{name: "the first to leave at the exit's own desk", now: "08.00", asked: out, want: acceptedOut, session: 1},
		{name: "until check-out closes", now: "14.00", asked: out, want: acceptedOut, session: 1},
		{name: "after check-out closed", now: "14.00.01", asked: out, want: closed, session: 1},
		{name: "too early", now: "06.30", asked: out, want: tooEarly, session: 1},
		{name: "within check-in is not coming, at a desk that lets people out", now: "07.30", asked: out, want: closed, session: 1},
		{name: "of the later of two sessions", now: "11.55", asked: out, change: meets("08.00", "10.00", "10.15", "12.00"), want: acceptedOut, session: 2},
		{name: "in the break, of the session before it", now: "10.10", asked: out, change: meets("08.00", "10.00", "10.15", "12.00"), want: acceptedOut, session: 1},
		{name: "of the later of two, having left the first here", now: "11.55", asked: out, want: acceptedOut, session: 2,
			change: all(meets("08.00", "10.00", "10.15", "12.00"), was(1, out, "10.05"))},
		{name: "of the later of two, but not with the code that left the first held on", now: "11.55", asked: out, want: alreadyOut, session: 1,
			change: all(meets("08.00", "10.00", "10.15", "12.00"), was(1, out, "11.54.30"))},
		{name: "again in the break, having left the first here", now: "10.10", asked: out, want: alreadyOut, session: 1,
			change: all(meets("08.00", "10.00", "10.15", "12.00"), was(1, out, "10.05"))},
	}, func(*testing.T, *story) {})
	for _, c := range []struct {
		name   string
		manual bool
		change func(t *testing.T, s *story)
		want   bool
	}{
		{name: "nobody saw them come", want: true, change: all()},
		{name: "nobody saw them come, found by name", manual: true, want: true, change: all()},
		{name: "seen at the session before only", want: true, change: all(meets("08.00", "10.00", "10.15", "12.00"), was(1, in, "08.00"), was(1, out, "10.05"))},
		{name: "came here", want: false, change: was(1, in, "08.00")},
		{name: "came to the session before, and never left", want: false, change: all(meets("08.00", "10.00", "10.15", "12.00"), was(1, in, "08.00"))},
		{name: "came by another computer", want: false, change: func(t *testing.T, s *story) {
			s.past[sessionID(1)] = []attendance.Past{{At: at(t, "08.00"), Direction: in, Agent: "Gedung B"}}
		}},
	} {
		s := newStory(t, "11.45")
		c.change(t, s)
		s.scan.Direction, s.scan.Manual = out, c.manual
		if d := s.judge(); d.Verdict != acceptedOut || d.Unseen != c.want {
			t.Errorf("%s: %s, unseen %v, want %v", c.name, d.Verdict, d.Unseen, c.want)
		}
	}
}

// Who has just left and turns back is told how long the code is taken for the same visit.
func TestARefusedReturnSaysWhenItCounts(t *testing.T) {
	for _, c := range []struct {
		name  string
		now   string
		asked models.Direction
		want  string // empty: waiting would not help
	}{
		{"by the rulebook's choice", "10.00.30", auto, "10.01"},
		{"at a desk that lets people in", "10.00.30", in, "10.01"},
		{"at a desk that lets people out", "10.00.30", out, ""},
		{"near the end, by the rulebook's choice", "11.30.30", auto, ""},
		{"near the end, at a desk that lets people in", "11.30.30", in, "11.31"},
		{"long after", "20.00", auto, ""},
	} {
		s := newStory(t, c.now)
		s.was(t, 1, in, "07.30")
		s.was(t, 1, out, map[bool]string{true: "10.00", false: "11.30"}[c.now < "11"])
		s.scan.Direction = c.asked
		want := models.Millis(0)
		if c.want != "" {
			want = at(t, c.want)
		}
		if d := s.judge(); d.Verdict != alreadyOut || d.Opens != want {
			t.Errorf("%s: %s, a return counts at %d, want %d", c.name, d.Verdict, d.Opens, want)
		}
	}
	s := newStory(t, "10.00.30")
	s.was(t, 1, in, "07.30")
	s.was(t, 1, out, "10.00")
	s.policy().Reentry = false
	if d := s.judge(); d.Opens != 0 {
		t.Error("a return is promised where none is allowed")
	}
}

func TestLeavingByAnotherBoxThanTheOneThatLetIn(t *testing.T) {
	runPassages(t, []passage{
		{name: "once entering is over and leaving is open, an unknown person is leaving", now: "11.30", asked: auto, want: acceptedOut, session: 1},
		{name: "until check-out closes", now: "14.00", asked: auto, want: acceptedOut, session: 1},
		{name: "after check-out closed", now: "14.00.01", asked: auto, want: closed, session: 1},
		{name: "of a short session, when it is over", now: "08.31", asked: auto, change: meets("08.00", "08.30"), want: acceptedOut, session: 1},
		{name: "between two sessions of a day, when the second takes nobody in yet", now: "12.30", asked: auto, want: tooEarly, session: 2,
			change: meets("08.00", "12.00", "14.00", "16.00")},
		{name: "before check-out opens", now: "11.29.59", asked: auto, want: closed, session: 1},
		{name: "while entering is open, it is coming", now: "11.45", asked: auto, want: acceptedIn, session: 1,
			change: with(func(p *models.Policy) { p.CheckInAfter = 240 })},
		{name: "at a desk that lets people in only", now: "11.45", asked: in, want: closed, session: 1},
		{name: "where no check-out is asked for", now: "11.45", asked: auto, want: closed, session: 1,
			change: with(func(p *models.Policy) { p.CheckOut = false })},
		{name: "while the next session takes people in, it is coming to that", now: "12.30", asked: auto, want: acceptedIn, session: 2,
			change: meets("08.00", "12.00", "13.00", "15.00")},
		{name: "but no revoked ticket is", now: "11.45", asked: auto, want: models.VerdictRevoked,
			change: func(_ *testing.T, s *story) { s.known.Revoked = true }},
	}, func(*testing.T, *story) {})
	s := newStory(t, "11.45")
	if d := s.judge(); !d.Unseen {
		t.Error("nothing says that nobody saw the person come")
	}
	s.was(t, 1, in, "08.00")
	if d := s.judge(); d.Unseen {
		t.Error("who was seen to come is said to be unseen")
	}
}

// A past scan that lies outside the session's window was made by another plan.
func TestASessionThatWasMoved(t *testing.T) {
	runPassages(t, []passage{
		{name: "who came by the old plan comes by the new one", now: "12.50", asked: auto, change: was(1, in, "07.55"), want: acceptedIn, session: 1},
		{name: "and is in then", now: "13.30", asked: auto, change: all(was(1, in, "07.55"), was(1, in, "12.50")), want: alreadyIn, session: 1},
		{name: "and leaves", now: "16.58", asked: auto, change: all(was(1, in, "07.55"), was(1, in, "12.50")), want: acceptedOut, session: 1},
		{name: "who came and left by the old plan comes by the new one", now: "12.50", asked: auto, want: acceptedIn, session: 1,
			change: all(was(1, in, "07.55"), was(1, out, "09.00"))},
		{name: "who came the day before", now: "12.50", asked: auto, change: was(1, in, "19 12.50"), want: acceptedIn, session: 1},
		{name: "whom a supervisor let in too early, on the day", now: "13.10", asked: auto, want: alreadyIn, session: 1,
			change: func(t *testing.T, s *story) {
				s.past[sessionID(1)] = []attendance.Past{{At: at(t, "11.30"), Direction: in, Desk: "Meja 1", Overridden: true}}
			}},
	}, meets("13.00", "17.00"))
}

func TestTwoSessionsInADay(t *testing.T) {
	runPassages(t, []passage{
		{name: "the first check-in of the day is for the first", now: "09.30", asked: auto, change: with(func(p *models.Policy) { p.CheckInAfter = 120 }), want: acceptedIn, session: 1},
		{name: "coming late to the first is closed, with the second far off", now: "09.29", asked: auto, want: closed, session: 1},
		{name: "between the two it is too early for the second", now: "10.30", asked: auto, change: meets("08.00", "10.00", "13.00", "15.00"), want: tooEarly, session: 2},
		{name: "and it stays too early for who has left the first", now: "10.30", asked: auto, want: tooEarly, session: 2,
			change: all(meets("08.00", "10.00", "13.00", "15.00"), was(1, in, "08.00"), was(1, out, "10.01"))},
		{name: "the second's check-in opens in the break", now: "10.20", asked: auto, want: acceptedIn, session: 2},
		{name: "who never left leaves the first before the middle of the break", now: "10.29.59", asked: auto, change: was(1, in, "08.00"), want: acceptedOut, session: 1},
		{name: "and comes to the second from the middle on", now: "10.30", asked: auto, change: was(1, in, "08.00"), want: acceptedIn, session: 2},
		{name: "at a desk that lets people out that is leaving", now: "10.45", asked: out, change: was(1, in, "08.00"), want: acceptedOut, session: 1},
		{name: "at a desk that lets people in it is coming", now: "10.45", asked: in, change: was(1, in, "08.00"), want: acceptedIn, session: 2},
		{name: "who left the first comes to the second", now: "10.05", asked: auto, change: all(was(1, in, "08.00"), was(1, out, "10.01")), want: acceptedIn, session: 2},
		{name: "but not with the code held on", now: "10.01.30", asked: auto, change: all(was(1, in, "08.00"), was(1, out, "10.01")), want: alreadyOut, session: 1},
		{name: "at a desk that lets people in, that is coming to the second", now: "10.01.30", asked: in, change: all(was(1, in, "08.00"), was(1, out, "10.01")), want: acceptedIn, session: 2},
		{name: "who left the first comes to the second when it has begun", now: "11.10", asked: auto, change: all(was(1, in, "08.00"), was(1, out, "10.01")), want: acceptedIn, session: 2},
		{name: "who is in the second and never left the first", now: "11.30", asked: auto, change: all(was(1, in, "08.00"), was(2, in, "10.45")), want: alreadyIn, session: 2},
		{name: "and leaves the second", now: "12.45", asked: auto, change: all(was(1, in, "08.00"), was(2, in, "10.45")), want: acceptedOut, session: 2},
		{name: "who left the second", now: "12.50", asked: auto, change: all(was(2, in, "10.45"), was(2, out, "12.45")), want: alreadyOut, session: 2},
		{name: "back to back: at the end of the first is leaving it", now: "10.00", asked: auto, change: all(meets("08.00", "10.00", "10.00", "12.00"), was(1, in, "08.00")), want: acceptedOut, session: 1},
		{name: "back to back: a moment later is the second", now: "10.00.00.001", asked: auto, change: all(meets("08.00", "10.00", "10.00", "12.00"), was(1, in, "08.00")), want: acceptedIn, session: 2},
		{name: "back to back: before the end of the first it is that", now: "09.45", asked: in, change: all(meets("08.00", "10.00", "10.00", "12.00"), was(1, in, "08.00")), want: alreadyIn, session: 1},
		{name: "back to back: left the first near its end, before that end it is a repeat", now: "10.00", asked: auto, want: alreadyOut, session: 1,
			change: all(meets("08.00", "10.00", "10.00", "12.00"), was(1, in, "08.00"), was(1, out, "09.35"))},
		{name: "back to back: left the first near its end, after it comes to the second", now: "10.00.00.001", asked: auto, want: acceptedIn, session: 2,
			change: all(meets("08.00", "10.00", "10.00", "12.00"), was(1, in, "08.00"), was(1, out, "09.35"))},
		{name: "back to back: not with the code that came to the first held on", now: "10.00.30", asked: auto, want: alreadyIn, session: 1,
			change: all(meets("08.00", "10.00", "10.00", "12.00"), with(func(p *models.Policy) { p.CheckInAfter = 120 }), was(1, in, "09.59.50"))},
		{name: "in the first, and already left the second by a supervisor's hand: neither is entered twice", now: "10.30", asked: in, want: alreadyOut, session: 2,
			change: all(meets("08.00", "11.00", "11.00", "13.00"), was(1, in, "08.00"), was(2, in, "10.10"), was(2, out, "10.20"), with(func(p *models.Policy) { p.Reentry = false }))},
		{name: "the same where coming back is allowed", now: "10.30", asked: in, want: acceptedIn, session: 2,
			change: all(meets("08.00", "11.00", "11.00", "13.00"), was(1, in, "08.00"), was(2, in, "10.10"), was(2, out, "10.20"))},
		{name: "too late for the second is leaving the first", now: "11.30", asked: auto, want: acceptedOut, session: 1,
			change: all(with(func(p *models.Policy) { p.CheckInAfter = 20 }), was(1, in, "08.00"))},
		{name: "the second's check-in opens after the break's middle", now: "10.35", asked: auto, want: acceptedOut, session: 1,
			change: all(with(func(p *models.Policy) { p.CheckInBefore = 20 }), was(1, in, "08.00"))},
		{name: "from the moment on when the second's check-in opens", now: "10.40", asked: auto, want: acceptedIn, session: 2,
			change: all(with(func(p *models.Policy) { p.CheckInBefore = 20 }), was(1, in, "08.00"))},
		{name: "to the moment when the second's check-in closes", now: "11.20", asked: auto, want: acceptedIn, session: 2,
			change: all(with(func(p *models.Policy) { p.CheckInAfter = 20 }), was(1, in, "08.00"))},
		{name: "the third of three, the second missed and the first never left", now: "10.30", asked: auto, want: acceptedIn, session: 3,
			change: all(meets("08.00", "09.00", "09.00", "10.00", "10.00", "11.00"), was(1, in, "08.00"))},
		{name: "whatever the roster's order", now: "10.20", asked: auto, want: acceptedIn, session: 1,
			change: meets("11.00", "13.00", "08.00", "10.00")},
	}, meets("08.00", "10.00", "11.00", "13.00"))
}

func TestAnotherDay(t *testing.T) {
	runPassages(t, []passage{
		{name: "in the evening the first day's session is closed", now: "18.00", asked: auto, want: closed, session: 1},
		{name: "at midnight the next session is tomorrow's", now: "21 00.00", asked: auto, want: tooEarly, session: 2},
		{name: "a day with no session shows the next one", now: "22 09.00", asked: auto, want: noSession, session: 3},
		{name: "in at yesterday's and never left: today counts", now: "21 07.30", asked: auto, change: was(1, in, "07.30"), want: acceptedIn, session: 2},
		{name: "after the last there is none", now: "24 09.00", asked: auto, want: noSession},
	}, all(meets("08.00", "12.00", "21 08.00", "21 12.00", "23 08.00", "23 12.00"),
		func(_ *testing.T, s *story) { s.scan.Ticket.ValidUntil += 7 }))
}

// A date is the site's: the same instant is another day elsewhere.
func TestThreeZonesHaveTheirOwnMidnight(t *testing.T) {
	for _, c := range []struct {
		name string
		zone models.Zone
		now  string // in WIB
		want models.Verdict
	}{
		{"21.59 WIB is 23.59 WIT of the same day", models.ZoneWIT, "19 21.59", models.VerdictNotYetValid},
		{"22.00 WIB is midnight WIT", models.ZoneWIT, "19 22.00", tooEarly},
		{"22.59 WIB is 23.59 WITA of the same day", models.ZoneWITA, "19 22.59", models.VerdictNotYetValid},
		{"23.00 WIB is midnight WITA", models.ZoneWITA, "19 23.00", tooEarly},
		{"23.59 WIB is the same day", models.ZoneWIB, "19 23.59.59.999", models.VerdictNotYetValid},
		{"midnight WIB", models.ZoneWIB, "20 00.00", tooEarly},
		{"the ticket's last minute in WIT", models.ZoneWIT, "20 21.59", closed},
		{"a ticket of yesterday in WIT", models.ZoneWIT, "20 22.00", models.VerdictExpired},
		{"a ticket of today in WIB", models.ZoneWIB, "20 22.00", closed},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStory(t, c.now)
			s.known.Class.Zone = c.zone
			s.known.Sessions[0].Start, s.known.Sessions[0].End = atIn(t, c.zone, "08.00"), atIn(t, c.zone, "12.00")
			if got := s.judge(); got.Verdict != c.want {
				t.Errorf("%s, want %s", got.Verdict, c.want)
			}
		})
	}
}
