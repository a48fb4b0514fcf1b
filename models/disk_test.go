package models_test

import (
	"testing"

	"buktihadir/models"
)

func TestADiskWarnsBeforeItIsFull(t *testing.T) {
	for _, c := range []struct {
		name   string
		disk   models.Disk
		little bool
		scans  int64
	}{
		{"nobody has measured it", models.Disk{}, false, 0},
		{"there is room for years", models.Disk{Free: 8 << 30, Total: 16 << 30}, false, 4_100_000},
		{"there is just enough", models.Disk{Free: models.LittleDisk, Total: 16 << 30}, false, 130_000},
		{"there is little, and still enough for a day", models.Disk{Free: models.LittleDisk - 1, Total: 16 << 30}, true, 130_000},
		{"it is full", models.Disk{Total: 16 << 30}, true, 0},
	} {
		if c.disk.Little() != c.little || c.disk.Scans() != c.scans {
			t.Errorf("%s: little %t, %d scans", c.name, c.disk.Little(), c.disk.Scans())
		}
	}
}
