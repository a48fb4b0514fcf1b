package models

import "time"

// Ailment is what is wrong with an agent. Its text is "trouble." and the ailment.
type Ailment string

// The ailments, the most urgent first.
const (
	AilmentSilent  Ailment = "silent"  // not heard from as its site's rhythm asks
	AilmentDisk    Ailment = "disk"    // its disk has little room
	AilmentClock   Ailment = "clock"   // its clock is off
	AilmentUnsent  Ailment = "unsent"  // it still had something to send at its last contact
	AilmentRoster  Ailment = "roster"  // on a network, it has not fetched the newest roster for a day
	AilmentVersion Ailment = "version" // its program is of another release
)

// Ailments lists every ailment.
func Ailments() []Ailment {
	return []Ailment{AilmentSilent, AilmentDisk, AilmentClock, AilmentUnsent, AilmentRoster, AilmentVersion}
}

// From when on something about an agent is an ailment.
const (
	OldRosterAfter = 24 * time.Hour
	ClockOff       = 2 * time.Minute // the longest that somebody at a desk doesn't notice
)

// Expected is what an agent is measured by.
type Expected struct {
	Rhythm  Rhythm // of its site
	Awaited Millis // see Rhythm.Silent
	Roster  int64  // the revision that it could have
	Version string // of the server's release
}

// Ailing lists what is wrong with an agent that is trusted.
func (a Agent) Ailing(now Millis, x Expected) []Ailment {
	if a.Status != AgentActive {
		return nil
	}
	is := map[Ailment]bool{
		AilmentSilent:  x.Rhythm.Silent(a.LastContact, x.Awaited, now),
		AilmentDisk:    a.Disk.Little(),
		AilmentClock:   max(a.ClockOffset, -a.ClockOffset) > ClockOff.Milliseconds(),
		AilmentUnsent:  a.Unsent > 0,
		AilmentRoster:  !x.Rhythm.Carried() && x.Roster > a.RosterRev && now.Sub(a.RosterAt) > OldRosterAfter,
		AilmentVersion: a.Version != x.Version,
	}
	var out []Ailment
	for _, one := range Ailments() {
		if is[one] {
			out = append(out, one)
		}
	}
	return out
}
