package attendance_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// slowly is the fold again, as plainly as it can be said: it keeps the seconds
// in which somebody was there and counts them.
func slowly(s attendance.Session, p models.Policy, told attendance.Told) attendance.Attendance {
	records, over := told.Records, told.Stage != attendance.Ongoing && !s.Cancelled
	name := func(r attendance.Record, seq uint64) string { return fmt.Sprint(r.Agent, r.Epoch, seq) }
	undone, byTime, notes := map[string]bool{}, map[string]attendance.Record{}, map[string]models.AttendanceStatus{}
	for _, r := range records {
		if r.Kind == models.EventVoid {
			undone[name(r, r.Target)] = true
		}
	}
	waits, noted := false, false
	for _, r := range records {
		attends := r.Kind == models.EventIn || r.Kind == models.EventOut || r.Kind == models.EventManual || r.Kind == models.EventOverride || r.Kind == models.EventWalkIn
		accepted := r.Verdict == acceptedIn || r.Verdict == acceptedOut || r.Verdict == models.VerdictUnlisted
		place := fmt.Sprintf("%020d %s %s %020d", r.Occurred, r.Agent, r.Epoch, r.Seq)
		if attends && accepted && r.Session == s.ID && !undone[name(r, r.Seq)] {
			if waits = waits || r.Held; !r.Held {
				byTime[place] = r
			}
		}
		if r.Kind == models.EventNote && r.Noted != "" && r.Session == s.ID && !undone[name(r, r.Seq)] {
			if noted = true; r.Proven {
				notes[place] = r.Noted
			}
		}
	}
	var order []string
	for k := range byTime {
		order = append(order, k)
	}
	slices.Sort(order)

	var got attendance.Attendance
	type entry struct {
		agent uuid.UUID
		since models.Millis
	}
	var inside []entry
	there := map[models.Millis]bool{}
	stayed := func(from, to models.Millis) {
		for sec := from; sec < to; sec += 1000 {
			if sec >= s.Start && sec < s.End {
				there[sec] = true
			}
		}
	}
	for _, k := range order {
		r := byTime[k]
		own := slices.IndexFunc(inside, func(e entry) bool { return e.agent == r.Agent })
		got.Accepted++
		got.Open = r.Verdict != acceptedOut
		switch {
		case r.Verdict != acceptedOut:
			if got.FirstIn == 0 {
				got.FirstIn = r.Occurred
			}
			if own < 0 {
				inside = append(inside, entry{r.Agent, r.Occurred})
			}
		default:
			got.LastOut = r.Occurred
			if own < 0 {
				own = 0
			}
			if len(inside) > 0 {
				stayed(inside[own].since, r.Occurred)
				inside = slices.Delete(inside, own, own+1)
			}
		}
	}
	for _, e := range inside {
		if p.CheckOut {
			begins := max(e.since, s.Start)
			stayed(begins, begins+models.Millis(p.OpenStay)*60_000)
		} else {
			stayed(e.since, s.End)
		}
	}
	got.Minutes = len(there) / 60
	got.Open = got.Open && told.Stage != attendance.Final
	share := float64(got.Minutes) / (float64(s.End-s.Start) / 60_000)
	late, short := float64(got.FirstIn-s.Start)/60_000 > float64(p.LateAfter), share < float64(p.MinutesShare)/100
	switch {
	case got.Open:
		got.Derived = models.StatusInside
	case got.Accepted == 0 && told.Newcomer && !waits && !noted:
		got.Derived = models.StatusNotEnrolled
	case got.FirstIn == 0 && !over:
		got.Derived = models.StatusPending
	case got.Accepted == 0:
		got.Derived = models.StatusAbsent
	case got.FirstIn == 0:
		got.Derived = models.StatusUnverified
	case late:
		got.Derived = models.StatusLate
	case p.CheckOut && short:
		got.Derived = models.StatusLeftEarly
	default:
		got.Derived = models.StatusPresent
	}
	got.Final = told.Closed || told.Stage == attendance.Final && !waits
	missed := got.Derived != models.StatusPresent && got.Derived != models.StatusLate && got.Derived != models.StatusInside && got.Derived != models.StatusNotEnrolled
	if waits && missed {
		got.Derived = models.StatusPending
	}
	if missed && len(notes) > 0 {
		got.Derived = notes[slices.Max(slices.Collect(maps.Keys(notes)))]
	}
	got.Status = got.Derived
	newest := uint64(0)
	for _, c := range told.Corrections {
		if c.Order >= newest {
			newest, got.Status, got.Corrected, got.Final = c.Order, c.Status, true, true
		}
	}
	return got
}

// past is everything that a fold is asked about.
type past struct {
	session     attendance.Session
	policy      models.Policy
	records     []attendance.Record
	corrections []attendance.Correction
	stage       attendance.Stage
	newcomer    bool
	classClosed bool
}

func (h past) told() attendance.Told {
	return attendance.Told{Records: h.records, Corrections: h.corrections, Stage: h.stage, Newcomer: h.newcomer, Closed: h.classClosed}
}

func (h past) fold() attendance.Attendance {
	return attendance.Fold(h.session, h.policy, h.told())
}

const base models.Millis = 1_655_686_800_000

func drawRecord(t *rapid.T) attendance.Record {
	agent := rapid.ByteRange(1, 3).Draw(t, "agent")
	r := attendance.Record{
		Agent: uuid.UUID{agent}, Epoch: models.Epoch{rapid.ByteRange(1, 2).Draw(t, "epoch")}, Site: uuid.UUID{agent / 3},
		Session: sessionID(rapid.SampledFrom([]byte{1, 1, 1, 1, 2}).Draw(t, "session")),
		Kind:    rapid.SampledFrom(models.EventKinds()).Draw(t, "kind"), Sure: rapid.SampledFrom(models.Confidences()).Draw(t, "sure"),
		// Few instants, so that many coincide, and seconds for the slow fold to count.
		Occurred: base + models.Millis(rapid.OneOf(rapid.IntRange(-30, 150), rapid.SampledFrom([]int{0, 15, 60})).Draw(t, "minute"))*60_000 +
			models.Millis(rapid.SampledFrom([]int{0, 0, 1, 59}).Draw(t, "second"))*1000,
		Revoked: models.Millis(rapid.SampledFrom([]int64{0, int64(base)}).Draw(t, "revoked")),
		Target:  rapid.Uint64Range(1, 12).Draw(t, "target"),
		Offline: rapid.Bool().Draw(t, "a phone held it"), Differs: rapid.Bool().Draw(t, "its agent differs"),
		Held:    rapid.IntRange(0, 5).Draw(t, "waits for a decision") == 0,
		Verdict: rapid.SampledFrom([]models.Verdict{acceptedIn, acceptedIn, acceptedOut, models.VerdictUnlisted, alreadyIn, models.VerdictRevoked}).Draw(t, "verdict"),
	}
	if r.Kind == models.EventNote {
		r.Noted = rapid.SampledFrom([]models.AttendanceStatus{"", models.StatusExcused, models.StatusSick}).Draw(t, "noted")
		r.Proven = rapid.Bool().Draw(t, "its evidence is here")
	}
	r.Received = r.Occurred + models.Millis(rapid.IntRange(0, 100).Draw(t, "hours later"))*3_600_000
	return r
}

func drawPast(t *rapid.T) past {
	policy := models.DefaultPolicy()
	policy.CheckOut = rapid.Bool().Draw(t, "check-out asked for")
	policy.LateAfter = rapid.SampledFrom([]int{0, 15, 15, 60}).Draw(t, "late after")
	policy.OpenStay = rapid.SampledFrom([]int{0, 0, 30, 500}).Draw(t, "open stay")
	policy.MinutesShare = rapid.IntRange(0, 100).Draw(t, "share")
	records := rapid.SliceOfN(rapid.Custom(drawRecord), 0, 14).Draw(t, "records")
	for i := range records {
		records[i].Seq = uint64(i + 1)
	}
	status := rapid.SampledFrom(models.AttendanceStatuses())
	var corrections []attendance.Correction
	for i, s := range rapid.SliceOfN(status, 0, 3).Draw(t, "corrections") {
		corrections = append(corrections, attendance.Correction{Order: uint64(i + 1), Status: s})
	}
	return past{
		session: attendance.Session{ID: sessionID(1), Cancelled: rapid.IntRange(0, 9).Draw(t, "cancelled") == 0, Start: base, End: base + models.Millis(rapid.SampledFrom([]int{1, 30, 60, 120}).Draw(t, "length"))*60_000},
		policy:  policy, records: records, corrections: corrections,
		stage:    attendance.Stage(rapid.IntRange(0, 2).Draw(t, "stage")),
		newcomer: rapid.IntRange(0, 4).Draw(t, "newcomer") == 0, classClosed: rapid.IntRange(0, 4).Draw(t, "the class is closed") == 0,
	}
}

// holds checks a law: fold and fold after change are the same.
func holds(t *testing.T, change func(t *rapid.T, h *past)) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		h := drawPast(t)
		want := h.fold()
		before := slices.Clone(h.records)
		change(t, &h)
		if d := cmp.Diff(want, h.fold()); d != "" {
			t.Fatalf("the fold changed (-before +after):\n%s\nrecords before: %+v\nafter: %+v", d, before, h.records)
		}
	})
}

func TestTheFoldIsWhatCountingSecondsSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawPast(t)
		got, want := h.fold(), slowly(h.session, h.policy, h.told())
		want.Flags = got.Flags // these have cases of their own
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("(-slow +fold):\n%s", d)
		}
	})
}

func TestADecisionThatIsTakenBackLeavesWhatThereWasBeforeIt(t *testing.T) {
	holds(t, func(t *rapid.T, h *past) {
		said := uint64(len(h.corrections) + 1)
		h.corrections = append(h.corrections, attendance.Correction{Order: said, Status: rapid.SampledFrom(models.AttendanceStatuses()).Draw(t, "status")},
			attendance.Correction{Order: said + 1, Withdraws: said})
		h.corrections = rapid.Permutation(h.corrections).Draw(t, "order of corrections")
	})
}

func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	holds(t, func(t *rapid.T, h *past) {
		h.records = rapid.Permutation(h.records).Draw(t, "order")
		h.corrections = rapid.Permutation(h.corrections).Draw(t, "order of corrections")
	})
}

func TestRepeatsAndBatchesDoNotMatter(t *testing.T) {
	holds(t, func(t *rapid.T, h *past) {
		cut := rapid.IntRange(0, len(h.records)).Draw(t, "cut")
		overlap := rapid.IntRange(0, cut).Draw(t, "overlap")
		again := rapid.SliceOfN(rapid.IntRange(0, max(0, len(h.records)-1)), 0, len(h.records)).Draw(t, "again")
		arrived := slices.Concat(h.records[cut-overlap:], h.records[:cut])
		for _, i := range again {
			arrived = append(arrived, h.records[i])
		}
		h.records = arrived
	})
}

func TestARepeatThatArrivesLaterIsNoLateUpload(t *testing.T) {
	holds(t, func(t *rapid.T, h *past) {
		for _, r := range slices.Clone(h.records) {
			r.Received += 1000 * 3_600_000
			h.records = slices.Insert(h.records, rapid.IntRange(0, len(h.records)).Draw(t, "at"), r)
		}
	})
}

func TestAVoidUndoesExactlyItsTarget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawPast(t)
		if len(h.records) == 0 {
			t.Skip("nothing to void")
		}
		i := rapid.IntRange(0, len(h.records)-1).Draw(t, "target")
		target := h.records[i]
		if target.Kind == models.EventVoid {
			t.Skip("voids stay")
		}
		with, without := h, h
		with.records = append(slices.Clone(h.records), attendance.Record{Agent: target.Agent, Epoch: target.Epoch, Seq: 99,
			Session: target.Session, Occurred: base, Kind: models.EventVoid, Target: target.Seq})
		without.records = slices.Delete(slices.Clone(h.records), i, i+1)
		if d := cmp.Diff(without.fold(), with.fold()); d != "" {
			t.Fatalf("voiding %+v is not as if it never was (-never +void):\n%s", target, d)
		}
	})
}

func TestARefusedEventChangesNothing(t *testing.T) {
	holds(t, func(t *rapid.T, h *past) {
		r := drawRecord(t)
		r.Seq, r.Session, r.Kind = 50, h.session.ID, rapid.SampledFrom([]models.EventKind{models.EventRefused, models.EventIn, models.EventNote}).Draw(t, "kind of it")
		r.Noted = ""
		r.Verdict = rapid.SampledFrom(slices.DeleteFunc(models.Verdicts(), models.Verdict.Accepted)).Draw(t, "refusal")
		h.records = slices.Insert(h.records, rapid.IntRange(0, len(h.records)).Draw(t, "at"), r)
	})
}

func TestAnEventOfAnotherSessionChangesNothing(t *testing.T) {
	holds(t, func(t *rapid.T, h *past) {
		r := drawRecord(t)
		r.Seq, r.Session, r.Kind = 50, sessionID(7), models.EventIn
		h.records = slices.Insert(h.records, rapid.IntRange(0, len(h.records)).Draw(t, "at"), r)
	})
}

func TestBoundsOfEveryAttendance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawPast(t)
		got := h.fold()
		if length := int((h.session.End - h.session.Start) / 60_000); got.Minutes < 0 || got.Minutes > length {
			t.Errorf("%d minutes of a session of %d", got.Minutes, length)
		}
		if got.Derived == models.StatusAbsent && (h.stage == attendance.Ongoing || h.session.Cancelled || got.Accepted > 0) {
			t.Errorf("absent with %d events of %+v", got.Accepted, h)
		}
		if (got.Derived == models.StatusInside) != got.Open {
			t.Errorf("%s, and open %v", got.Derived, got.Open)
		}
		proven := func(r attendance.Record) bool {
			return r.Kind == models.EventNote && r.Noted == got.Derived && r.Proven
		}
		if got.Derived.Noted() && !slices.ContainsFunc(h.records, proven) {
			t.Errorf("%s was derived, and nobody has shown why", got.Derived)
		}
		if len(h.corrections) > 0 && got.Status != h.corrections[len(h.corrections)-1].Status || len(h.corrections) == 0 && got.Status != got.Derived {
			t.Errorf("%s counts, with %+v", got.Status, h.corrections)
		}
	})
}
