package desk

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"

	"buktihadir/models"
)

// SystemClock reads this machine's clocks. CLOCK_BOOTTIME continues while the machine is
// suspended; Go's own monotonic clock does not.
func SystemClock() (Clock, error) {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return nil, fmt.Errorf("read boot id: %w", err)
	}
	boot, err := uuid.Parse(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("read boot id: %w", err)
	}
	return func() Reading {
		var ts unix.Timespec
		mono := int64(0)
		if unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts) == nil {
			mono = ts.Nano() / int64(time.Millisecond)
		}
		return Reading{Wall: models.MillisOf(time.Now()), Mono: mono, Boot: boot}
	}, nil
}
