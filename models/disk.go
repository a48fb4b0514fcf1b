package models

// Disk is how much room the disk has that an agent keeps its data on, in bytes. The
// zero value is one that nobody has measured.
type Disk struct {
	Free  int64 // what the program may still use
	Total int64
}

const (
	// ScanBytes is what one scan takes of an agent's disk: a row of the journal, its
	// index and the write-ahead log, with room to spare.
	ScanBytes = 2 << 10
	// LittleDisk is the room from which on people are warned: a day of 500 people takes
	// two megabytes, but whatever else runs on the machine fills its disk as well.
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
