package imports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/plan"
)

// Beside is the other of two sessions: a line of the same file, or a planned session.
type Beside struct {
	Line    int        `json:"line,omitempty"`
	Session *uuid.UUID `json:"session,omitempty"`
	Class   string     `json:"class"`
	Number  int        `json:"number"`
}

func (b *Beside) name() string {
	if b == nil {
		return ""
	}
	return fmt.Sprint(b.Class, " ", b.Number)
}

// RowWarning is a warning about some rows of a file that may be applied.
type RowWarning struct {
	Kind  plan.WarningKind `json:"kind"`
	Day   models.LocalDate `json:"day,omitempty"`
	What  string           `json:"what"`            // the holiday, the instructor, the site or the class
	Count int              `json:"count,omitempty"` // of tickets
	ID    *uuid.UUID       `json:"id,omitempty"`    // of the site or the class, where it is stored
	Lines []int            `json:"lines"`
	With  *Beside          `json:"with,omitempty"`
}

// Runs are the lines in order, those that follow each other as one: "2–11".
func (w RowWarning) Runs() (runs []string) {
	for i := 0; i < len(w.Lines); {
		from := i
		for i++; i < len(w.Lines) && w.Lines[i] == w.Lines[i-1]+1; {
			i++
		}
		run := strconv.Itoa(w.Lines[from])
		if i > from+1 {
			run += "–" + strconv.Itoa(w.Lines[i-1])
		}
		runs = append(runs, run)
	}
	return runs
}

// Agreement is a code for the warnings; a person who agrees sends it back. It is ""
// without warnings.
func (r Report) Agreement() string {
	if len(r.Warnings) == 0 {
		return ""
	}
	text, err := json.Marshal(r.Warnings)
	if err != nil { // of numbers and words
		return "?"
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// meet lists the collisions and warnings of all rows that differ from the store.
// Collisions that were in the plan before are not the file's fault.
func (t *timetable) meet() error {
	var from, to models.Millis
	for _, s := range t.sessions.now {
		if t.differs[s.ID] {
			to = max(to, s.EndsAt)
			if from == 0 || s.StartsAt < from {
				from = s.StartsAt
			}
		}
	}
	if to == 0 {
		return nil
	}
	sessions, err := t.tx.SessionsBetween(from.Add(-plan.LeastTravel), to.Add(plan.LeastTravel))
	if err != nil {
		return err
	}
	known, err := plan.KnownFor(t.tx.Queries, sessions)
	if err != nil {
		return err
	}
	for _, c := range known.Conflicts(sessions) {
		here, other := c.Session, c.Other
		if !t.differs[here.ID] {
			here, other = other, here
		}
		if t.differs[here.ID] {
			t.report.Errors = append(t.report.Errors,
				RowError{Line: t.lines[here.ID], Column: c.Column(), Key: "conflict." + string(c.Kind), Value: c.What, With: t.beside(other, known)})
		}
	}
	slices.SortStableFunc(t.report.Errors, func(a, b RowError) int { return cmp.Compare(a.Line, b.Line) })
	if !t.report.OK() {
		return nil
	}
	return t.warn(sessions, known)
}

// beside names a session: by its line, where the file has it.
func (t *timetable) beside(s models.Session, k plan.Knowledge) *Beside {
	b := &Beside{Line: t.lines[s.ID], Class: k.Classes[s.ClassID].Code, Number: s.Seq}
	if b.Line == 0 {
		b.Session = &s.ID
	}
	return b
}

// warn lists the warnings, each one once, with all its lines.
func (t *timetable) warn(sessions []models.Session, k plan.Knowledge) error {
	if len(sessions) == 0 {
		return nil
	}
	last := slices.MaxFunc(sessions, func(a, b models.Session) int { return cmp.Compare(a.StartsAt, b.StartsAt) })
	off, err := plan.HolidaysBetween(t.tx.Queries, models.ZoneWIB.Date(sessions[0].StartsAt), models.ZoneWIT.Date(last.StartsAt))
	if err != nil {
		return err
	}
	marks, err := t.tx.Watermarks()
	if err != nil {
		return err
	}
	w := warnings{at: map[string]int{}}
	tickets := map[uuid.UUID]map[models.LocalDate]int{}
	for _, s := range sessions {
		if !t.differs[s.ID] {
			continue
		}
		site, class, line := k.Sites[s.SiteID], k.Classes[s.ClassID], t.lines[s.ID]
		day := site.Zone.Date(s.StartsAt)
		if h, free := off[day]; free {
			w.add(RowWarning{Kind: plan.WarnHoliday, Day: day, What: h.Name}, line)
		}
		if marks[site.ID].Agents == 0 {
			w.add(RowWarning{Kind: plan.WarnNoAgent, What: site.Code, ID: &site.ID}, line)
		}
		if tickets[class.ID] == nil {
			if tickets[class.ID], err = t.tx.TicketEnds(class.ID); err != nil {
				return err
			}
		}
		if n := plan.EndedBefore(tickets[class.ID], site.Zone.Date(s.EndsAt)); n > 0 {
			w.add(RowWarning{Kind: plan.WarnTickets, What: class.Code, Count: n, ID: &class.ID}, line)
		}
	}
	t.hurry(&w, sessions, k)
	for i := range w.list {
		slices.Sort(w.list[i].Lines)
	}
	slices.SortStableFunc(w.list, func(a, b RowWarning) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Day, b.Day), cmp.Compare(a.What, b.What), cmp.Compare(a.Lines[0], b.Lines[0]),
			cmp.Compare(a.With.name(), b.With.name()))
	})
	t.report.Warnings = w.list
	return nil
}

// hurry warns of instructors with too little time between two sites.
func (t *timetable) hurry(w *warnings, sessions []models.Session, k plan.Knowledge) {
	taught := map[uuid.UUID][]models.Session{} // by instructor, in the order of their start
	names := map[uuid.UUID]string{}
	for _, s := range sessions {
		for person, e := range k.People[s.ClassID] {
			if e.Role == models.PersonInstructor && k.Meets(e, s) {
				taught[person], names[person] = append(taught[person], s), k.Names[e.ID]
			}
		}
	}
	for person, list := range taught {
		for i, a := range list {
			for _, b := range list[i+1:] {
				if b.StartsAt >= a.EndsAt.Add(plan.LeastTravel) {
					break
				}
				here, other := a, b
				if !t.differs[here.ID] {
					here, other = b, a
				}
				if a.SiteID != b.SiteID && t.differs[here.ID] {
					w.add(RowWarning{Kind: plan.WarnTravel, Day: k.Sites[here.SiteID].Zone.Date(here.StartsAt), What: names[person], With: t.beside(other, k)},
						t.lines[here.ID])
				}
			}
		}
	}
}

// warnings collects them, each once.
type warnings struct {
	list []RowWarning
	at   map[string]int // in the list
}

func (w *warnings) add(what RowWarning, line int) {
	key := fmt.Sprint(what.Kind, what.Day, what.What)
	if what.With != nil {
		key += fmt.Sprint(what.With.name(), line)
	}
	i, known := w.at[key]
	if !known {
		i, w.at[key], w.list = len(w.list), len(w.list), append(w.list, what)
	}
	w.list[i].Count = max(w.list[i].Count, what.Count)
	w.list[i].Lines = append(w.list[i].Lines, line)
}
