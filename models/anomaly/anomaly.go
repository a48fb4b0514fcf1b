// Package anomaly looks for unlikely scans within one session, so that a person can look
// into them. A finding says what was seen, not why. The package is pure: its result
// depends only on the set of scans, not on their order.
package anomaly

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
)

// The limits. A practised hand scans a person in two seconds; a hall that opens its
// doors fills over many minutes; people don't queue by the alphabet.
const (
	fastScans, fastWithin = 10, 8_000 // so many entries at one desk, within so many ms
	fewest                = 10        // entries of a session from which the others are looked for
	punctual              = 30_000    // ms around the start; it is unlikely that several people scan exactly then
	handShare             = 30        // percent of entries
	inARow                = 8         // neighbours on the list who enter one after the other
	nobody                = 5         // people expected from which an empty session is unlikely
)

// Scan is an entry that counts.
type Scan struct {
	Agent  uuid.UUID
	Desk   string
	At     models.Millis
	Manual bool
	Paper  bool // keyed in from a sheet, or called by name: says nothing of how fast, or in which order, people came
	Rank   int  // the person's place on the list by name, from 0; -1 if they are not on it
}

// Finding is something unlikely, with its figures: how many, and of what.
type Finding struct {
	Kind  models.CaseKind
	Agent uuid.UUID // the desk's, where it is about one
	Count int
	Of    int // seconds, people or percent, see the kinds
}

// Find looks at the scans of a session that is over. expected is how many people
// have a place in its class.
func Find(start models.Millis, expected int, scans []Scan) []Finding {
	scans = ordered(scans)
	var found []Finding
	if len(scans) == 0 && expected >= nobody {
		found = append(found, Finding{Kind: models.CaseNobodyCame, Count: 0, Of: expected})
	}
	scanned := slices.DeleteFunc(slices.Clone(scans), func(s Scan) bool { return s.Paper })
	found = append(found, tooFast(scanned)...)
	if len(scanned) >= fewest {
		found = append(found, exactlyOnTime(start, scanned)...)
	}
	if len(scans) >= fewest {
		found = append(found, mostlyManual(scans)...)
	}
	if len(scanned) >= fewest {
		found = append(found, inListOrder(scanned)...)
	}
	return found
}

// FewestByHand is how many people have to be written down by hand for AtOnce to find anything.
const FewestByHand = fastScans

// AtOnce looks at the scans of a session that may still run, for what no more reports can
// explain: more people written down by hand than anybody has looked at.
func AtOnce(scans []Scan) []Finding {
	return tooFast(slices.DeleteFunc(ordered(scans), func(s Scan) bool { return s.Paper || !s.Manual }))
}

func ordered(scans []Scan) []Scan {
	return slices.SortedFunc(slices.Values(scans), func(a, b Scan) int {
		return cmp.Or(cmp.Compare(a.At, b.At), bytes.Compare(a.Agent[:], b.Agent[:]), strings.Compare(a.Desk, b.Desk), cmp.Compare(a.Rank, b.Rank))
	})
}

// byDesk parts sorted scans, the desks in the order of their agents and names.
func byDesk(scans []Scan) [][]Scan {
	type desk struct {
		agent uuid.UUID
		name  string
	}
	parts := map[desk][]Scan{}
	var desks []desk
	for _, s := range scans {
		d := desk{s.Agent, s.Desk}
		if parts[d] == nil {
			desks = append(desks, d)
		}
		parts[d] = append(parts[d], s)
	}
	slices.SortFunc(desks, func(a, b desk) int {
		return cmp.Or(bytes.Compare(a.agent[:], b.agent[:]), strings.Compare(a.name, b.name))
	})
	out := make([][]Scan, len(desks))
	for i, d := range desks {
		out[i] = parts[d]
	}
	return out
}

// once keeps the most striking finding of each agent.
func once(found []Finding, f Finding, more func(a, b Finding) bool) []Finding {
	for i := range found {
		if found[i].Agent == f.Agent {
			if more(f, found[i]) {
				found[i] = f
			}
			return found
		}
	}
	return append(found, f)
}

// tooFast finds more entries at one desk than a person can scan: Count entries within Of
// seconds.
func tooFast(scans []Scan) (found []Finding) {
	for _, at := range byDesk(scans) {
		for i := range at {
			n := i
			for n < len(at) && at[n].At-at[i].At <= fastWithin {
				n++
			}
			if n-i >= fastScans {
				f := Finding{models.CaseTooFast, at[i].Agent, n - i, int((at[n-1].At - at[i].At + 999) / 1000)}
				found = once(found, f, func(a, b Finding) bool { return a.Count > b.Count })
			}
		}
	}
	return found
}

// exactlyOnTime finds that everybody came at the very start: all Count of Of.
func exactlyOnTime(start models.Millis, scans []Scan) []Finding {
	for _, s := range scans {
		if off := s.At - start; off < -punctual || off > punctual {
			return nil
		}
	}
	return []Finding{{Kind: models.CaseExactlyOnTime, Count: len(scans), Of: len(scans)}}
}

// mostlyManual finds that few tickets were scanned: Count check-ins were manual, which is
// Of percent.
func mostlyManual(scans []Scan) []Finding {
	n := 0
	for _, s := range scans {
		if s.Manual {
			n++
		}
	}
	if share := n * 100 / len(scans); share > handShare {
		return []Finding{{Kind: models.CaseMostlyManual, Count: n, Of: share}}
	}
	return nil
}

// inListOrder finds neighbours on the list who enter at one desk one after the other:
// Count of Of entries there.
func inListOrder(scans []Scan) (found []Finding) {
	for _, at := range byDesk(scans) {
		for _, step := range []int{1, -1} {
			run, most := 1, 1
			for i := 1; i < len(at); i++ {
				if at[i].Rank >= 0 && at[i-1].Rank >= 0 && at[i].Rank == at[i-1].Rank+step {
					run++
				} else {
					run = 1
				}
				most = max(most, run)
			}
			if most >= inARow {
				f := Finding{models.CaseListOrder, at[0].Agent, most, len(at)}
				found = once(found, f, func(a, b Finding) bool { return a.Count > b.Count })
			}
		}
	}
	return found
}
