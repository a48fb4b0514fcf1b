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
	Count int              `json:"count,omitempty"` // see plan.Warning
	Of    int              `json:"of,omitempty"`
	ID    *uuid.UUID       `json:"id,omitempty"` // of the site or the class, where it is stored
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

// Message gives the text's key and arguments.
func (w RowWarning) Message() (key string, args []any) {
	return plan.Warning{Kind: w.Kind, What: w.What, Count: w.Count, Of: w.Of}.Message()
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
	var changes []plan.Change
	for key, s := range t.sessions.now {
		if t.differs[s.ID] {
			changes = append(changes, plan.Change{Was: t.sessions.was[key], Now: s})
		}
	}
	slices.SortFunc(changes, func(a, b plan.Change) int { return cmp.Compare(t.lines[a.Now.ID], t.lines[b.Now.ID]) })
	found, err := k.Warn(t.tx.Queries, t.tx.Now(), changes, sessions)
	w := warnings{at: map[string]int{}}
	for _, x := range found {
		row := RowWarning{Kind: x.Kind, Day: x.Day, What: x.What, Count: x.Count, Of: x.Of}
		switch x.Kind {
		case plan.WarnNoAgent, plan.WarnTickets:
			row.Day, row.ID = "", &x.ID
		case plan.WarnPast:
			row.ID = &x.ID
		case plan.WarnOutside, plan.WarnCapacity:
			row.Day = ""
		case plan.WarnTravel:
			row.With = t.beside(*x.Other, k)
		case plan.WarnHoliday, plan.WarnLongDay, plan.WarnHours, plan.WarnCrowded:
		}
		w.add(row, t.lines[x.Session.ID])
	}
	t.report.Warnings = w.sorted()
	return err
}

// warnings collects them, each once.
type warnings struct {
	list []RowWarning
	at   map[string]int // in the list
}

// sorted are the warnings by kind, each with its lines in order.
func (w *warnings) sorted() []RowWarning {
	for i := range w.list {
		slices.Sort(w.list[i].Lines)
	}
	slices.SortStableFunc(w.list, func(a, b RowWarning) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Day, b.Day), cmp.Compare(a.What, b.What), cmp.Compare(a.Lines[0], b.Lines[0]),
			cmp.Compare(a.With.name(), b.With.name()))
	})
	return w.list
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
