package desk

import (
	"context"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/roster"
)

// Grade says how one thing that a desk needs stands.
type Grade string

// These are the grades. Unknown is not a fault: this machine cannot tell.
const (
	Good    Grade = "good"
	Warn    Grade = "warn"
	Bad     Grade = "bad"
	Unknown Grade = "unknown"
)

// Need names something that a desk needs to work; each has texts for each grade.
type Need string

// The needs, in the order in which they are met.
const (
	NeedEnrolment Need = "enrolment" // it is some site's agent
	NeedTrust     Need = "trust"     // the office has not deactivated it; listed only if it has
	NeedRoster    Need = "roster"    // a complete copy
	NeedSessions  Need = "sessions"  // those of the next teaching day, and tickets for its participants
	NeedKeys      Need = "keys"      // to verify tickets with
	NeedOfficers  Need = "officers"  // who may sign in
	NeedClock     Need = "clock"     // right, or confirmed by staff
	NeedDisk      Need = "disk"      // room for a day's journal
	NeedPower     Need = "power"     // the mains, or a battery for a day
	NeedRhythm    Need = "rhythm"    // in touch with the office as often as the site should be
	NeedJournal   Need = "journal"   // the office has what this computer has
	NeedPhones    Need = "phones"    // an address for phones
)

// Check is one need and its state. The meaning of the other fields depends on the need;
// its text says so.
type Check struct {
	Need  Need
	Grade Grade
	Count int           // people, events, percent, megabytes
	Of    int           // out of how many; gigabytes
	At    models.Millis // when
	Name  string
}

// Machine is the state of the desk's computer. The zero value means unknown.
type Machine struct {
	Disk    models.Disk // that holds the journal
	Battery Battery
	Phones  int // addresses under which phones reach this desk
}

// Battery is how full a computer's battery is. The zero value is a computer without one.
type Battery struct {
	Known, Plugged bool
	Percent        int
}

// These are the needs of a desk for a day without network and mains: of its machine and
// its data.
const (
	littleFree  = 1 << 30 // bytes: from here on people are told, long before models.LittleDisk
	fullBattery = 80      // percent, for a day without mains
)

// Readiness is every need of a desk as it stands. A need is Bad only if the next teaching
// day fails without it, or if the office has waited for this site longer than its rhythm
// allows. How old something is doesn't matter by itself.
type Readiness struct {
	Checks []Check
	Zone   models.Zone
}

// Grade is the worst of what is known: green only if everything is.
func (r Readiness) Grade() Grade {
	worst := Good
	for _, c := range r.Checks {
		if c.Grade == Bad || c.Grade == Warn && worst == Good {
			worst = c.Grade
		}
	}
	return worst
}

// Readiness says whether the desk is ready for its next teaching day.
func (d *Desk) Readiness(ctx context.Context, on Machine) (Readiness, error) {
	s, err := d.Status(ctx)
	if err != nil {
		return Readiness{}, err
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	m := d.mem
	now := m.time(d.clock())
	next := m.Next(now)
	if s.Withdrawn { // nothing else can be put right
		return Readiness{Zone: s.Site.Zone, Checks: []Check{{Need: NeedTrust, Grade: Bad, Name: s.Site.Name}, journalCheck(s)}}, nil
	}
	return Readiness{Zone: s.Site.Zone, Checks: []Check{
		{Need: NeedEnrolment, Grade: enrolled(s), Name: s.Site.Name},
		rosterCheck(s), sessionsCheck(next), m.keysCheck(next), m.officersCheck(),
		clockCheck(s, now), diskCheck(on), powerCheck(on.Battery), rhythmCheck(s), journalCheck(s), phonesCheck(on.Phones),
	}}, nil
}

func enrolled(s Status) Grade {
	if s.Agent == uuid.Nil || s.Site.ID == uuid.Nil {
		return Bad
	}
	return Good
}

func rosterCheck(s Status) Check {
	c := Check{Need: NeedRoster, Grade: Good, Count: s.People, At: s.RosterConfirmed}
	if s.RosterConfirmed == 0 || s.RosterAlarm != "" {
		c.Grade = Bad
	}
	return c
}

func sessionsCheck(day roster.Day) Check {
	c := Check{Need: NeedSessions, Grade: Good, Count: day.Ticketed, Of: day.People, At: day.First}
	switch {
	case day.Sessions == 0:
		c.Grade = Unknown
	case day.Closed, day.People == 0:
		c.Grade = Bad
	case day.Ticketed < day.People:
		c.Grade = Warn
	}
	return c
}

func (m *memory) keysCheck(next roster.Day) Check {
	c := Check{Need: NeedKeys, Grade: Good, Count: len(m.Keys), Name: next.WithoutSecret}
	switch {
	case len(m.Keys) == 0, c.Name != "":
		c.Grade = Bad
	case m.WithoutSecret() != "":
		c.Grade, c.Name = Warn, m.WithoutSecret()
	}
	return c
}

func (m *memory) officersCheck() Check {
	c := Check{Need: NeedOfficers, Grade: Bad, Count: len(m.Officers())}
	if len(m.Officers()) > 0 {
		c.Grade = Warn // otherwise nobody can override a refusal
	}
	for _, o := range m.Officers() {
		if o.Supervisor {
			c.Grade = Good
		}
	}
	return c
}

func clockCheck(s Status, now models.Millis) Check {
	c := Check{Need: NeedClock, Grade: Good, At: now}
	if !s.Confirmed && s.Clock != models.ConfidenceSynced {
		c.Grade = Warn // staff are asked before the first scan
	}
	return c
}

func diskCheck(on Machine) Check {
	c := Check{Need: NeedDisk, Grade: Good, Count: int(on.Disk.Free >> 20), Of: int(on.Disk.Free >> 30)}
	switch {
	case !on.Disk.Known():
		c.Grade = Unknown
	case on.Disk.Little():
		c.Grade = Bad
	case on.Disk.Free < littleFree:
		c.Grade = Warn
	}
	return c
}

func powerCheck(b Battery) Check {
	c := Check{Need: NeedPower, Grade: Good, Count: b.Percent}
	switch {
	case !b.Known:
		c.Grade = Unknown
	case b.Plugged:
	case b.Percent < fullBattery:
		c.Grade = Warn
	}
	return c
}

func rhythmCheck(s Status) Check {
	c := Check{Need: NeedRhythm, Grade: Good, At: s.Heard}
	if s.Silent {
		c.Grade = Bad
	}
	return c
}

func journalCheck(s Status) Check {
	c := Check{Need: NeedJournal, Grade: Good, Count: int(s.Unsent), At: s.LastContact} //nolint:gosec // a journal's length
	if s.OtherRecord {
		c.Grade = Warn
	}
	return c
}

func phonesCheck(addresses int) Check {
	c := Check{Need: NeedPhones, Grade: Good, Count: addresses}
	if addresses == 0 {
		c.Grade = Unknown // a laptop with a camera needs none
	}
	return c
}
