//go:build linux || darwin

package main

import (
	"golang.org/x/sys/unix"

	"buktihadir/models"
)

// diskOf measures the disk that holds a folder. It returns an unknown disk if that fails.
func diskOf(dir string) models.Disk {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return models.Disk{}
	}
	block := int64(s.Bsize)                                                           //nolint:unconvert // its type differs from system to system
	return models.Disk{Free: int64(s.Bavail) * block, Total: int64(s.Blocks) * block} //nolint:gosec,unconvert // no disk is that large
}
