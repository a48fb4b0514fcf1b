//go:build !linux && !windows

package desk

// ReadBattery reads nothing on this system.
func ReadBattery() Battery { return Battery{} }
