// Package review has what became of the plan: who was present, by the agents' record and
// the decisions of the programme office.
//
// models/attendance derives attendance when events arrive; review reads it for people,
// says what is missing, and records corrections.
package review

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Row is one person at one session.
type Row struct {
	store.AttendanceRow
	Session models.Session
	Flags   []models.Flag
	Waiting bool // the session is over, and its site has not told everything yet that can change its results
}

// OfSession lists everybody's attendance at a session. A person who was not seen is
// pending until the site has reported past the session's end, see attendance.Fold.
func OfSession(q store.Queries, s models.Session, now models.Millis) ([]Row, error) {
	people, err := q.AttendanceOf(s)
	if err != nil {
		return nil, err
	}
	marks, err := q.Watermarks()
	if err != nil {
		return nil, err
	}
	mark := marks[s.SiteID].ReportedUntil
	final, err := q.FinalAt(s)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(people))
	for _, p := range people {
		r := Row{AttendanceRow: p, Session: s, Waiting: s.EndsAt < now && mark <= final}
		if !p.Known {
			r.Status, r.Derived = models.StatusPending, models.StatusPending
		}
		r.Flags = slices.DeleteFunc(p.FlagList(), func(f models.Flag) bool { return !slices.Contains(models.Flags(), f) })
		rows = append(rows, r)
	}
	return rows, nil
}

// OfClass lists everybody's attendance at every session of a class.
func OfClass(q store.Queries, class uuid.UUID, now models.Millis) ([]Row, error) {
	sessions, err := q.SessionsOf(class)
	if err != nil {
		return nil, err
	}
	var out []Row
	for _, s := range sessions {
		rows, err := OfSession(q, s, now)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// ErrNoReason says that a correction needs a reason.
var ErrNoReason = errors.New("a correction needs a reason")

// ErrStatus says that a correction can't be to this status.
var ErrStatus = errors.New("not a status that a correction may set")

// Correctable lists what a correction may say.
func Correctable() []models.AttendanceStatus {
	return []models.AttendanceStatus{models.StatusPresent, models.StatusLate, models.StatusLeftEarly, models.StatusExcused, models.StatusSick, models.StatusAbsent}
}

// Correct overrides the derived status of one person at one session. The derived status
// stays visible beside it.
func Correct(ctx context.Context, st *store.Store, by models.User, session, enrollment uuid.UUID, status models.AttendanceStatus, reason string) error {
	return CorrectBy(ctx, st, by, session, enrollment, status, reason, nil)
}

// Evidence is a file that was shown, such as a sick note.
type Evidence struct {
	Name    string
	Content []byte
}

// maxEvidence is the most bytes of one file: a photograph of a page has fewer.
const maxEvidence = 5 << 20

// ErrEvidence says that a file is not a PDF or a picture, or too large.
var ErrEvidence = errors.New("not a PDF or a picture of at most 5 MB")

// document finds out the real type of the file and ignores its name.
func (e *Evidence) document(by models.User) (models.Document, error) {
	kind := http.DetectContentType(e.Content)
	if len(e.Content) > maxEvidence || !slices.Contains([]string{"application/pdf", "image/jpeg", "image/png", "image/webp"}, kind) {
		return models.Document{}, ErrEvidence
	}
	return models.Document{FileName: e.Name, MediaType: kind, Content: e.Content, SHA256: sha256.Sum256(e.Content), AuthorID: &by.ID}, nil
}

// checked says what is wrong with a correction by itself, and reads its evidence.
func checked(by models.User, status models.AttendanceStatus, reason string, evidence *Evidence) (shown models.Document, err error) {
	switch {
	case reason == "":
		return shown, ErrNoReason
	case !slices.Contains(Correctable(), status):
		return shown, ErrStatus
	case evidence != nil:
		return evidence.document(by)
	}
	return shown, nil
}

// unmet says why no correction can give that status at a session: nobody was at what did
// not take place or hasn't begun. Who will be away may be excused ahead.
func unmet(s models.Session, to models.AttendanceStatus, now models.Millis) *office.Refusal {
	switch {
	case s.Status == models.SessionCancelled:
		return office.RefuseField("status", "bulk.session_cancelled")
	case s.StartsAt > now && !to.Noted():
		return office.RefuseField("status", "bulk.session_ahead")
	}
	return nil
}

// CorrectBy is Correct with evidence, which is stored. Evidence may be nil.
func CorrectBy(ctx context.Context, st *store.Store, by models.User, session, enrollment uuid.UUID, status models.AttendanceStatus, reason string,
	evidence *Evidence) error {
	reason = strings.TrimSpace(reason)
	shown, err := checked(by, status, reason, evidence)
	if err != nil {
		return err
	}
	shown.EntityID = enrollment
	return st.Write(ctx, func(tx *store.Tx) error {
		s, err := tx.Session(session)
		if err != nil {
			return err
		}
		e, err := tx.Enrollment(enrollment)
		if err != nil {
			return err
		}
		if e.ClassID != s.ClassID {
			return store.ErrNotFound
		}
		if why := unmet(s, status, tx.Now()); why != nil {
			return why
		}
		c := models.Correction{SessionID: session, EnrollmentID: enrollment, Status: status, Reason: reason, AuthorID: by.ID, Author: by.Name}
		if evidence != nil {
			if err := tx.KeepEvidence(shown); err != nil {
				return err
			}
			c.Evidence = hex.EncodeToString(shown.SHA256[:])
		}
		if err := tx.Correct(c); err != nil {
			return err
		}
		return office.User(by).Record(tx, office.Done{
			Action: "attendance.correct", Entity: "session", ID: session.String(), Detail: enrollment.String() + " " + string(status), Reason: reason})
	})
}
