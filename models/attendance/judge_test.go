package attendance_test

import (
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/ticket"
)

// refusal is a case of whether a scan may enter at all.
type refusal struct {
	name   string
	change func(s *story)
	want   models.Verdict
	spot   models.SpotOutcome
	stale  bool
}

func (c refusal) run(t *testing.T, now string) {
	t.Helper()
	t.Run(c.name, func(t *testing.T) {
		s := newStory(t, now)
		c.change(s)
		got := s.judge()
		if got.Verdict != c.want || got.Spot != c.spot || got.Stale != c.stale {
			t.Errorf("%s, spot check %q, stale %v; want %s, %q, %v", got.Verdict, got.Spot, got.Stale, c.want, c.spot, c.stale)
		}
		if got.Verdict.Accepted() && (got.Session == nil || got.Direction == "") {
			t.Errorf("accepted for nothing: %+v", got)
		}
	})
}

func TestWhoMayEnter(t *testing.T) {
	for _, c := range []refusal{
		{name: "a listed person in time", change: func(*story) {}, want: models.VerdictAcceptedIn},
		{name: "a class of another site", change: func(s *story) { s.known.Class = nil }, want: models.VerdictOtherSite},
		{name: "a desk set to this class", change: func(s *story) { s.scan.DeskClasses = []uuid.UUID{s.known.Class.ID} }, want: models.VerdictAcceptedIn},
		{name: "a desk set to another class", change: func(s *story) { s.scan.DeskClasses = []uuid.UUID{{9}} }, want: models.VerdictOtherClass},
		{name: "a gate for several classes, this one among them", change: func(s *story) { s.scan.DeskClasses = []uuid.UUID{{9}, s.known.Class.ID} }, want: models.VerdictAcceptedIn},
		{name: "a gate for several others", change: func(s *story) { s.scan.DeskClasses = []uuid.UUID{{9}, {8}} }, want: models.VerdictOtherClass},
		{name: "a desk set to another class, by hand", change: func(s *story) { s.scan.DeskClasses, s.scan.Manual = []uuid.UUID{{9}}, true }, want: models.VerdictOtherClass},
		{name: "not in the roster", change: func(s *story) { s.known.Enrollment = nil }, want: models.VerdictUnlisted},
		{name: "a ticket on the list of revoked ones", change: func(s *story) { s.known.Revoked = true }, want: models.VerdictRevoked},
		{name: "a revoked ticket of nobody in the roster", change: func(s *story) { s.known.Revoked, s.known.Enrollment = true, nil }, want: models.VerdictRevoked},
		{name: "a cancelled enrollment", change: func(s *story) { s.known.Enrollment.Cancelled = true }, want: models.VerdictRevoked},
		{name: "a cancelled enrollment, by hand", change: func(s *story) { s.known.Enrollment.Cancelled, s.scan.Manual = true, true }, want: models.VerdictRevoked},
		{name: "cancelled after the roster was pulled: the desk can't know", change: func(s *story) { s.known.Enrollment.Cancelled = false }, want: models.VerdictAcceptedIn},
		{name: "a ticket that was reissued", change: func(s *story) { s.known.Enrollment.Ticket = models.Ref{8} }, want: models.VerdictRevoked},
		{name: "a reissued ticket left at home: by hand", change: func(s *story) { s.known.Enrollment.Ticket, s.scan.Manual = models.Ref{8}, true }, want: models.VerdictAcceptedIn},
		{name: "a roster from before the ticket was issued", change: func(s *story) { s.known.Enrollment.Ticket = models.Ref{} }, want: models.VerdictAcceptedIn},
		{name: "the day before the ticket is valid", change: func(s *story) { s.scan.Ticket.ValidFrom++; s.scan.Ticket.ValidUntil++ }, want: models.VerdictNotYetValid},
		{name: "the day after the ticket was valid", change: func(s *story) { s.scan.Ticket.ValidFrom--; s.scan.Ticket.ValidUntil-- }, want: models.VerdictExpired},
		{name: "the last day of a ticket", change: func(s *story) { s.scan.Ticket.ValidFrom -= 5 }, want: models.VerdictAcceptedIn},
		{name: "the first day of a ticket", change: func(s *story) { s.scan.Ticket.ValidUntil += 5 }, want: models.VerdictAcceptedIn},
		{name: "an expired ticket doesn't matter by hand", change: func(s *story) { s.scan.Ticket.ValidUntil, s.scan.Manual = 1, true }, want: models.VerdictAcceptedIn},
		{name: "by hand, whatever code was read before", change: func(s *story) { s.scan.Refused, s.scan.Manual = models.VerdictBadSignature, true }, want: models.VerdictAcceptedIn},
		{name: "a desk with the clock of a Pi that has just woken up", change: func(s *story) { s.now = 0 }, want: models.VerdictNotYetValid},
		{name: "a suspended pilot, a revoked ticket: the pilot is said first", change: func(s *story) { s.known.Class.Phase, s.known.Revoked = models.PhaseSuspended, true }, want: models.VerdictPilotClosed},
	} {
		c.run(t, "07.45")
	}
	for _, p := range models.Phases() {
		want := models.VerdictPilotClosed
		if p == models.PhaseApproved || p == models.PhaseRunning {
			want = models.VerdictAcceptedIn
		}
		refusal{name: "a pilot that is " + string(p), change: func(s *story) { s.known.Class.Phase = p }, want: want}.run(t, "07.45")
		refusal{name: "by hand, in a pilot that is " + string(p), change: func(s *story) { s.known.Class.Phase, s.scan.Manual = p, true }, want: want}.run(t, "07.45")
	}
}

func TestALiveCodeMustBeLive(t *testing.T) {
	for _, c := range []refusal{
		{name: "drawn now", change: func(s *story) { s.live(0) }, want: models.VerdictAcceptedIn},
		{name: "a step old", change: func(s *story) { s.live(-1) }, want: models.VerdictAcceptedIn},
		{name: "a step ahead", change: func(s *story) { s.live(1) }, want: models.VerdictAcceptedIn},
		{name: "two steps old", change: func(s *story) { s.live(-2) }, want: models.VerdictStaleCode},
		{name: "two steps ahead", change: func(s *story) { s.live(2) }, want: models.VerdictStaleCode},
		{name: "two steps old at a desk a step ahead", change: func(s *story) { s.live(-2); s.scan.Offset = -1 }, want: models.VerdictAcceptedIn},
		{name: "drawn now at a desk two steps behind", change: func(s *story) { s.live(0); s.scan.Offset = 2 }, want: models.VerdictStaleCode},
		{name: "ten minutes from a desk that has learned them", change: func(s *story) { s.live(20); s.scan.Offset = 19 }, want: models.VerdictAcceptedIn},
		{name: "ten minutes the other way", change: func(s *story) { s.live(-20); s.scan.Offset = -20 }, want: models.VerdictAcceptedIn},
		{name: "more than ten minutes, whatever the desk has learned", change: func(s *story) { s.live(21); s.scan.Offset = 21 }, want: models.VerdictStaleCode},
		{name: "more than ten minutes the other way", change: func(s *story) { s.live(-21); s.scan.Offset = -20 }, want: models.VerdictStaleCode},
		{name: "the picture of one with its tail cut off", change: func(s *story) { s.live(0); s.scan.Ticket.Tail = nil }, want: models.VerdictStaleCode},
		{name: "a tail that somebody made up", change: func(s *story) { s.live(0); s.scan.Ticket.Tail.MAC[0]++ }, want: models.VerdictStaleCode},
		{name: "a tail of another class's secret", change: func(s *story) { s.live(0); s.known.Class.Secret = []byte("another") }, want: models.VerdictStaleCode},
		{name: "a stale one where that only warns", change: func(s *story) { s.live(-9); s.policy().StaleWarns = true }, want: models.VerdictAcceptedIn, stale: true},
		{name: "one without its tail, where stale ones only warn", change: func(s *story) { s.live(0); s.scan.Ticket.Tail = nil; s.policy().StaleWarns = true }, want: models.VerdictStaleCode},
		{name: "one with a forged tail, where stale ones only warn", change: func(s *story) { s.live(0); s.scan.Ticket.Tail.MAC[0] ^= 1; s.policy().StaleWarns = true }, want: models.VerdictStaleCode},
		{name: "a stale one that only warns is still revoked", change: func(s *story) { s.live(-9); s.policy().StaleWarns, s.known.Revoked = true, true }, want: models.VerdictRevoked, stale: true},
		{name: "a printed one where both pass", change: func(*story) {}, want: models.VerdictAcceptedIn},
		{name: "a printed one with a tail pasted on", change: func(s *story) { s.scan.Ticket.Tail = &ticket.Tail{} }, want: models.VerdictAcceptedIn},
		{name: "a printed one where live ones are asked for", change: func(s *story) { s.policy().LiveOnly = true }, want: models.VerdictStaticRefused},
		{name: "that is refused even where stale ones only warn", change: func(s *story) { s.policy().LiveOnly, s.policy().StaleWarns = true, true }, want: models.VerdictStaticRefused},
		{name: "a live one where live ones are asked for", change: func(s *story) { s.policy().LiveOnly = true; s.live(0) }, want: models.VerdictAcceptedIn},
		{name: "a printed one's owner, by hand", change: func(s *story) { s.policy().LiveOnly, s.scan.Manual = true, true }, want: models.VerdictAcceptedIn},
	} {
		c.run(t, "07.45")
	}
}

func TestWhatBarsFromEnteringDoesNotBarFromLeaving(t *testing.T) {
	for _, c := range []refusal{
		{name: "the ticket ended while its owner was in", change: func(s *story) { s.scan.Ticket.ValidUntil = 1 }, want: models.VerdictAcceptedOut},
		{name: "the enrollment was cancelled meanwhile", change: func(s *story) { s.known.Enrollment.Cancelled = true }, want: models.VerdictAcceptedOut},
		{name: "the ticket was revoked meanwhile", change: func(s *story) { s.known.Revoked = true }, want: models.VerdictAcceptedOut},
		{name: "the pilot was suspended meanwhile", change: func(s *story) { s.known.Class.Phase = models.PhaseSuspended }, want: models.VerdictAcceptedOut},
		{name: "somebody not in the roster leaves", change: func(s *story) { s.known.Enrollment = nil }, want: models.VerdictAcceptedOut},
		{name: "by hand", change: func(s *story) { s.scan.Manual = true }, want: models.VerdictAcceptedOut},
		{name: "a stale code still needs its owner", change: func(s *story) { s.live(-9) }, want: models.VerdictStaleCode},
		{name: "a stale one where that only warns", change: func(s *story) { s.live(-9); s.policy().StaleWarns = true }, want: models.VerdictAcceptedOut, stale: true},
		{name: "at a desk of another class", change: func(s *story) { s.scan.DeskClasses = []uuid.UUID{{9}} }, want: models.VerdictOtherClass},
	} {
		change := c.change
		c.change = func(s *story) { s.was(t, 1, models.DirectionIn, "07.55"); change(s) }
		c.run(t, "11.45")
	}
}

func TestASpotCheckHoldsTheScanBackUntilTheCardWasSeen(t *testing.T) {
	always := func(s *story) { s.policy().SpotCheck = 1000 }
	with := func(f func(s *story)) func(s *story) { return func(s *story) { always(s); f(s) } }
	for _, c := range []refusal{
		{name: "asked for", change: always, want: models.VerdictSpotCheck, spot: models.SpotAsked},
		{name: "passed", change: with(func(s *story) { s.scan.Digits = "0042" }), want: models.VerdictAcceptedIn, spot: models.SpotPassed},
		{name: "failed", change: with(func(s *story) { s.scan.Digits = "0043" }), want: models.VerdictSpotCheck, spot: models.SpotFailed},
		{name: "a policy without", change: func(s *story) { s.scan.Digits = "0043" }, want: models.VerdictAcceptedIn},
		{name: "a card's number that the desk doesn't know", change: with(func(s *story) { s.known.Enrollment.NIK4 = "" }), want: models.VerdictAcceptedIn},
		{name: "somebody not in the roster: staff compare the name", change: with(func(s *story) { s.known.Enrollment = nil }), want: models.VerdictUnlisted},
		{name: "by hand the card is seen anyway", change: with(func(s *story) { s.scan.Manual = true }), want: models.VerdictAcceptedIn},
		{name: "nothing is asked of who is refused", change: with(func(s *story) { s.known.Revoked = true }), want: models.VerdictRevoked},
		{name: "nor of who is in already", change: with(func(s *story) { s.was(t, 1, models.DirectionIn, "07.44") }), want: models.VerdictAlreadyIn},
		{name: "a stale code is still said to be one", change: with(func(s *story) { s.live(-9); s.policy().StaleWarns = true }),
			want: models.VerdictSpotCheck, spot: models.SpotAsked, stale: true},
		{name: "leaving is checked too", change: with(func(s *story) { s.was(t, 1, models.DirectionIn, "07.00"); s.scan.Direction = models.DirectionOut }),
			want: models.VerdictSpotCheck, spot: models.SpotAsked},
	} {
		c.run(t, "07.45")
	}
}

// Whether a card is asked for is decided by ticket, session and direction, so
// neither another try, another minute nor another desk escapes it.
func TestASpotCheckCannotBeEscaped(t *testing.T) {
	asked := 0
	const people = 4000
	for i := range people {
		s := newStory(t, "07.45")
		s.policy().SpotCheck = 50
		s.scan.Ticket.ID = models.Ref{byte(i), byte(i >> 8)}
		s.known.Enrollment.Ticket = s.scan.Ticket.ID
		first := s.judge()
		if first.Verdict == models.VerdictSpotCheck {
			asked++
		}
		if due := attendance.SpotCheckDue(s.known.Class, s.scan.Ticket.ID, sessionID(1), models.DirectionIn); due != (first.Verdict == models.VerdictSpotCheck) {
			t.Fatalf("the server would say %v, the desk says %s", due, first.Verdict)
		}
		for _, again := range []func(){func() { s.now += 60_000 }, func() { s.scan.Direction = models.DirectionIn }, func() { s.scan.Offset++ },
			func() { s.scan.DeskClasses = []uuid.UUID{s.known.Class.ID} }, func() { s.scan.Digits = "9999" }} {
			if again(); s.judge().Verdict != first.Verdict {
				t.Fatalf("ticket %s: %s, and at another try %s", s.scan.Ticket.ID, first.Verdict, s.judge().Verdict)
			}
		}
	}
	if asked < people*4/100 || asked > people*6/100 {
		t.Errorf("%d of %d were asked, want about 5 %%", asked, people)
	}
}

func TestNobodyOrEverybodyMayBeChecked(t *testing.T) {
	class := newStory(t, "07.45").known.Class
	for i := range 10_000 {
		id := models.Ref{byte(i), byte(i >> 8)}
		for _, share := range []int{0, 1000} {
			class.Policy.SpotCheck = share
			if due := attendance.SpotCheckDue(class, id, sessionID(1), models.DirectionIn); due != (share == 1000) {
				t.Fatalf("at %d per mille ticket %s is checked: %v", share, id, due)
			}
		}
	}
}

// One draw a session and a way: who was asked once may or may not be again.
func TestASpotCheckIsDrawnForEachSessionAndWay(t *testing.T) {
	class := newStory(t, "07.45").known.Class
	class.Policy.SpotCheck = 500
	var sessions, ways, classes int
	for i := range 1000 {
		id := models.Ref{byte(i), byte(i >> 8)}
		due := attendance.SpotCheckDue(class, id, sessionID(1), models.DirectionIn)
		other := *class
		other.Secret = []byte("another")
		if due != attendance.SpotCheckDue(class, id, sessionID(2), models.DirectionIn) {
			sessions++
		}
		if due != attendance.SpotCheckDue(class, id, sessionID(1), models.DirectionOut) {
			ways++
		}
		if due != attendance.SpotCheckDue(&other, id, sessionID(1), models.DirectionIn) {
			classes++
		}
	}
	if min(sessions, ways, classes) < 400 {
		t.Errorf("of 1000 draws %d differ by session, %d by way, %d by the class's secret; want about 500", sessions, ways, classes)
	}
}
