//go:build !linux && !windows

package desk

// ReadMachine knows nothing of such a computer.
func ReadMachine(string) Machine { return Machine{} }
