package attendance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// told is what agents report, in the order in which they happened.
type told struct {
	t       testing.TB
	records []attendance.Record
}

func (r *told) add(agent byte, verdict models.Verdict, clock string, change ...func(rec *attendance.Record)) {
	r.t.Helper()
	rec := attendance.Record{Agent: uuid.UUID{agent}, Epoch: models.Epoch{1}, Seq: uint64(len(r.records) + 1), Site: uuid.UUID{'S'},
		Session: sessionID(1), Occurred: at(r.t, clock), Received: at(r.t, "20.00"), Kind: models.EventIn, Verdict: verdict, Sure: models.ConfidenceSynced}
	if verdict == acceptedOut {
		rec.Kind = models.EventOut
	}
	for _, c := range change {
		c(&rec)
	}
	r.records = append(r.records, rec)
}

func (r *told) in(agent byte, clock string)  { r.t.Helper(); r.add(agent, acceptedIn, clock) }
func (r *told) out(agent byte, clock string) { r.t.Helper(); r.add(agent, acceptedOut, clock) }

func (r *told) void(agent byte, target uint64, clock string) {
	r.t.Helper()
	r.add(agent, models.VerdictNone, clock, func(rec *attendance.Record) { rec.Kind, rec.Target = models.EventVoid, target })
}

func (r *told) note(agent byte, status models.AttendanceStatus, proven bool) {
	r.t.Helper()
	r.add(agent, models.VerdictNone, "08.00", func(rec *attendance.Record) { rec.Kind, rec.Noted, rec.Proven = models.EventNote, status, proven })
}

func kind(k models.EventKind) func(rec *attendance.Record) {
	return func(rec *attendance.Record) { rec.Kind = k }
}

func TestWhatEventsSayOfASession(t *testing.T) {
	const pending, present, late = models.StatusPending, models.StatusPresent, models.StatusLate
	const inside, leftEarly, absent, unverified = models.StatusInside, models.StatusLeftEarly, models.StatusAbsent, models.StatusUnverified
	for _, c := range []struct {
		name    string
		tell    func(r *told)
		policy  func(p *models.Policy)
		waiting bool // the site has not reported past the session's end
		over    bool // but not past the last window
		want    models.AttendanceStatus
		minutes int
		open    bool
		flags   string
	}{
		{name: "nothing, and the site has not reported", waiting: true, want: pending},
		{name: "nothing, and the site has reported", want: absent},
		{name: "came and left", tell: func(r *told) { r.in(1, "07.50"); r.out(1, "12.10") }, want: present, minutes: 240},
		{name: "came on the last minute of being in time", tell: func(r *told) { r.in(1, "08.15"); r.out(1, "12.00") }, want: present, minutes: 225},
		{name: "came a millisecond later", tell: func(r *told) { r.in(1, "08.15.00.001"); r.out(1, "12.00") }, want: late, minutes: 224},
		{name: "left with exactly the share that is asked for", tell: func(r *told) { r.in(1, "08.00"); r.out(1, "11.12") }, want: present, minutes: 192},
		{name: "left a minute earlier", tell: func(r *told) { r.in(1, "08.00"); r.out(1, "11.11") }, want: leftEarly, minutes: 191},
		{name: "late and left early is both", tell: func(r *told) { r.in(1, "09.00"); r.out(1, "09.30") }, want: late, minutes: 30, flags: "left_early"},
		{name: "still in", tell: func(r *told) { r.in(1, "08.00") }, waiting: true, want: inside, open: true},
		{name: "still in, and came late", tell: func(r *told) { r.in(1, "08.30") }, waiting: true, want: inside, open: true, flags: "late"},
		{name: "in when the session ends, as far as was reported", tell: func(r *told) { r.in(1, "08.00") }, over: true, want: inside, open: true},
		{name: "nothing, and the site has reported past the end alone", over: true, want: absent},
		{name: "never checked out", tell: func(r *told) { r.in(1, "08.00") }, want: leftEarly},
		{name: "never checked out, where that counts an hour", tell: func(r *told) { r.in(1, "07.00") }, policy: func(p *models.Policy) { p.OpenStay = 60 }, want: leftEarly, minutes: 60},
		{name: "never checked out, where that counts more than the session", tell: func(r *told) { r.in(1, "08.00") },
			policy: func(p *models.Policy) { p.OpenStay = 600 }, want: present, minutes: 240},
		{name: "never checked out, where none is asked for", tell: func(r *told) { r.in(1, "08.00") }, policy: func(p *models.Policy) { p.CheckOut = false }, want: present, minutes: 240},
		{name: "left at once, where no check-out is asked for", tell: func(r *told) { r.in(1, "08.00"); r.out(1, "08.01") },
			policy: func(p *models.Policy) { p.CheckOut = false }, want: present, minutes: 1, flags: "too_short"},
		{name: "out for a break", tell: func(r *told) { r.in(1, "08.00"); r.out(1, "09.00"); r.in(1, "09.30"); r.out(1, "12.00") }, want: present, minutes: 210},
		{name: "out, and the site has not reported", tell: func(r *told) { r.in(1, "08.00"); r.out(1, "09.00") }, waiting: true, want: leftEarly, minutes: 60},
		{name: "checked in twice", tell: func(r *told) { r.in(1, "08.00"); r.in(1, "08.30"); r.out(1, "12.00") }, want: present, minutes: 240},
		{name: "an exit before the entry", tell: func(r *told) { r.out(1, "08.00"); r.in(1, "08.10"); r.out(1, "12.00") }, want: present, minutes: 230},
		{name: "an exit alone is not absent", tell: func(r *told) { r.out(1, "12.00") }, want: unverified},
		{name: "an exit alone, while the entry's agent may still report", tell: func(r *told) { r.out(1, "12.00") }, waiting: true, want: pending},
		{name: "in and out at two agents, with a break", tell: func(r *told) { r.in(1, "08.00"); r.out(2, "10.00"); r.in(1, "10.30"); r.out(2, "12.00") }, want: present, minutes: 210},
		{name: "seen to come by both agents, to leave by each", tell: func(r *told) { r.in(1, "08.00"); r.in(2, "08.05"); r.out(2, "10.00"); r.out(1, "12.00") }, want: present, minutes: 240},
		{name: "seen to come by both agents, to leave by one", tell: func(r *told) { r.in(1, "08.00"); r.in(2, "08.05"); r.out(2, "12.00") }, waiting: true, want: present, minutes: 235},
		{name: "left by an agent that nobody came by ends the earliest stay", tell: func(r *told) { r.in(1, "08.00"); r.in(2, "09.00"); r.out(3, "11.50") }, want: present, minutes: 230},
		{name: "an entry that was voided", tell: func(r *told) { r.in(1, "08.00"); r.void(1, 1, "08.01") }, want: absent},
		{name: "a check-out that was voided", tell: func(r *told) { r.in(1, "08.00"); r.out(1, "09.00"); r.void(1, 2, "09.01"); r.out(1, "12.00") }, want: present, minutes: 240},
		{name: "another agent's void of the same number", tell: func(r *told) { r.in(1, "08.00"); r.void(2, 1, "08.01"); r.out(1, "12.00") }, want: present, minutes: 240},
		{name: "a void in another epoch", tell: func(r *told) {
			r.in(1, "08.00")
			r.add(1, models.VerdictNone, "08.01", func(rec *attendance.Record) { rec.Kind, rec.Target, rec.Epoch = models.EventVoid, 1, models.Epoch{9} })
			r.out(1, "12.00")
		}, want: present, minutes: 240},
		{name: "a void that carries no session", tell: func(r *told) {
			r.in(1, "08.00")
			r.add(1, models.VerdictNone, "08.01", func(rec *attendance.Record) { rec.Kind, rec.Target, rec.Session = models.EventVoid, 1, uuid.Nil })
		}, want: absent},
		{name: "by hand", tell: func(r *told) { r.add(1, acceptedIn, "08.00", kind(models.EventManual)); r.out(1, "12.00") }, want: present, minutes: 240, flags: "manual"},
		{name: "out by hand", tell: func(r *told) { r.in(1, "08.00"); r.add(1, acceptedOut, "12.00", kind(models.EventManual)) }, want: present, minutes: 240, flags: "manual"},
		{name: "overridden by a supervisor", tell: func(r *told) { r.add(1, acceptedIn, "08.00", kind(models.EventOverride)); r.out(1, "12.00") }, want: present, minutes: 240, flags: "overridden"},
		{name: "unlisted", tell: func(r *told) { r.add(1, models.VerdictUnlisted, "08.00"); r.out(1, "12.00") }, want: present, minutes: 240, flags: "unlisted"},
		{name: "a note and a refusal are no attendance, whatever they carry", tell: func(r *told) {
			r.add(1, acceptedIn, "08.00", kind(models.EventNote))
			r.add(1, acceptedIn, "08.00", kind(models.EventRefused))
		}, want: absent},
		{name: "ill, and the doctor's letter is here", tell: func(r *told) { r.note(1, models.StatusSick, true) }, want: models.StatusSick, flags: "noted"},
		{name: "ill, and the letter is here before the site has reported", tell: func(r *told) { r.note(1, models.StatusSick, true) }, waiting: true, want: models.StatusSick, flags: "noted"},
		{name: "ill, and nothing shows it", tell: func(r *told) { r.note(1, models.StatusSick, false) }, want: absent, flags: "unproven"},
		{name: "went home ill", tell: func(r *told) { r.in(1, "08.00"); r.out(1, "09.00"); r.note(1, models.StatusSick, true) }, want: models.StatusSick, minutes: 60, flags: "noted"},
		{name: "said to be away, and came", tell: func(r *told) { r.note(1, models.StatusExcused, true); r.in(1, "08.00"); r.out(1, "12.00") }, want: present, minutes: 240, flags: "noted"},
		{name: "the newest note whose evidence is here counts", tell: func(r *told) {
			r.note(1, models.StatusSick, true)
			r.note(1, models.StatusExcused, true)
			r.note(1, models.StatusSick, false)
		}, want: models.StatusExcused, flags: "noted,unproven"},
		{name: "a note that was voided", tell: func(r *told) { r.note(1, models.StatusSick, true); r.void(1, 1, "08.01") }, want: absent},
		{name: "a note gives no other status", tell: func(r *told) { r.note(1, present, true) }, want: absent},
		{name: "was not on the roster", tell: func(r *told) {
			r.add(1, models.VerdictUnlisted, "08.00", kind(models.EventWalkIn))
			r.add(1, acceptedOut, "12.00", kind(models.EventWalkIn))
		}, want: present, minutes: 240, flags: "walk_in"},
		{name: "came by another plan, and nobody has decided yet", tell: func(r *told) { r.add(1, acceptedIn, "04.00", held); r.add(1, acceptedOut, "06.00", held) },
			want: pending, flags: "plan_changed"},
		{name: "came by both plans, and left early by this one", tell: func(r *told) { r.add(1, acceptedIn, "04.00", held); r.in(1, "08.00"); r.out(1, "09.00") },
			want: pending, minutes: 60, flags: "plan_changed"},
		{name: "came by both plans", tell: func(r *told) { r.add(1, acceptedIn, "04.00", held); r.in(1, "08.00"); r.out(1, "12.00") },
			want: present, minutes: 240, flags: "plan_changed"},
		{name: "what waited was undone at the desk", tell: func(r *told) { r.add(1, acceptedIn, "04.00", held); r.void(1, 1, "04.01") }, want: absent},
		{name: "let in before the window, by a policy that has changed since", tell: func(r *told) { r.in(1, "06.50"); r.out(1, "12.00") },
			want: present, minutes: 240, flags: "plan_changed"},
		{name: "let in before the window, by a supervisor", tell: func(r *told) { r.add(1, acceptedIn, "06.50", kind(models.EventOverride)); r.out(1, "12.00") },
			want: present, minutes: 240, flags: "overridden"},
		{name: "keyed in from a sheet, at a desk with an unsure clock", tell: func(r *told) {
			r.add(1, acceptedIn, "08.00", kind(models.EventManual), sure(models.ConfidenceUnsure), func(rec *attendance.Record) { rec.Paper = true })
			r.out(1, "12.00")
		}, want: present, minutes: 240, flags: "manual,paper"},
		{name: "an unsure clock", tell: func(r *told) { r.in(1, "08.00"); r.add(1, acceptedOut, "12.00", sure(models.ConfidenceUnsure)) }, want: present, minutes: 240, flags: "clock_unsure"},
		{name: "a clock between two meetings", tell: func(r *told) { r.in(1, "08.00"); r.add(1, acceptedOut, "12.00", sure(models.ConfidenceBounded)) }, want: present, minutes: 240},
		{name: "a ticket that was revoked before", tell: func(r *told) { r.add(1, acceptedIn, "08.00", r.revoked("07.59")); r.out(1, "12.00") }, want: present, minutes: 240, flags: "after_revocation"},
		{name: "a ticket that was revoked at that moment or later", tell: func(r *told) {
			r.add(1, acceptedIn, "08.00", r.revoked("08.00"))
			r.add(1, acceptedOut, "12.00", r.revoked("13.00"))
		}, want: present, minutes: 240},
		{name: "uploaded on the third day", tell: func(r *told) { r.in(1, "08.00"); r.add(1, acceptedOut, "12.00", r.received("23 12.00")) }, want: present, minutes: 240},
		{name: "uploaded later than that is on time all the same", tell: func(r *told) { r.in(1, "08.00"); r.add(1, acceptedOut, "12.00", r.received("23 12.01")) }, want: present, minutes: 240, flags: "late_upload"},
		{name: "what is to be flagged of the entry stays flagged after a plain exit", tell: func(r *told) {
			r.add(1, models.VerdictUnlisted, "08.00", kind(models.EventOverride), sure(models.ConfidenceUnsure), r.revoked("07.00"), r.received("23 12.01"))
			r.out(1, "12.00")
		}, want: present, minutes: 240, flags: "clock_unsure,after_revocation,overridden,late_upload,unlisted"},
		{name: "at two sites at a time", tell: func(r *told) {
			r.in(1, "08.00")
			r.add(2, acceptedIn, "09.00", site)
			r.add(2, acceptedOut, "10.00", site)
			r.out(1, "12.00")
		},
			want: present, minutes: 240, flags: "two_desks"},
		{name: "at two sites, never seen to leave the first", tell: func(r *told) {
			r.in(1, "08.00")
			r.add(2, acceptedIn, "09.00", site)
			r.add(2, acceptedOut, "12.00", site)
		},
			want: leftEarly, minutes: 180, flags: "two_desks"},
		{name: "at two sites one after the other", tell: func(r *told) {
			r.in(1, "08.00")
			r.out(1, "10.00")
			r.add(2, acceptedIn, "10.00", site)
			r.add(2, acceptedOut, "12.00", site)
		},
			want: present, minutes: 240},
		{name: "at two desks of one site", tell: func(r *told) { r.in(1, "08.00"); r.in(2, "08.01"); r.out(2, "12.00"); r.out(1, "12.00") }, want: present, minutes: 240},
		{name: "several flags stand in their order", tell: func(r *told) {
			r.add(1, models.VerdictUnlisted, "08.00", kind(models.EventManual), sure(models.ConfidenceUnsure))
			r.out(1, "12.00")
		}, want: present, minutes: 240, flags: "clock_unsure,manual,unlisted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, policy := &told{t: t}, models.DefaultPolicy()
			if c.tell != nil {
				c.tell(r)
			}
			if c.policy != nil {
				c.policy(&policy)
			}
			stage := attendance.Final
			switch {
			case c.waiting:
				stage = attendance.Ongoing
			case c.over:
				stage = attendance.Over
			}
			session := newStory(t, "08.00").known.Sessions[0]
			got := attendance.Fold(session, policy, attendance.Told{Records: r.records, Stage: stage})
			if got.Status != c.want || got.Derived != c.want || got.Minutes != c.minutes || got.Open != c.open || joined(got.Flags) != c.flags {
				t.Errorf("%s, %d minutes, open %v, flags %q; want %s, %d, %v, %q",
					got.Status, got.Minutes, got.Open, joined(got.Flags), c.want, c.minutes, c.open, c.flags)
			}
		})
	}
}

func held(rec *attendance.Record) { rec.Held = true }

// Who came before the session was moved came to it as it was, once a person says that this counts.
func TestWhatCountsByAnEarlierPlanIsMeasuredByThatPlan(t *testing.T) {
	r, policy := &told{t: t}, models.DefaultPolicy()
	r.in(1, "07.55")
	r.out(1, "11.58")
	session := attendance.Session{ID: sessionID(1), Start: at(t, "15.00"), End: at(t, "19.00"), Was: []attendance.Span{{Start: at(t, "08.00"), End: at(t, "12.00")}}}
	if got := attendance.Fold(session, policy, attendance.Told{Records: r.records, Stage: attendance.Final}); got.Status != models.StatusPresent || got.Minutes != 238 || joined(got.Flags) != "plan_changed" {
		t.Errorf("%+v, want present for 238 minutes", got)
	}
	for _, x := range r.records {
		if !attendance.Moved(session, policy, x) {
			t.Errorf("at %v it was by no other plan", x.Occurred)
		}
	}
	session.Start, session.End, session.Was = at(t, "08.00"), at(t, "12.00"), append(session.Was, attendance.Span{Start: at(t, "15.00"), End: at(t, "19.00")})
	for _, x := range r.records {
		if attendance.Moved(session, policy, x) {
			t.Errorf("moved back, at %v it is by another plan still", x.Occurred)
		}
	}
	if got := attendance.Fold(session, policy, attendance.Told{Records: r.records, Stage: attendance.Final}); got.Status != models.StatusPresent || joined(got.Flags) != "" {
		t.Errorf("moved back: %+v", got)
	}
}

// A queue at the door is no early leaving: until the desk has reported past the check-out time.
func TestWhoIsInHasNotLeftEarlyUntilTheDeskHasReported(t *testing.T) {
	r, policy := &told{t: t}, models.DefaultPolicy()
	r.in(1, "07.55")
	session := newStory(t, "08.00").known.Sessions[0]
	after := func(clock string) attendance.Attendance {
		return attendance.Fold(session, policy, attendance.Told{Records: r.records, Stage: attendance.StageAt(session, policy, at(t, clock))})
	}
	for _, clock := range []string{"08.00", "12.00", "12.01", "14.00"} {
		if got := after(clock); got.Status != models.StatusInside || !got.Open || got.Final {
			t.Errorf("reported until %s: %+v", clock, got)
		}
	}
	if got := after("14.01"); got.Status != models.StatusLeftEarly || got.Open || !got.Final {
		t.Errorf("all is reported: %+v", got)
	}
	if policy.CheckOut = false; after("12.01").Status != models.StatusPresent || !after("12.01").Final {
		t.Errorf("where no check-out is asked for, there is nothing to wait for: %+v", after("12.01"))
	}
}

func TestWhatIsFinal(t *testing.T) {
	session, policy := newStory(t, "08.00").known.Sessions[0], models.DefaultPolicy()
	came, waits := &told{t: t}, &told{t: t}
	came.in(1, "08.00")
	came.out(1, "12.00")
	waits.add(1, acceptedIn, "08.00", held)
	for _, c := range []struct {
		name  string
		told  attendance.Told
		want  models.AttendanceStatus
		final bool
	}{
		{"somebody may come yet", attendance.Told{}, models.StatusPending, false},
		{"absent so far: a desk may still have seen them leave", attendance.Told{Stage: attendance.Over}, models.StatusAbsent, false},
		{"absent", attendance.Told{Stage: attendance.Final}, models.StatusAbsent, true},
		{"came and left, and may come again", attendance.Told{Records: came.records}, models.StatusPresent, false},
		{"came and left", attendance.Told{Records: came.records, Stage: attendance.Final}, models.StatusPresent, true},
		{"a decision is waited for", attendance.Told{Records: waits.records, Stage: attendance.Final}, models.StatusPending, false},
		{"the office has decided", attendance.Told{Corrections: []attendance.Correction{{Order: 1, Status: models.StatusSick}}}, models.StatusSick, true},
		{"the class is closed before its site has told all", attendance.Told{Records: came.records, Closed: true}, models.StatusPresent, true},
		{"nobody is made absent by closing", attendance.Told{Closed: true}, models.StatusPending, true},
		{"was not expected", attendance.Told{Stage: attendance.Final, Newcomer: true}, models.StatusNotEnrolled, true},
		{"was not expected, and came", attendance.Told{Records: came.records, Stage: attendance.Final, Newcomer: true}, models.StatusPresent, true},
	} {
		if got := attendance.Fold(session, policy, c.told); got.Status != c.want || got.Final != c.final {
			t.Errorf("%s: %s, final %v; want %s, %v", c.name, got.Status, got.Final, c.want, c.final)
		}
	}
}

// A clock that was put right, and a policy that has changed, are no other plan.
func TestNoOtherPlan(t *testing.T) {
	session, policy := newStory(t, "08.00").known.Sessions[0], models.DefaultPolicy()
	for _, c := range []struct {
		name           string
		occurred, said string
		kind           models.EventKind
		want           bool
	}{
		{"in the window", "07.30", "07.30", models.EventIn, false},
		{"in it by the desk's clock only", "02.00", "07.30", models.EventIn, false},
		{"in it by the corrected clock only", "07.30", "02.00", models.EventIn, false},
		{"shortly before it", "06.30", "06.30", models.EventIn, false},
		{"long before it", "03.00", "03.00", models.EventIn, true},
		{"long before it, by a supervisor's hand", "03.00", "03.00", models.EventOverride, false},
		{"the day before, by a supervisor's hand", "19 08.00", "19 08.00", models.EventOverride, true},
		{"long after it", "18.00", "18.00", models.EventOut, true},
	} {
		r := attendance.Record{Occurred: at(t, c.occurred), Said: at(t, c.said), Kind: c.kind, Sure: models.ConfidenceUnsure}
		if attendance.Moved(session, policy, r) {
			t.Errorf("%s, by a clock that nobody stands behind: by another plan", c.name)
		}
		r.Sure = models.ConfidenceBounded
		if got := attendance.Moved(session, policy, r); got != c.want {
			t.Errorf("%s: by another plan is %v", c.name, got)
		}
	}
}

func sure(c models.Confidence) func(rec *attendance.Record) {
	return func(rec *attendance.Record) { rec.Sure = c }
}

func (r *told) revoked(clock string) func(rec *attendance.Record) {
	return func(rec *attendance.Record) { rec.Revoked = at(r.t, clock) }
}

func (r *told) received(clock string) func(rec *attendance.Record) {
	return func(rec *attendance.Record) { rec.Received = at(r.t, clock) }
}

func site(rec *attendance.Record) { rec.Site = uuid.UUID{'T'} }

func joined(flags []models.Flag) string {
	var s []string
	for _, f := range flags {
		s = append(s, string(f))
	}
	return strings.Join(s, ",")
}

func TestTheFirstEntryAndTheLastExitAreKept(t *testing.T) {
	r := &told{t: t}
	r.in(1, "08.00")
	r.out(1, "09.00")
	r.in(2, "09.30")
	r.out(2, "11.00")
	r.add(1, acceptedIn, "07.00", func(rec *attendance.Record) { rec.Session = sessionID(2) })
	slices.Reverse(r.records)
	got := attendance.Fold(newStory(t, "08.00").known.Sessions[0], models.DefaultPolicy(), attendance.Told{Records: r.records, Stage: attendance.Final})
	if got.FirstIn != at(t, "08.00") || got.LastOut != at(t, "11.00") || got.Accepted != 4 {
		t.Errorf("first %s, last %s, %d events", got.FirstIn.Time(), got.LastOut.Time(), got.Accepted)
	}
}

func TestTheNewestCorrectionWins(t *testing.T) {
	corrections := []attendance.Correction{{Order: 2, Status: models.StatusSick}, {Order: 3, Status: models.StatusExcused}, {Order: 1, Status: models.StatusPresent}}
	session := newStory(t, "08.00").known.Sessions[0]
	for range corrections {
		corrections = append(corrections[1:], corrections[0])
		got := attendance.Fold(session, models.DefaultPolicy(), attendance.Told{Corrections: corrections, Stage: attendance.Final})
		if got.Status != models.StatusExcused || got.Derived != models.StatusAbsent {
			t.Errorf("%+v counts as %s, derived %s; want excused and absent", corrections, got.Status, got.Derived)
		}
	}
}
