//go:build !linux && !windows

package desk

// ReadBattery knows nothing of such a computer.
func ReadBattery() Battery { return Battery{} }
