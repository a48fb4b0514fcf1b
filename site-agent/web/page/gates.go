package page

import (
	"slices"
	"strings"

	"buktihadir/models"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
)

// GatesFor says where somebody belongs who came to the wrong desk, see roster.GatesFor.
func (k *Kit) GatesFor(o roster.Outcome) string {
	if o.Verdict != models.VerdictOtherClass {
		return roster.GatesFor(nil, o)
	}
	return roster.GatesFor(k.Gates(), o)
}

// Gates are where people come in, by what devices are set to.
func (k *Kit) Gates() []roster.Gate {
	var gates []roster.Gate
	for _, d := range k.Devices.Devices() {
		if d.Use == store.UseScreen || len(d.Classes) == 0 {
			continue
		}
		g := roster.Gate{Name: d.Gate, Classes: d.Classes}
		if g.Name == "" {
			g.Name = d.Name
		}
		gates = append(gates, g)
	}
	return gates
}

// ClassesOf writes down which classes a device is set to; empty: all.
func (k *Kit) ClassesOf(d store.Preset) string {
	var codes []string
	for _, k := range k.Desk.Classes() {
		if slices.Contains(d.Classes, k.ID) {
			codes = append(codes, k.Code)
		}
	}
	return strings.Join(codes, ", ")
}
