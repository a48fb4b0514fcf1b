package main

import (
	"errors"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// giveUpOnSilence ends a connection whose other end has not acknowledged anything for a
// while (RFC 5482). A slow line still acknowledges. Without this the agent would wait a
// quarter of an hour for a connection that died when the machine changed its network.
func giveUpOnSilence(_, _ string, conn syscall.RawConn) error {
	var set error
	err := conn.Control(func(fd uintptr) {
		set = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(silence/time.Millisecond))
	})
	return errors.Join(err, set)
}
