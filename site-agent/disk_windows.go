package main

import (
	"golang.org/x/sys/windows"

	"buktihadir/models"
)

// diskOf measures the disk that holds a folder. It returns an unknown disk if that fails.
func diskOf(dir string) models.Disk {
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return models.Disk{}
	}
	var free, total uint64
	if windows.GetDiskFreeSpaceEx(path, &free, &total, nil) != nil {
		return models.Disk{}
	}
	return models.Disk{Free: int64(free), Total: int64(total)} //nolint:gosec // no disk is that large
}
