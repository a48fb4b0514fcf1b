package main

import (
	"errors"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// giveUpOnSilence ends a connection whose other end has acknowledged nothing for a
// while (RFC 5482). A slow line acknowledges; one that leads nowhere any more, since
// the machine has changed its network, would else be waited for a quarter of an hour.
func giveUpOnSilence(_, _ string, conn syscall.RawConn) error {
	var set error
	err := conn.Control(func(fd uintptr) {
		set = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(silence/time.Millisecond))
	})
	return errors.Join(err, set)
}
