package journal_test

import (
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
)

func monoOf(e journal.Event) int64 {
	_, mono := e.Clock()
	return mono
}

func TestWhatASheetSaysIsByNoClockOfTheAgent(t *testing.T) {
	e := keyedIn()
	if boot, _ := e.Clock(); boot != uuid.Nil || e.At() != e.Written || e.Offline() || e.Doubtful() {
		t.Errorf("at %d by boot %s, held %v, doubtful %v", e.At(), boot, e.Offline(), e.Doubtful())
	}
	if e.Written = e.Occurred + 1; !e.Doubtful() {
		t.Error("a sheet that tells the future is believed")
	}
	if e.Written = e.Occurred - journal.MaxQueued - 1; !e.Doubtful() {
		t.Error("a sheet of long ago is believed")
	}
}

func TestWhatAPhoneHeldHasATimeOfItsOwn(t *testing.T) {
	e := full()
	if e.Offline() || e.At() != e.Occurred || monoOf(e) != e.Mono || e.Doubtful() {
		t.Error("what nobody held is not when it occurred")
	}
	h := held()
	if !h.Offline() || h.At() != h.Occurred-3_600_000 || monoOf(h) != h.Mono-3_600_000 {
		t.Errorf("held: at %d, %d ms after the boot", h.At(), monoOf(h))
	}
	for _, c := range []struct {
		name   string
		change func(*journal.Event)
		want   bool
	}{
		{"an hour before, by a clock that was set meanwhile, counts", func(*journal.Event) {}, false},
		{"as long before as it may be counts", func(e *journal.Event) { e.Happened = e.Occurred - journal.MaxQueued }, false},
		{"longer before is for a person", func(e *journal.Event) { e.Happened = e.Occurred - journal.MaxQueued - 1 }, true},
		{"after it was handed over is for a person", func(e *journal.Event) { e.Happened = e.Occurred + 1 }, true},
		{"what the agent found impossible is for a person", func(e *journal.Event) { e.Doubt = journal.DoubtLimits }, true},
		{"what nothing proves is for a person", func(e *journal.Event) { e.Doubt |= journal.DoubtProof }, true},
		{"what nobody could check is for a person", func(e *journal.Event) { e.Doubt = journal.DoubtUnchecked }, true},
		{"with no time at all is for a person", func(e *journal.Event) { e.Happened = models.Millis(1) }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := held()
			if c.change(&e); e.Doubtful() != c.want {
				t.Errorf("Doubtful() = %v", e.Doubtful())
			}
		})
	}
}
