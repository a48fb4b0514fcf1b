package plan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// mostShifts is how many changed results are named: enough to see what kind they are.
const mostShifts = 50

// WouldShift refuses a change of a policy that changes results or makes tickets useless
// that people hold, until the actor has agreed to just that (office.Actor.Agreeing). It is
// a refusal with words for people.
type WouldShift struct {
	Results, People int
	First           []Shifted // at most mostShifts
	Fixed, Held     int       // the tickets that would be refused, and are renewed then, of how many
	Agreement       string    // what is sent back to agree
}

// Shifted is a result that a change would change.
type Shifted struct {
	store.Shift
	Class        string
	Seq          int
	Name, Number string
}

// Message gives the text's key and arguments.
func (w *WouldShift) Message() (key string, args []any) {
	if w.Results == 0 {
		return "policy.would_renew", []any{"Fixed", w.Fixed, "Held", w.Held}
	}
	return "policy.would_shift", []any{"Results", w.Results, "People", w.People}
}

func (w *WouldShift) Error() string {
	return fmt.Sprintf("the policy changes %d results of %d people and refuses %d of %d tickets: nobody has agreed to that", w.Results, w.People, w.Fixed, w.Held)
}

// rules are classes with the pilot whose policy they have unless they have their own.
type rules struct {
	pilot   models.Pilot
	classes []models.Class
}

// rejudge derives the results of classes anew by their changed policy. They change, and
// tickets become useless, only if the actor has seen that.
func rejudge(tx *store.Tx, by office.Actor, was, now rules) error {
	if err := tx.RefoldClasses(now.classes...); err != nil {
		return err
	}
	before, _, err := tx.FixedTickets(tx.Now(), was.pilot, was.classes...)
	if err != nil {
		return err
	}
	fixed, held, err := tx.FixedTickets(tx.Now(), now.pilot, now.classes...)
	if err != nil {
		return err
	}
	shifts := tx.Shifts()
	w, sum, people := &WouldShift{Results: len(shifts)}, sha256.New(), map[uuid.UUID]bool{}
	if fixed > before {
		w.Fixed, w.Held = fixed, held
	}
	if w.Results+w.Fixed == 0 {
		return nil
	}
	for _, s := range shifts {
		people[s.Now.EnrollmentID] = true
		digest(sum, s)
	}
	_, _ = fmt.Fprintln(sum, w.Fixed, w.Held)
	w.People, w.Agreement = len(people), hex.EncodeToString(sum.Sum(nil)[:8])
	if by.Agreed == w.Agreement {
		return nil
	}
	if w.First, err = named(tx.Queries, shifts[:min(len(shifts), mostShifts)]); err != nil {
		return err
	}
	return w
}

// renewRefused renews the tickets that classes refuse by their policy, in a pilot that may
// have tickets now.
func (p *Service) renewRefused(ctx context.Context, by office.Actor, now rules) error {
	if !now.pilot.Phase.Open() {
		return nil
	}
	var refusing []uuid.UUID
	for _, c := range now.classes {
		if store.PolicyOf(c, now.pilot).LiveOnly {
			refusing = append(refusing, c.ID)
		}
	}
	_, err := seating.New(p.st).RenewTickets(ctx, by, refusing...)
	return err
}

func digest(w io.Writer, s store.Shift) {
	_, _ = fmt.Fprintln(w, s.Now.SessionID, s.Now.EnrollmentID, s.Was.Status, s.Was.Minutes, s.Now.Status, s.Now.Minutes) // a sum takes everything
}

// named says whose results these are, and of which sessions.
func named(q store.Queries, shifts []store.Shift) ([]Shifted, error) {
	var sessions, places []uuid.UUID
	for _, s := range shifts {
		sessions, places = append(sessions, s.Now.SessionID), append(places, s.Now.EnrollmentID)
	}
	plan, err := q.SessionsWith(sessions...)
	if err != nil {
		return nil, err
	}
	list, err := q.ListEnrollments(store.EnrollmentFilter{IDs: places}, store.Slice{Limit: len(places)})
	if err != nil {
		return nil, err
	}
	people, rows := map[uuid.UUID]store.EnrollmentEntry{}, make([]models.Enrollment, len(list.Rows))
	for i, e := range list.Rows {
		people[e.ID], rows[i] = e, e.Enrollment
	}
	names, err := q.Names(rows)
	if err != nil {
		return nil, err
	}
	seq := map[uuid.UUID]models.Session{}
	for _, s := range plan {
		seq[s.ID] = s
	}
	out := make([]Shifted, len(shifts))
	for i, s := range shifts {
		p := people[s.Now.EnrollmentID]
		out[i] = Shifted{Shift: s, Class: p.ClassCode, Seq: seq[s.Now.SessionID].Seq, Name: names[p.ID], Number: p.Number}
	}
	return out, nil
}
