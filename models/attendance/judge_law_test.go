package attendance_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/ticket"
)

func drawPolicy(t *rapid.T) models.Policy {
	n := func(label string, most int) int { return rapid.IntRange(0, most).Draw(t, label) }
	return models.Policy{
		CheckInBefore: n("check-in before", 120), CheckInAfter: n("check-in after", 240), LateAfter: 15,
		CheckOut: rapid.Bool().Draw(t, "check-out"), CheckOutBefore: n("check-out before", 120), CheckOutAfter: n("check-out after", 240),
		MinStay: n("min stay", 120), Reentry: rapid.Bool().Draw(t, "re-entry"), SpotCheck: rapid.SampledFrom([]int{0, 0, 500, 1000}).Draw(t, "spot check"),
		LiveOnly: rapid.Bool().Draw(t, "live only"), StaleWarns: rapid.Bool().Draw(t, "stale warns"),
	}
}

// drawStory draws a desk's world, likely or not.
func drawStory(t *rapid.T) *story {
	minute := func(label string, from, to int) models.Millis {
		return base + models.Millis(rapid.IntRange(from, to).Draw(t, label))*60_000
	}
	s := &story{past: attendance.History{}, now: minute("now", -600, 2000)}
	start := minute("first start", -60, 60)
	for i := range rapid.IntRange(0, 4).Draw(t, "sessions") {
		end := start + models.Millis(rapid.IntRange(1, 240).Draw(t, "length"))*60_000
		id := sessionID(byte(i + 1))
		s.known.Sessions = append(s.known.Sessions, attendance.Session{ID: id, Seq: i + 1, Start: start, End: end,
			Cancelled: rapid.IntRange(0, 9).Draw(t, "cancelled") == 0})
		seen := start - 3_600_000
		for j := range rapid.IntRange(0, 3).Draw(t, "scans") {
			seen += models.Millis(rapid.IntRange(0, 90).Draw(t, "minutes on")) * 60_000
			s.past[id] = append(s.past[id], attendance.Past{At: seen, Direction: []models.Direction{in, out}[j%2]})
		}
		start = end + models.Millis(rapid.SampledFrom([]int{0, 15, 60, 1200}).Draw(t, "break"))*60_000
	}
	tk := siti()
	tk.ValidFrom = ticket.Day(rapid.IntRange(19162, 19164).Draw(t, "valid from"))
	tk.ValidUntil, tk.Live = tk.ValidFrom+1, rapid.Bool().Draw(t, "live")
	s.scan = attendance.Scan{
		Reading:   attendance.Reading{Ticket: ticket.Scanned{Ticket: tk}, Refused: rapid.SampledFrom([]models.Verdict{"", "", "", models.VerdictBadSignature}).Draw(t, "read as")},
		Manual:    rapid.Bool().Draw(t, "by hand"),
		Direction: rapid.SampledFrom([]models.Direction{auto, in, out}).Draw(t, "direction"),
		Digits:    rapid.SampledFrom([]string{"", "0042", "0000"}).Draw(t, "digits"),
		Offset:    rapid.IntRange(-100, 100).Draw(t, "offset"),
	}
	if rapid.Bool().Draw(t, "known here") {
		s.known.Class = &attendance.Class{ID: uuid.UUID{'c'}, Zone: rapid.SampledFrom(append(models.Zones(), "")).Draw(t, "zone"),
			Phase: rapid.SampledFrom(models.Phases()).Draw(t, "phase"), Policy: drawPolicy(t), Secret: []byte("secret")}
		if tk.Live {
			tail := ticket.TailAt(ticket.TailKey([]byte("secret"), tk.ID), tk.ID, ticket.StepAt(s.now)+int64(rapid.IntRange(-25, 25).Draw(t, "steps")))
			s.scan.Ticket.Tail = &tail
		}
	}
	if rapid.Bool().Draw(t, "listed") {
		s.known.Enrollment = &attendance.Enrollment{ID: uuid.UUID{'e'}, Ticket: tk.ID, NIK4: "0042", Cancelled: rapid.IntRange(0, 5).Draw(t, "enrollment") == 0}
	}
	s.known.Revoked = rapid.IntRange(0, 5).Draw(t, "revoked") == 0
	return s
}

func TestAVerdictFollowsFromTheScanAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawStory(t)
		sessions := slices.Clone(s.known.Sessions)
		want := s.judge()
		if !slices.Contains(models.Verdicts(), want.Verdict) || want.Verdict == models.VerdictNone {
			t.Fatalf("%q is no verdict", want.Verdict)
		}
		if !cmp.Equal(sessions, s.known.Sessions) {
			t.Fatal("the roster was changed")
		}
		s.known.Sessions = rapid.Permutation(sessions).Draw(t, "order of the roster")
		if d := cmp.Diff(want, s.judge()); d != "" {
			t.Fatalf("another order of the roster, another verdict:\n%s", d)
		}
	})
}

func TestNobodyIsAcceptedOutsideTheWindows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawStory(t)
		d := s.judge()
		if !d.Verdict.Accepted() && d.Verdict != models.VerdictSpotCheck {
			return
		}
		class, session := s.known.Class, d.Session
		switch {
		case class == nil || session == nil || session.Cancelled:
			t.Fatalf("%s at no session", d.Verdict)
		case !s.scan.Manual && s.scan.Refused != "":
			t.Fatalf("%s for what is no ticket", d.Verdict)
		case !s.scan.Manual && class.Policy.LiveOnly && !s.scan.Ticket.Live:
			t.Fatalf("%s for a printed ticket", d.Verdict)
		case s.scan.Direction != auto && d.Direction != s.scan.Direction:
			t.Fatalf("asked for %s, went %s", s.scan.Direction, d.Direction)
		}
		minutes := func(n int) models.Millis { return models.Millis(n) * 60_000 }
		p := class.Policy
		seen := slices.DeleteFunc(slices.Clone(s.past[session.ID]), func(x attendance.Past) bool { // by another plan
			return x.At < session.Start-minutes(p.CheckInBefore) || x.At > session.End+minutes(p.CheckOutAfter)
		})
		wasIn := len(seen) > 0 && seen[len(seen)-1].Direction == in
		if d.Direction == out {
			leaves := s.scan.Direction == out || d.Unseen && p.CheckOut && s.now > min(session.Start+minutes(p.CheckInAfter), session.End) &&
				s.now >= session.End-minutes(p.CheckOutBefore)
			if s.now > session.End+minutes(p.CheckOutAfter) || !wasIn && (!leaves || s.now < session.Start) {
				t.Fatalf("out of session %d at %d, in is %v", session.Seq, s.now, wasIn)
			}
			if wasIn && s.scan.Direction == auto && s.now < session.Start {
				t.Fatalf("out of session %d before it begins", session.Seq)
			}
			return
		}
		if wasIn || !class.Phase.Open() || s.known.Revoked || s.known.Enrollment != nil && s.known.Enrollment.Cancelled {
			t.Fatalf("in at session %d: in already %v, %s, revoked %v", session.Seq, wasIn, class.Phase, s.known.Revoked)
		}
		today := ticket.DayOf(s.now.Time().In(class.Zone.Location()))
		if !s.scan.Manual && (today < s.scan.Ticket.ValidFrom || today > s.scan.Ticket.ValidUntil) {
			t.Fatalf("in on day %d with a ticket from %d to %d", today, s.scan.Ticket.ValidFrom, s.scan.Ticket.ValidUntil)
		}
		if len(seen) > 0 {
			if !p.Reentry || s.now >= session.End {
				t.Fatalf("in again at session %d", session.Seq)
			}
			return
		}
		if s.now < session.Start-minutes(p.CheckInBefore) || s.now > session.Start+minutes(p.CheckInAfter) || s.now > session.End {
			t.Fatalf("in at session %d outside its window", session.Seq)
		}
	})
}

// What a desk accepts changes what it says next, so that a code held on, or
// scanned again, is never a second attendance.
func TestTheSameScanAgainIsARepeat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawStory(t)
		d := s.judge()
		if !d.Verdict.Accepted() {
			return
		}
		s.past[d.Session.ID] = append(s.past[d.Session.ID], attendance.Past{At: s.now, Direction: d.Direction})
		s.now += models.Millis(rapid.IntRange(0, 29_999).Draw(t, "held on for"))
		if again := s.judge(); again.Verdict.Accepted() {
			t.Fatalf("%s at session %d, then %s at session %d", d.Verdict, d.Session.Seq, again.Verdict, again.Session.Seq)
		}
	})
}

// Somebody who was in and out of the next session by mistake, long before it.
func TestACodeHeldOnIsNoEntryToTheNextSession(t *testing.T) {
	s := &story{now: base + 30_000, past: attendance.History{
		sessionID(1): {{At: base, Direction: in}},
		sessionID(2): {{At: base - 3_600_000, Direction: in}, {At: base - 3_600_000, Direction: out}},
	}}
	s.known.Sessions = []attendance.Session{
		{ID: sessionID(1), Seq: 1, Start: base, End: base + 60_000}, {ID: sessionID(2), Seq: 2, Start: base + 60_000, End: base + 120_000},
	}
	s.known.Class = &attendance.Class{ID: uuid.UUID{'c'}, Zone: models.ZoneWIB, Phase: models.PhaseApproved, Policy: models.Policy{Reentry: true}}
	s.scan = attendance.Scan{Reading: attendance.Reading{Ticket: ticket.Scanned{Ticket: siti()}}, Direction: auto}
	if d := s.judge(); d.Verdict != models.VerdictAlreadyIn || d.Session.Seq != 1 {
		t.Errorf("%s at session %+v, want already_in at session 1", d.Verdict, d.Session)
	}
}
