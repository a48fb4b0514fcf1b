package privacy

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// mostSaid is how much a participant may write about a request, in letters.
const mostSaid = 2000

// participantActor is the participant as an actor. The history does not name them.
func participantActor() office.Actor { return office.Program("participant") }

// Ask puts a participant's request before the office, which has to answer in time.
// One of each kind may be open.
func (p *Service) Ask(ctx context.Context, participant uuid.UUID, kind models.RequestKind, said string) error {
	said = strings.TrimSpace(said)
	switch {
	case kind == models.RequestCorrection && said == "":
		return office.Refuse("rights.say_what")
	case utf8.RuneCountInString(said) > mostSaid:
		return office.Refuse("rights.too_long", "Most", mostSaid)
	}
	id, err := store.NewID()
	if err != nil {
		return err
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		before, err := tx.RequestsOf(participant)
		if err != nil {
			return err
		}
		for _, r := range before {
			if r.Kind == kind && r.State == models.RequestOpen {
				return office.Refuse("rights.already_asked")
			}
		}
		now := tx.Now()
		row := models.DataRequest{ID: id, ParticipantID: participant, Kind: kind, State: models.RequestOpen, CreatedAt: now, DueAt: now.Add(models.AnswerWithin)}
		if err := tx.AddRequest(row, said); err != nil {
			return err
		}
		return participantActor().Record(tx, office.Done{Action: "request.add", Entity: "participant", ID: participant.String(), Detail: string(kind)})
	})
}

// Acknowledge records that a participant agrees to what their data is for.
func (p *Service) Acknowledge(ctx context.Context, participant uuid.UUID) error {
	return p.st.Write(ctx, func(tx *store.Tx) error {
		row, err := tx.Acknowledged(participant, models.PurposeVersion)
		if err == nil && row.WithdrawnAt == 0 {
			return nil
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		row = models.Acknowledgement{ParticipantID: participant, Version: models.PurposeVersion, GivenAt: tx.Now()}
		if err := tx.SaveAcknowledgement(row); err != nil {
			return err
		}
		return participantActor().Record(tx, office.Done{Action: "consent.given", Entity: "participant", ID: participant.String()})
	})
}

// SetReminders turns the mails on or off that remind a participant of sessions.
func (p *Service) SetReminders(ctx context.Context, participant uuid.UUID, on bool) error { //nolint:revive // the state, not a choice of ways
	action := "reminders.off"
	if on {
		action = "reminders.on"
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		changed, err := tx.SetReminders(participant, on)
		if err != nil || !changed {
			return err
		}
		return participantActor().Record(tx, office.Done{Action: action, Entity: "participant", ID: participant.String()})
	})
}

// Answer is what the office says to a request.
type Answer struct {
	Done    bool   // else it is refused
	Words   string // for the participant
	Settled bool   // of an erasure: no payment for the person's classes is open
	Anyway  bool   // of an erasure: it does not wait for open classes and payments
}

// AnswerRequest answers a request and carries it out. Withdrawn consent ends the places
// in open classes; an erasure also makes the person anonymous. Wrong data is corrected by
// importing it again, and the answer says so.
func (p *Service) AnswerRequest(ctx context.Context, by office.Actor, id uuid.UUID, a Answer) error {
	words := strings.TrimSpace(a.Words)
	if words == "" {
		return office.Refuse("requests.no_answer")
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		r, err := tx.Request(id)
		if err != nil {
			return err
		}
		r.State, r.Answer, r.AuthorID, r.Author = models.RequestRefused, words, by.ID, by.Name
		if a.Done {
			r.State = models.RequestDone
		}
		if err := tx.AnswerRequest(r); errors.Is(err, store.ErrNotFound) {
			return office.Refuse("requests.answered")
		} else if err != nil {
			return err
		}
		if a.Done {
			if err := fulfil(tx, by, r, a); err != nil {
				return err
			}
		}
		return by.Record(tx, office.Done{Action: "request." + string(r.State), Entity: "participant", ID: r.ParticipantID.String(), Detail: string(r.Kind),
			Reason: words})
	})
}

// fulfil does what was asked.
func fulfil(tx *store.Tx, by office.Actor, r models.DataRequest, a Answer) error {
	switch r.Kind {
	case models.RequestWithdrawal:
		if _, err := leaveOpen(tx, by, r); err != nil {
			return err
		}
		row, err := tx.Acknowledged(r.ParticipantID, models.PurposeVersion)
		if errors.Is(err, store.ErrNotFound) {
			return nil // never given, and so nothing to take back
		}
		if err != nil {
			return err
		}
		row.WithdrawnAt = tx.Now()
		return tx.SaveAcknowledgement(row)
	case models.RequestErasure:
		left, err := leaveOpen(tx, by, r)
		switch {
		case err != nil:
			return err
		case len(left) > 0 && !a.Anyway:
			return office.Refuse("requests.class_open", "Classes", strings.Join(left, ", "))
		case !a.Settled && !a.Anyway:
			return office.Refuse("requests.payment_open")
		}
		if err := errors.Join(answerOthers(tx, r), tx.ErasePerson(r.ParticipantID)); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: "person.erase", Entity: "participant", ID: r.ParticipantID.String()})
	case models.RequestCorrection:
	}
	return nil
}

// answerOthers answers the other open requests of a person whose data is erased.
func answerOthers(tx *store.Tx, r models.DataRequest) error {
	rows, err := tx.RequestsOf(r.ParticipantID)
	if err != nil {
		return err
	}
	for _, other := range rows {
		if other.State != models.RequestOpen {
			continue
		}
		other.State, other.Answer, other.AuthorID, other.Author = r.State, r.Answer, r.AuthorID, r.Author
		if err := tx.AnswerRequest(other); err != nil {
			return err
		}
	}
	return nil
}

// leaveOpen ends somebody's places in classes that are not closed, and names these.
func leaveOpen(tx *store.Tx, by office.Actor, r models.DataRequest) (codes []string, err error) {
	places, err := tx.EnrollmentsOfParticipants(r.ParticipantID)
	if err != nil {
		return nil, err
	}
	var open []models.Enrollment
	var classes []uuid.UUID
	for _, e := range places {
		class, err := tx.Class(e.ClassID)
		if err != nil {
			return nil, err
		}
		if e.Status == models.EnrollmentActive && class.ClosedAt == 0 {
			open, classes, codes = append(open, e), append(classes, class.ID), append(codes, class.Code)
		}
	}
	if len(open) == 0 {
		return nil, nil
	}
	s, err := seating.LoadSeats(tx, classes, nil)
	if err != nil {
		return nil, err
	}
	for _, e := range open {
		if _, err := s.Leave(e); err != nil {
			return nil, err
		}
		if err := by.Record(tx, office.Done{Action: "enrollment.cancel", Entity: "enrollment", ID: e.ID.String(), Reason: string(r.Kind)}); err != nil {
			return nil, err
		}
	}
	return codes, s.Save(string(r.Kind))
}

// Numbers are a person's whole ID card and telephone numbers.
type Numbers struct {
	NIK   models.NIK
	Phone models.Phone
}

// NumbersSeen opens the numbers of people for a program that may see them, and
// writes down that it did.
func NumbersSeen(ctx context.Context, st *store.Store, by office.Actor, token uuid.UUID, people []store.ParticipantEntry) (map[uuid.UUID]Numbers, error) {
	out := map[uuid.UUID]Numbers{}
	err := st.Write(ctx, func(tx *store.Tx) error {
		for _, p := range people {
			nik, phone, err := tx.WholeNumbers(p.Participant)
			if err != nil {
				return err
			}
			out[p.ID] = Numbers{nik, phone}
		}
		return by.Record(tx, office.Done{Action: "api.numbers", Entity: "token", ID: token.String(), Detail: strconv.Itoa(len(people)) + " from " + people[0].Number})
	})
	return out, err
}
