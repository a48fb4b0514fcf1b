package attendance_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

func TestATimeIsCorrectedByTheNearestWordOfTheServer(t *testing.T) {
	const noon = models.Millis(1_714_000_000_000)
	met := func(mono int64, at models.Millis) attendance.Anchor {
		return attendance.Anchor{Mono: mono, Time: at, Met: true}
	}
	staff := func(mono int64, at models.Millis) attendance.Anchor { return attendance.Anchor{Mono: mono, Time: at} }
	for _, x := range []struct {
		name    string
		said    models.Millis
		mono    int64
		anchors []attendance.Anchor
		want    models.Millis
		sure    bool
	}{
		{"a boot that nobody knows anything of keeps what the desk said", 5, 60_000, nil, 5, false},
		{"a clock that woke up in 1970, and met the server in the evening", 60_000, 60_000, []attendance.Anchor{met(3_600_000, noon+3_540_000)}, noon, true},
		{"a clock set a day ahead", noon + 86_400_000, 60_000, []attendance.Anchor{met(0, noon-60_000)}, noon, true},
		{"what is off by half a minute stays", noon + 30_000, 60_000, []attendance.Anchor{met(0, noon-60_000)}, noon + 30_000, true},
		{"what is off by more does not", noon + 30_001, 60_000, []attendance.Anchor{met(0, noon-60_000)}, noon, true},
		{"the nearer meeting counts: clocks drift", noon + 90_000, 100_000, []attendance.Anchor{met(0, noon), met(90_000, noon)}, noon + 10_000, true},
		{"staff's word counts where the server's is missing", 60_000, 60_000, []attendance.Anchor{staff(0, noon-60_000)}, noon, false},
		{"the server's word counts before that of staff", 60_000, 60_000, []attendance.Anchor{staff(60_000, noon+86_400_000), met(0, noon-60_000)}, noon, true},
	} {
		if got, sure := attendance.Correct(x.said, x.mono, x.anchors); got != x.want || sure != x.sure {
			t.Errorf("%s: %d, sure %v; want %d, %v", x.name, got, sure, x.want, x.sure)
		}
	}
}

func TestACorrectionDependsOnTheSetOfAnchorsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anchors := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) attendance.Anchor {
			return attendance.Anchor{Mono: rapid.Int64Range(0, 5).Draw(t, "mono") * 60_000, Time: models.Millis(rapid.Int64Range(0, 9).Draw(t, "time")) * 600_000, Met: rapid.Bool().Draw(t, "met")}
		}), 0, 6).Draw(t, "anchors")
		said, mono := models.Millis(rapid.Int64Range(0, 9).Draw(t, "said"))*600_000, rapid.Int64Range(0, 5).Draw(t, "at")*60_000
		at, sure := attendance.Correct(said, mono, anchors)
		shuffled := rapid.Permutation(slices.Concat(anchors, anchors)).Draw(t, "shuffled")
		if again, still := attendance.Correct(said, mono, shuffled); again != at || still != sure {
			t.Fatalf("%d (%v), and in another order %d (%v)", at, sure, again, still)
		}
	})
}

func TestAScanThatWasOnAnotherDayIsFlaggedWhateverTheStatus(t *testing.T) {
	session := attendance.Session{ID: sessionID(1), Start: at(t, "08.00"), End: at(t, "12.00")}
	policy := models.DefaultPolicy()
	policy.CheckOut = false
	in := func(occurred, said models.Millis) []attendance.Record {
		return []attendance.Record{{Seq: 1, Session: sessionID(1), Kind: models.EventIn, Verdict: models.VerdictAcceptedIn, Sure: models.ConfidenceSynced, Occurred: occurred, Said: said}}
	}
	flagged := func(records []attendance.Record) bool {
		return slices.Contains(attendance.Fold(session, policy, attendance.Told{Records: records, Stage: attendance.Final}).Flags, models.FlagClockCorrected)
	}
	if !flagged(in(at(t, "08.00")-86_400_000, at(t, "08.00"))) {
		t.Error("a scan of the day before, by a clock a day ahead, counts without a word")
	}
	if flagged(in(at(t, "08.05"), at(t, "08.01"))) {
		t.Error("a correction within the session's time that changes nothing is flagged")
	}
}
