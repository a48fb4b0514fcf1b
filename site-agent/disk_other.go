//go:build !linux && !darwin && !windows

package main

import "buktihadir/models"

// diskOf returns an unknown disk: Go cannot measure it on this system.
func diskOf(string) models.Disk { return models.Disk{} }
