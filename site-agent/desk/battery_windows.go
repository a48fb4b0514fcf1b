package desk

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// powerStatus is SYSTEM_POWER_STATUS
// (https://learn.microsoft.com/windows/win32/api/winbase/ns-winbase-system_power_status).
type powerStatus struct {
	line, flag, percent, saver byte
	life, full                 uint32
}

const (
	onMains   = 1
	noBattery = 128
	unknown   = 255
)

// ReadBattery asks this computer how full its battery is.
func ReadBattery() Battery {
	proc := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetSystemPowerStatus")
	var s powerStatus
	if proc.Find() != nil {
		return Battery{}
	}
	//nolint:gosec // the only way to call a function that the library does not wrap
	if done, _, _ := proc.Call(uintptr(unsafe.Pointer(&s))); done == 0 || s.flag == unknown || s.flag&noBattery != 0 || s.percent == unknown {
		return Battery{}
	}
	return Battery{Known: true, Percent: int(s.percent), Plugged: s.line == onMains}
}
