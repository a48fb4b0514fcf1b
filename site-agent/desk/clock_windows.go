package desk

import (
	"encoding/binary"
	"time"
	"unsafe"

	"github.com/google/uuid"
	"golang.org/x/sys/windows"

	"buktihadir/models"
)

// timeOfDay is SYSTEM_TIMEOFDAY_INFORMATION. Times are in units of 100 ns.
type timeOfDay struct {
	bootTime, currentTime, zoneBias int64
	zoneID, _                       uint32
	bootBias, sleepBias             int64
}

// SystemClock reads this machine's clocks. Windows moves the time of the boot along when
// somebody sets the clock, and says by how much: without that it names the boot. The
// count of ticks continues while the machine is suspended.
func SystemClock() (Clock, error) {
	var t timeOfDay
	//nolint:gosec // the only way to call a function that fills a structure
	err := windows.NtQuerySystemInformation(windows.SystemTimeOfDayInformation, unsafe.Pointer(&t), uint32(unsafe.Sizeof(t)), nil)
	if err != nil || t.bootTime == 0 {
		return clockOfThisRun(), nil //nolint:nilerr // it works without the name of the boot
	}
	boot := uuid.NewSHA1(uuid.Nil, binary.BigEndian.AppendUint64(nil, uint64(t.bootTime-t.bootBias))) //nolint:gosec // bits of a name
	return func() Reading {
		return Reading{Wall: models.MillisOf(time.Now()), Mono: windows.DurationSinceBoot().Milliseconds(), Boot: boot}
	}, nil
}
