package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/outbox"
	"buktihadir/server/store"
)

const (
	pollEvery = 2 * time.Second
	lease     = 2 * time.Minute // longer than a call and a letter may take
	giveUp    = 3 * 24 * time.Hour
	keep      = 30 * 24 * time.Hour
)

// Sender sends what the outbox holds, one letter after the other.
type Sender struct {
	st     *store.Store
	log    *slog.Logger
	now    func() models.Millis
	server Server
}

// NewSender makes a sender. Without a server it sends nothing, and letters wait.
func NewSender(st *store.Store, log *slog.Logger, now func() models.Millis, server Server) (*Sender, error) {
	return &Sender{st: st, log: log, now: now, server: server}, server.Check()
}

// Run sends until ctx ends. Failures are logged, and tried again.
func (s *Sender) Run(ctx context.Context) {
	if !s.server.On() {
		return
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if err := s.Send(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("mail", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Send sends what is due now over one connection, until that breaks.
func (s *Sender) Send(ctx context.Context) error {
	var way *line
	defer func() {
		if way != nil {
			way.hangUp()
		}
	}()
	for ctx.Err() == nil {
		m, err := s.st.ClaimMail(ctx, lease)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		claimed := m.NextAt
		failed := s.attempt(ctx, &way, m)
		if ctx.Err() != nil {
			return nil // the program stops: the lease ends, and the mail is tried again
		}
		if err := s.note(ctx, m, claimed, failed); err != nil {
			return err
		}
		if failed != nil && way == nil {
			return nil // the next ones would fare no better now
		}
	}
	return nil
}

// attempt sends one mail, over the open connection or a new one. It gives up a connection
// that failed.
func (s *Sender) attempt(ctx context.Context, way **line, m models.Mail) error {
	may, err := s.st.Read(ctx).MayGetMail(m)
	if err != nil {
		return err
	}
	if !may || m.NotAfter != 0 && s.now() > m.NotAfter {
		return &Error{Code: Withdrawn, Final: true}
	}
	content, err := s.st.Read(ctx).MailContent(m)
	if err != nil {
		return err
	}
	l := Letter{Address: m.Address, Subject: m.Subject}
	if err := json.Unmarshal(content, &l); err != nil {
		return fmt.Errorf("mail %s: %w", m.ID, err)
	}
	msg, err := s.server.message(l, m.ID.String(), m.CreatedAt)
	if err != nil {
		return err
	}
	if *way == nil {
		if *way, err = s.server.call(ctx); err != nil {
			return err
		}
	}
	err = (*way).send(ctx, msg)
	if t, ok := errors.AsType[*Error](err); ok && (t.Code == CutOff || t.Code == TimedOut) {
		(*way).hangUp()
		*way = nil
	}
	return err
}

// note stores what became of a letter. One that was given up is a notice in the history.
func (s *Sender) note(ctx context.Context, m models.Mail, claimed models.Millis, failed error) error {
	outcome := outbox.Outcome{Taken: failed == nil}
	if failed != nil {
		t, ok := errors.AsType[*Error](failed)
		if !ok {
			t = newError(Unknown, false, failed, failed.Error())
		}
		outcome.Problem, outcome.Refused = t.problem(), t.Final
	}
	m.Sending = outbox.Judge(m.Sending, outcome, giveUp, s.now(), rand.Float64()) //nolint:gosec // the jitter need not be secret
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveMail(m, claimed); err != nil || m.State != models.DeliveryDead {
			return err
		}
		s.log.Warn("a mail was given up", "mail", m.ID, "problem", m.Problem)
		return office.Program("server").Record(tx, office.Done{Action: "mail.dead", Entity: "mail", ID: m.ID.String(), Detail: m.Problem})
	})
}

// Tidy forgets mail that was taken or given up a month ago.
func (s *Sender) Tidy(ctx context.Context) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.ForgetMail(s.now().Add(-keep)) })
}

// Try sends a mail at once, without the outbox. Its errors are Errors, or say what is
// wrong with the server's settings.
func (s Server) Try(ctx context.Context, l Letter, now models.Millis) error {
	if err := errors.Join(s.Check(), CheckAddress(l.Address)); err != nil {
		return err
	}
	id, err := store.NewID()
	if err != nil {
		return err
	}
	msg, err := s.message(l, id.String(), now)
	if err != nil {
		return err
	}
	way, err := s.call(ctx)
	if err != nil {
		return err
	}
	defer way.hangUp()
	return way.send(ctx, msg)
}
