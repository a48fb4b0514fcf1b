package models

import "time"

// Rhythm is how a site brings its journal home and gets its roster. The zero value means
// RhythmNetwork.
type Rhythm string

// The rhythms.
const (
	RhythmNetwork Rhythm = "network" // over the network, as it happens
	RhythmDaily   Rhythm = "daily"   // as a file, every day on which it teaches
	RhythmWeekly  Rhythm = "weekly"  // as a file, every week in which it teaches
)

// Rhythms lists every rhythm.
func Rhythms() []Rhythm { return []Rhythm{RhythmNetwork, RhythmDaily, RhythmWeekly} }

// Carried says that files are brought. Such a site is not in touch while it teaches, and
// its roster is one reply older than the plan.
func (r Rhythm) Carried() bool { return r == RhythmDaily || r == RhythmWeekly }

// ShortSilence is a silence that no rhythm minds.
const ShortSilence = 24 * time.Hour

// Grace is how long after the start of a session a site may leave it unreported. It is
// negative where the site must have been in touch before: so long before the start.
func (r Rhythm) Grace() time.Duration {
	switch r {
	case RhythmDaily:
		return 36 * time.Hour // until the evening of the next day
	case RhythmWeekly:
		return 8 * 24 * time.Hour // a week, and a day for the way
	case RhythmNetwork:
	}
	return -ShortSilence
}

// Silent says that an agent's last contact is longer ago than its site's rhythm allows.
// Awaited is the start of the first session that was not over at that contact; 0: there is
// none, and nothing to be in touch for.
func (r Rhythm) Silent(contact, awaited, now Millis) bool {
	return awaited != 0 && now.Sub(contact) > ShortSilence && now.Sub(awaited) > r.Grace()
}
