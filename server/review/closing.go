package review

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/document"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Closing is what closing a class would mean now.
type Closing struct {
	Dossier document.Dossier
	Blocked *office.Refusal // why it can't be closed yet; nil: it can
	Open    []document.Open // may be accepted, for a reason
}

// Count is how many participants end so.
func (c Closing) Count(o document.Outcome) (n int) {
	for _, p := range c.Dossier.People {
		if !p.Instructor && p.Outcome == o {
			n++
		}
	}
	return n
}

// Seen is a short code of the open points; a form sends it back to say what it showed.
func (c Closing) Seen() string {
	var parts []string
	for _, o := range c.Open {
		parts = append(parts, fmt.Sprintf("%s=%d", o.Key, o.Count))
	}
	return strings.Join(parts, ",")
}

// Examine says what closing a class would mean.
func Examine(q store.Queries, class uuid.UUID, now models.Millis) (Closing, error) {
	d, err := DossierOf(q, class, now)
	if err != nil {
		return Closing{}, err
	}
	cases, err := q.CountOpenCases(class)
	return Closing{Dossier: d, Blocked: blocked(d, now), Open: openIn(d, int(cases))}, err
}

// blocked says why a class can't be closed: it was, or it goes on.
func blocked(d document.Dossier, now models.Millis) *office.Refusal {
	if d.ClosedAt != 0 {
		return office.Refuse("closing.already", "Class", d.Code)
	}
	for _, s := range d.Sessions {
		if !s.Cancelled && s.EndsAt > now {
			return office.Refuse("closing.not_over", "Number", s.Seq)
		}
	}
	return nil
}

// openIn lists the points that are not settled yet, in the order in which they are best
// settled.
func openIn(d document.Dossier, cases int) (open []document.Open) {
	held, waiting, unknown, tasks := 0, 0, 0, 0
	for n, s := range d.Sessions {
		if s.Cancelled {
			continue
		}
		held++
		if s.Waiting {
			waiting++
		}
		for _, p := range d.People {
			status := p.At[n].Status
			if p.Outcome != document.Left && slices.Contains([]models.AttendanceStatus{models.StatusPending, models.StatusInside, models.StatusUnverified}, status) {
				unknown++
			}
		}
	}
	for _, p := range d.People {
		if p.Outcome == document.NoTasks {
			tasks++
		}
	}
	nothing := 0
	if held == 0 {
		nothing = 1
	}
	hours := 0
	if d.Rule != models.HoursIgnore && held > 0 {
		hours = (d.Given.Owed() + 59) / 60
	}
	for _, o := range []document.Open{{Key: "nothing", Count: nothing}, {Key: "hours", Count: hours}, {Key: "waiting", Count: waiting},
		{Key: "cases", Count: cases},
		{Key: "unknown", Count: unknown}, {Key: "tasks", Count: tasks}} {
		if o.Count > 0 {
			open = append(open, o)
		}
	}
	return open
}

const (
	closeAction = "class.close"
	issueAction = "document.issue"
)

// closed fills in who closed the class, and what was accepted then.
func (f *file) closed(q store.Queries, class store.ClassEntry) error {
	if class.ClosedAt == 0 {
		return nil
	}
	entry, err := q.LastEntry(closeAction, class.ID.String())
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	f.ClosedBy, f.Reason = entry.Actor, entry.Reason
	if err := json.Unmarshal([]byte(entry.Detail), &f.Open); err != nil {
		return fmt.Errorf("what was open at class %s: %w", class.Code, err)
	}
	return nil
}

// Close closes a class and issues its documents. seen is the code of the open points that
// the person was shown (Closing.Seen). With open points a reason is needed, and points
// that have changed since are shown first. From then on the class keeps its rules, and
// only decisions of the programme office change its attendance.
func Close(ctx context.Context, st *store.Store, by models.User, printer Printer, class uuid.UUID, seen, reason string) error {
	reason = strings.TrimSpace(reason)
	return st.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Class(class)
		if err != nil {
			return err
		}
		if err := tx.LockPilot(c.PilotID); err != nil { // locked: no place changes in the meantime
			return err
		}
		if c, err = tx.LockClass(class); err != nil {
			return err
		}
		now, err := Examine(tx.Queries, class, tx.Now())
		switch {
		case err != nil:
			return err
		case now.Blocked != nil:
			return now.Blocked
		case now.Seen() != seen:
			return office.Refuse("closing.changed")
		case len(now.Open) > 0 && reason == "":
			return office.RefuseField("reason", "closing.reason_needed")
		}
		pilot, err := tx.Pilot(c.PilotID)
		if err != nil {
			return err
		}
		policy := store.PolicyOf(c, pilot)
		c.Policy, c.ClosedAt, c.UpdatedAt = &policy, tx.Now(), tx.Now()
		if err := tx.SaveClasses([]models.Class{c}); err != nil {
			return err
		}
		if err := tx.RefoldClasses(c); err != nil { // its results are final from now on
			return err
		}
		if err := tx.Revise(); err != nil {
			return err
		}
		detail, err := json.Marshal(now.Open)
		if err != nil {
			return fmt.Errorf("describe what is open: %w", err)
		}
		err = office.User(by).Record(tx, office.Done{Action: closeAction, Entity: "class", ID: class.String(), Detail: string(detail), Reason: reason})
		if err != nil {
			return err
		}
		_, err = issue(tx, by, printer, class)
		return err
	})
}
