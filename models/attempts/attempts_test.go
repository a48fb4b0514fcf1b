package attempts_test

import (
	"strconv"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/models/attempts"
)

func TestWrongTriesCloseAKey(t *testing.T) {
	t.Parallel()
	window := attempts.Rule{Free: 3, Window: time.Minute}
	growing := attempts.Rule{Free: 3, Lock: 10 * time.Second, Longest: 25 * time.Second}
	for _, c := range []struct {
		name  string
		rule  attempts.Rule
		wrong []time.Duration // when a wrong try is counted
		at    time.Duration
		until time.Duration // when the key opens; 0: it is open
	}{
		{"fewer tries than are free", window, []time.Duration{0, 1}, 2, 0},
		{"as many as are free, until the first is a minute old", window, []time.Duration{0, time.Second, 2 * time.Second}, 3 * time.Second, time.Minute},
		{"a try leaves when it is a minute old", window, []time.Duration{0, time.Second, 2 * time.Second}, time.Minute, 0},
		{"the next try counts with those that are left", window, []time.Duration{0, time.Second, 2 * time.Second, time.Minute}, time.Minute, time.Minute + time.Second},
		{"a growing lock begins short", growing, []time.Duration{0, 0, 0}, time.Second, 10 * time.Second},
		{"and ends", growing, []time.Duration{0, 0, 0}, 10 * time.Second, 0},
		{"the next is twice as long", growing, []time.Duration{0, 0, 0, 10 * time.Second}, 11 * time.Second, 30 * time.Second},
		{"and none is longer than the longest", growing, []time.Duration{0, 0, 0, 0, 0, 0}, time.Second, 25 * time.Second},
		{"what is wrong counts for as long as nothing is right", growing, []time.Duration{0, 0, 0}, 100 * time.Hour, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l, start := attempts.New(c.rule), models.Millis(1_000_000)
			for _, w := range c.wrong {
				l.Fail("siti", start.Add(w))
			}
			want := models.Millis(0)
			if c.until != 0 {
				want = start.Add(c.until)
			}
			if got := l.LockedUntil("siti", start.Add(c.at)); got != want {
				t.Errorf("%v after %v: closed until %d, want %d", c.at, c.wrong, got, want)
			}
			if got := l.LockedUntil("budi", start.Add(c.at)); got != 0 {
				t.Errorf("somebody else is closed until %d", got)
			}
			if l.Succeed("siti"); l.LockedUntil("siti", start.Add(c.at)) != 0 {
				t.Error("a right try opens nothing")
			}
		})
	}
}

func TestTriesAtTheSameMomentAreCountedBeforeTheyAreChecked(t *testing.T) {
	t.Parallel()
	l := attempts.New(attempts.Rule{Free: 2, Window: time.Minute})
	for i, want := range []bool{true, true, false, false} {
		if got := l.Take("siti", 1000) == 0; got != want {
			t.Errorf("try %d may: %v, want %v", i, got, want)
		}
	}
	l.GiveBack("siti")
	if l.Take("siti", 1000) != 0 {
		t.Error("a try that was given back still counts")
	}
}

// Whoever floods a limiter with keys frees no other key.
func TestAFloodOfKeysFreesNone(t *testing.T) {
	t.Parallel()
	l := attempts.New(attempts.Rule{Free: 1, Window: time.Hour})
	for i := range 10_000 {
		l.Fail("bot-"+strconv.Itoa(i), models.Millis(i))
	}
	l.Fail("siti", 20_000)
	for i := range 9_000 {
		l.Fail("late-"+strconv.Itoa(i), models.Millis(10_000+i))
	}
	if l.LockedUntil("siti", 20_001) == 0 {
		t.Error("a key that was just wrong was forgotten for older ones")
	}
}
