package pg

import (
	"errors"
	"syscall"
)

// serverOwner refuses: the throwaway cluster needs a Unix shell and socket.
func serverOwner(string) (*syscall.SysProcAttr, error) {
	return nil, errors.New("the PostgreSQL tests run on Linux and macOS")
}
