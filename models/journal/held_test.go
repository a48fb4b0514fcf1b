package journal_test

import (
	"testing"

	"buktihadir/models"
	"buktihadir/models/journal"
)

func TestWhatAPhoneHeldHasATimeOfItsOwn(t *testing.T) {
	e := full()
	if e.Held() || e.At() != e.Occurred || e.MonoAt() != e.Mono || e.Doubtful() {
		t.Error("what nobody held is not when it occurred")
	}
	h := held()
	if !h.Held() || h.At() != h.Occurred-3_600_000 || h.MonoAt() != h.Mono-3_600_000 {
		t.Errorf("held: at %d, %d ms after the boot", h.At(), h.MonoAt())
	}
	for _, c := range []struct {
		name   string
		change func(*journal.Event)
		want   bool
	}{
		{"an hour before, by a clock that was set meanwhile, counts", func(*journal.Event) {}, false},
		{"as long before as it may be counts", func(e *journal.Event) { e.Happened = e.Occurred - journal.MaxHeld }, false},
		{"longer before is for a person", func(e *journal.Event) { e.Happened = e.Occurred - journal.MaxHeld - 1 }, true},
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
