package roster

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
)

// Gate is where people of some classes come in.
type Gate struct {
	Name    string      `json:"name"`
	Classes []uuid.UUID `json:"classes"`
}

// GatesFor names the gates for a person who came to a desk of other classes, or the site and
// room of a session that is held elsewhere; empty: no gate is set to their class.
func GatesFor(gates []Gate, o Outcome) string {
	if o.Verdict == models.VerdictOtherSite && o.Session != nil {
		return strings.TrimSuffix(o.Session.Site+", "+o.Session.Room, ", ")
	}
	if o.Verdict != models.VerdictOtherClass || o.Person == nil {
		return ""
	}
	var names []string
	for _, g := range gates {
		if slices.Contains(g.Classes, o.Person.Class) && !slices.Contains(names, g.Name) {
			names = append(names, g.Name)
		}
	}
	return strings.Join(names, ", ")
}
