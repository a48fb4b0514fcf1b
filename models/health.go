package models

import "time"

// Ailment is what is wrong with an agent. Its text is "trouble." and the ailment.
type Ailment string

// The ailments, the most urgent first.
const (
	AilmentSilent  Ailment = "silent"  // not heard from for a day
	AilmentDisk    Ailment = "disk"    // its disk has little room
	AilmentClock   Ailment = "clock"   // its clock is off
	AilmentUnsent  Ailment = "unsent"  // it still had something to send at its last contact
	AilmentRoster  Ailment = "roster"  // it has not fetched the newest roster for a day
	AilmentVersion Ailment = "version" // its program is of another release
)

// Ailments lists every ailment.
func Ailments() []Ailment {
	return []Ailment{AilmentSilent, AilmentDisk, AilmentClock, AilmentUnsent, AilmentRoster, AilmentVersion}
}

// From when on something about an agent is an ailment.
const (
	SilentAfter    = 24 * time.Hour
	OldRosterAfter = 24 * time.Hour
	ClockOff       = 2 * time.Minute // the longest that somebody at a desk doesn't notice
)

// Ailing lists what is wrong with an agent that is trusted. Roster is the revision that
// it could have, version that of the server's release.
func (a Agent) Ailing(now Millis, roster int64, version string) []Ailment {
	if a.Status != AgentActive {
		return nil
	}
	is := map[Ailment]bool{
		AilmentSilent:  now.Sub(a.LastContact) > SilentAfter,
		AilmentDisk:    a.Disk.Little(),
		AilmentClock:   max(a.ClockOffset, -a.ClockOffset) > ClockOff.Milliseconds(),
		AilmentUnsent:  a.Unsent > 0,
		AilmentRoster:  roster > a.RosterRev && now.Sub(a.RosterAt) > OldRosterAfter,
		AilmentVersion: a.Version != version,
	}
	var out []Ailment
	for _, x := range Ailments() {
		if is[x] {
			out = append(out, x)
		}
	}
	return out
}
