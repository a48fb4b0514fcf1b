package review

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// ErrNoPlace says that no participant with this number has a place in the session's
// class.
var ErrNoPlace = errors.New("nobody with this number has a place in the class")

// ErrManyKinds says that one word would mean several things: cases are decided together
// only where all are of one kind.
var ErrManyKinds = errors.New("the cases are of several kinds")

// Decision is what is said about cases.
type Decision struct {
	State  models.CaseState // confirmed or dismissed
	Reason string
	Number string // registration number of the person with the unlisted ticket, or of the walk-in

	MoveTo uuid.UUID // the session at which it counts instead of the one that it names; zero: none
}

// Decide says the same about some cases of one kind, each in a transaction of its own, and
// gives how many were decided. Those that can't be decided so are left open.
func Decide(ctx context.Context, st *store.Store, by models.User, cases []uuid.UUID, d Decision) (done int, err error) {
	d.Reason = strings.TrimSpace(d.Reason)
	if d.Reason == "" {
		return 0, ErrNoReason
	}
	kinds, err := st.Read(ctx).KindsOfCases(cases)
	if err != nil {
		return 0, err
	}
	if len(kinds) > 1 {
		return 0, ErrManyKinds
	}
	var left error
	for _, id := range cases {
		err := st.Write(ctx, func(tx *store.Tx) error { return decide(tx, by, id, d) })
		switch {
		case errors.Is(err, store.ErrUndecidable), errors.Is(err, ErrNoPlace):
			left = err
		case err != nil:
			return done, err
		default:
			done++
		}
	}
	return done, left
}

func decide(tx *store.Tx, by models.User, id uuid.UUID, d Decision) error {
	c, err := tx.CaseByID(id)
	if err != nil {
		return err
	}
	said := models.CaseDecision{CaseID: id, State: d.State, Reason: d.Reason, AuthorID: by.ID, Author: by.Name}
	if d.State == models.CaseConfirmed {
		switch {
		case c.Kind == models.CaseMissed:
			said.EnrollmentID, said.SessionID = c.EnrollmentID, c.SessionID
		case d.MoveTo != uuid.Nil:
			said.EnrollmentID, said.SessionID = c.EnrollmentID, &d.MoveTo
		case c.Kind == models.CaseUnknownSession && d.Number == "": // what was recorded names a person whom the office knows
			said.EnrollmentID = c.EnrollmentID
		case c.Kind.AboutWhom():
			said.EnrollmentID, err = placeOf(tx, c, d.Number)
		}
		if err != nil {
			return err
		}
	}
	if err := tx.Decide(said); err != nil {
		return err
	}
	return office.User(by).Record(tx, office.Done{
		Action: "case." + string(d.State), Entity: "case", ID: id.String(), Detail: fmt.Sprintf("%s %s", c.Kind, c.Subject), Reason: d.Reason})
}

// placeOf finds by registration number a place in the class of a case's session, or, where
// nobody knows the session, in a class that met at the site about then.
func placeOf(tx *store.Tx, c models.Case, number string) (*uuid.UUID, error) {
	if c.SessionID == nil {
		return nil, store.ErrUndecidable
	}
	classes := []uuid.UUID{}
	switch s, err := tx.Session(*c.SessionID); {
	case err == nil:
		classes = append(classes, s.ClassID)
	case !errors.Is(err, store.ErrNotFound):
		return nil, err
	default: // a session that nobody knows: any that was held there about then
		if classes, err = tx.ClassesAround(c); err != nil {
			return nil, err
		}
	}
	for _, class := range classes {
		places, err := tx.Places(class)
		if err != nil {
			return nil, err
		}
		for _, p := range places {
			if strings.EqualFold(p.Number, strings.TrimSpace(number)) {
				return &p.Enrollment.ID, nil
			}
		}
	}
	return nil, ErrNoPlace
}
