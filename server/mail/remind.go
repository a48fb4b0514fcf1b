package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

const (
	remindEvery = 10 * time.Minute
	remindFirst = 24 * time.Hour // before a session
	remindLast  = 2 * time.Hour  // before it; later a mail is of no use
)

// Reminding is a session that somebody is reminded of.
type Reminding struct {
	store.LinkEntry
	Session models.Session
	Site    models.Site
}

// Reminder posts a letter to everybody with a ticket and an address on the day before a
// session: one for each time that the session is planned at.
type Reminder struct {
	st     *store.Store
	log    *slog.Logger
	now    func() models.Millis
	letter func(Reminding) Letter
}

// NewReminder makes a reminder that sends these letters.
func NewReminder(st *store.Store, log *slog.Logger, now func() models.Millis, letter func(Reminding) Letter) *Reminder {
	return &Reminder{st, log, now, letter}
}

// Run reminds until ctx ends. Failures are logged, and tried again.
func (r *Reminder) Run(ctx context.Context) {
	tick := time.NewTicker(remindEvery)
	defer tick.Stop()
	for {
		if err := r.Remind(ctx); err != nil && ctx.Err() == nil {
			r.log.Error("reminders", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Remind posts the letters that are due, a session in each transaction.
func (r *Reminder) Remind(ctx context.Context) error {
	sessions, err := r.st.Read(ctx).SessionsBetween(r.now().Add(remindLast), r.now().Add(remindFirst))
	for _, s := range sessions {
		if s.StartsAt <= r.now().Add(remindLast) {
			continue
		}
		due, failed := r.due(r.st.Read(ctx), s)
		if failed == nil && len(due) > 0 {
			failed = r.post(ctx, s)
		}
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("session %s: %w", s.ID, failed))
		}
	}
	return err
}

// post asks again what is due: the plan may have changed, or another server been faster.
func (r *Reminder) post(ctx context.Context, s models.Session) error {
	return r.st.Write(ctx, func(tx *store.Tx) error {
		now, err := tx.Session(s.ID)
		if err != nil || now.StartsAt != s.StartsAt || now.Status != models.SessionPlanned {
			return err
		}
		due, err := r.due(tx.Queries, now)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, l := range due {
			if _, err := Post(tx, l); err != nil {
				return err
			}
		}
		return office.Program("server").Record(tx, office.Done{Action: "reminder.mail", Entity: "session", ID: s.ID.String(), Detail: strconv.Itoa(len(due))})
	})
}

// due are the letters about a session that nobody has posted yet.
func (r *Reminder) due(q store.Queries, s models.Session) (list []Letter, err error) {
	class, err1 := q.Class(s.ClassID)
	site, err2 := q.Site(s.SiteID)
	pilot, err3 := q.Pilot(class.PilotID)
	if err := errors.Join(err1, err2, err3); err != nil || class.ClosedAt != 0 || !pilot.Phase.Open() {
		return nil, err
	}
	_, err = q.EachLink(store.LinkFilter{Class: s.ClassID}, func(x store.LinkEntry) error {
		if x.HasTicket && x.Email != "" && x.RemindersOff == 0 {
			l := r.letter(Reminding{x, s, site})
			l.ID = uuid.NewSHA1(s.ID, []byte(x.ID.String()+strconv.FormatInt(int64(s.StartsAt), 10)))
			l.Address, l.Name, l.Participant, l.NotAfter = x.Email, x.Name, &x.Participant, s.StartsAt
			list = append(list, l)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(list))
	for i, l := range list {
		ids[i] = l.ID
	}
	posted, err := q.MailsPosted(ids)
	return slices.DeleteFunc(list, func(l Letter) bool { return posted[l.ID] }), err
}
