package models

// Disk is the room on the disk that holds an agent's data, in bytes. The zero value means
// that nobody has measured it.
type Disk struct {
	Free  int64 // free for the program
	Total int64
}

const (
	// ScanBytes is what one scan takes of an agent's disk: a row of the journal, its
	// index and the write-ahead log, with room to spare.
	ScanBytes = 2 << 10
	// LittleDisk is the free room, in bytes, below which people are warned. A day with
	// 500 people takes two megabytes, but other programs on the machine fill its disk
	// too.
	LittleDisk = 256 << 20
)

// Known says that the disk was measured.
func (d Disk) Known() bool { return d.Total > 0 }

// Scans is for about how many more scans there is room: no more than two digits of it are
// meant.
func (d Disk) Scans() int64 {
	n, unit := d.Free/ScanBytes, int64(1)
	for n/unit >= 100 {
		unit *= 10
	}
	return n / unit * unit
}

// Little says that there is so little room that somebody should make some.
func (d Disk) Little() bool { return d.Known() && d.Free < LittleDisk }
