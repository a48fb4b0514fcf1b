package anomaly_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/anomaly"
)

const start = models.Millis(1_800_000_000_000)

var one, two = uuid.UUID{1}, uuid.UUID{2}

// queue lets people in at one desk, each some seconds after the one before; the list
// knows them in another order.
func queue(people int, apart models.Millis) []anomaly.Scan {
	var scans []anomaly.Scan
	for i := range people {
		scans = append(scans, anomaly.Scan{Agent: one, Desk: "pintu", At: start - 600_000 + models.Millis(i)*apart, Rank: i * 7 % people})
	}
	return scans
}

func with(scans []anomaly.Scan, change func(i int, s *anomaly.Scan)) []anomaly.Scan {
	for i := range scans {
		change(i, &scans[i])
	}
	return scans
}

func TestWhatIsUnlikelyIsFoundAndWhatIsNotIsNot(t *testing.T) {
	for name, c := range map[string]struct {
		expected int
		scans    []anomaly.Scan
		want     []anomaly.Finding
	}{
		"an ordinary queue":               {30, queue(30, 3_000), nil},
		"nobody at a session with people": {5, nil, []anomaly.Finding{{Kind: models.CaseNobodyCame, Of: 5}}},
		"nobody at a session of four":     {4, nil, nil},
		"ten within eight seconds":        {30, queue(10, 888), []anomaly.Finding{{Kind: models.CaseTooFast, Agent: one, Count: 10, Of: 8}}},
		"ten within nine seconds":         {30, queue(10, 1_000), nil},
		"as many at two desks":            {30, with(queue(18, 888), func(i int, s *anomaly.Scan) { s.Desk = []string{"kiri", "kanan"}[i%2] }), nil},
		"everybody at the start": {30, with(queue(10, 3_000), func(i int, s *anomaly.Scan) {
			s.At = start + models.Millis(i)*3_000
		}), []anomaly.Finding{{Kind: models.CaseExactlyOnTime, Count: 10, Of: 10}}},
		"four of ten by hand": {30, with(queue(10, 3_000), func(i int, s *anomaly.Scan) {
			s.Manual = i < 4
		}), []anomaly.Finding{{Kind: models.CaseMostlyManual, Count: 4, Of: 40}}},
		"three of ten by hand": {30, with(queue(10, 3_000), func(i int, s *anomaly.Scan) { s.Manual = i < 3 }), nil},
		"in the order of the list": {30, with(queue(12, 3_000), func(i int, s *anomaly.Scan) {
			s.Rank = i
		}), []anomaly.Finding{{Kind: models.CaseListOrder, Agent: one, Count: 12, Of: 12}}},
		"in the order of the list, backwards": {30, with(queue(12, 3_000), func(i int, s *anomaly.Scan) {
			s.Rank = 20 - i
		}), []anomaly.Finding{{Kind: models.CaseListOrder, Agent: one, Count: 12, Of: 12}}},
		"seven in a row by chance":           {30, with(queue(12, 3_000), func(i int, s *anomaly.Scan) { s.Rank = i + i/7*5 }), nil},
		"people whom the list does not know": {30, with(queue(12, 3_000), func(_ int, s *anomaly.Scan) { s.Rank = -1 }), nil},
		"two machines, each in the list's order": {30, with(queue(20, 3_000), func(i int, s *anomaly.Scan) {
			s.Agent, s.Rank = []uuid.UUID{one, two}[i%2], i/2
		}), []anomaly.Finding{{Kind: models.CaseListOrder, Agent: one, Count: 10, Of: 10}, {Kind: models.CaseListOrder, Agent: two, Count: 10, Of: 10}}},
	} {
		if diff := cmp.Diff(c.want, anomaly.Find(start, c.expected, c.scans)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestTheOrderOfReportsChangesNoFinding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var scans []anomaly.Scan
		for i := range rapid.IntRange(0, 40).Draw(t, "people") {
			scans = append(scans, anomaly.Scan{
				Agent: rapid.SampledFrom([]uuid.UUID{one, two}).Draw(t, "agent"), Desk: rapid.SampledFrom([]string{"", "a"}).Draw(t, "desk"),
				At: start + models.Millis(rapid.IntRange(-60, 60).Draw(t, "second"))*1000, Manual: rapid.Bool().Draw(t, "by hand"), Rank: i,
			})
		}
		want, was := anomaly.Find(start, 30, scans), slices.Clone(scans)
		if diff := cmp.Diff(want, anomaly.Find(start, 30, rapid.Permutation(scans).Draw(t, "order"))); diff != "" {
			t.Fatalf("another order, other findings:\n%s", diff)
		}
		if !slices.Equal(was, scans) {
			t.Fatal("the scans were changed")
		}
	})
}
