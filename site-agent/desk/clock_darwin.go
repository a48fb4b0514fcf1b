package desk

import (
	"time"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"

	"buktihadir/models"
)

// SystemClock reads this machine's clocks. CLOCK_MONOTONIC_RAW continues while the machine
// is asleep; Go's own monotonic clock does not.
func SystemClock() (Clock, error) {
	text, err := unix.Sysctl("kern.bootsessionuuid")
	boot, unnamed := uuid.Parse(text)
	if err != nil || unnamed != nil {
		return clockOfThisRun(), nil //nolint:nilerr // it works without the name of the boot
	}
	return func() Reading {
		var ts unix.Timespec
		mono := int64(0)
		if unix.ClockGettime(unix.CLOCK_MONOTONIC_RAW, &ts) == nil {
			mono = ts.Nano() / int64(time.Millisecond)
		}
		return Reading{Wall: models.MillisOf(time.Now()), Mono: mono, Boot: boot}
	}, nil
}
