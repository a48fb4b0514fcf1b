package seating

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Seats decides who may have a place where. It knows all limits and the participants'
// other classes, counted once and kept up to date while places are taken and left.
// Nothing is stored before Save.
type Seats struct {
	tx      *store.Tx
	classes map[uuid.UUID]*seatedClass
	pilots  map[uuid.UUID]*seatedPilot
	of      map[uuid.UUID]map[uuid.UUID]bool // by participant: the classes with a place
	clashes map[[2]uuid.UUID]bool
	erased  map[uuid.UUID]bool // participants whose data was erased
	taken   []models.Enrollment
	left    []models.Enrollment
}

type seatedClass struct {
	models.Class
	province string
	sessions []models.Session                // that are to be
	places   map[uuid.UUID]models.Enrollment // by participant
	free     int                             // seats when it was counted, and what was left since
	used     int                             // of them
}

type seatedPilot struct {
	models.Pilot
	members   bool // provinces are named, and only they take part
	limit     map[string]models.PilotProvince
	total     int
	provinces map[string]int
	added     map[string]int // since the count
	sum       int
	funds     *funds // nil: the pilot has no budget
}

// LoadSeats counts the classes and reads where the participants have places. The
// pilots are locked, in one order: two who count at once would both find the
// last seat.
func LoadSeats(tx *store.Tx, classes, participants []uuid.UUID) (*Seats, error) {
	s := &Seats{tx: tx, classes: map[uuid.UUID]*seatedClass{}, pilots: map[uuid.UUID]*seatedPilot{},
		of: map[uuid.UUID]map[uuid.UUID]bool{}, clashes: map[[2]uuid.UUID]bool{}}
	var rows []models.Class
	for _, id := range classes {
		c, err := tx.Class(id)
		if err != nil {
			return nil, err
		}
		rows = append(rows, c)
	}
	slices.SortFunc(rows, func(a, b models.Class) int {
		return cmp.Or(bytes.Compare(a.PilotID[:], b.PilotID[:]), bytes.Compare(a.ID[:], b.ID[:]))
	})
	for _, c := range rows {
		if err := errors.Join(s.pilot(c.PilotID), s.class(c)); err != nil {
			return nil, err
		}
	}
	places, err := tx.EnrollmentsOfParticipants(participants...)
	if err != nil {
		return nil, err
	}
	if s.erased, err = tx.Erased(participants); err != nil {
		return nil, err
	}
	for _, e := range places {
		if e.Status == models.EnrollmentActive {
			s.note(*e.ParticipantID, e.ClassID)
		}
	}
	return s, nil
}

func (s *Seats) note(participant, class uuid.UUID) {
	if s.of[participant] == nil {
		s.of[participant] = map[uuid.UUID]bool{}
	}
	s.of[participant][class] = true
}

func (s *Seats) pilot(id uuid.UUID) error {
	if s.pilots[id] != nil {
		return nil
	}
	if err := s.tx.LockPilot(id); err != nil {
		return err
	}
	row, err := s.tx.Pilot(id)
	if err != nil {
		return err
	}
	p := &seatedPilot{Pilot: row, limit: map[string]models.PilotProvince{}, added: map[string]int{}}
	if p.total, p.provinces, err = s.tx.CountEnrolled(id); err != nil {
		return err
	}
	if p.funds, err = fundsOf(s.tx.Queries, id); err != nil {
		return err
	}
	provinces, err := s.tx.PilotProvinces(id)
	for _, pp := range provinces {
		p.members, p.limit[pp.Province] = true, pp
	}
	s.pilots[id] = p
	return err
}

func (s *Seats) class(c models.Class) error {
	if s.classes[c.ID] != nil {
		return nil
	}
	c, err := s.tx.Class(c.ID) // again: it may have been closed before its pilot was locked
	if err != nil {
		return err
	}
	site, err := s.tx.Site(c.SiteID)
	if err != nil {
		return err
	}
	row := &seatedClass{Class: c, province: ProvinceOf(site), places: map[uuid.UUID]models.Enrollment{}, free: c.Capacity}
	if row.sessions, err = s.planned(c.ID); err != nil {
		return err
	}
	have, err := s.tx.EnrollmentsOf(c.ID)
	for _, e := range have {
		if e.ParticipantID == nil {
			continue
		}
		row.places[*e.ParticipantID] = e
		if e.Status == models.EnrollmentActive {
			row.free--
		}
	}
	s.classes[c.ID] = row
	return err
}

func (s *Seats) planned(class uuid.UUID) ([]models.Session, error) {
	rows, err := s.tx.SessionsOf(class)
	return slices.DeleteFunc(rows, func(x models.Session) bool { return x.Status != models.SessionPlanned }), err
}

// take gives a participant a place, or says why not. A participant with a place does not
// get a second one.
func (s *Seats) take(class, participant uuid.UUID) (models.Enrollment, error) {
	c := s.classes[class]
	e, known := c.places[participant]
	switch {
	case known && e.Status == models.EnrollmentActive:
		return e, office.Refuse("plan.already_enrolled")
	case s.erased[participant]:
		return e, office.Refuse("plan.person_erased")
	case c.ClosedAt != 0:
		return e, office.Refuse("plan.class_closed", "Class", c.Code)
	case c.used >= c.free:
		return e, office.RefuseFull("plan.class_full", "Class", c.Code, "Left", max(0, c.free), "Capacity", c.Capacity)
	}
	p := s.pilots[c.PilotID]
	if err := p.full(c.province); err != nil {
		return e, err
	}
	if err := p.funds.refuses(p.Code, c.Class); err != nil {
		return e, err
	}
	if err := s.busy(c, participant); err != nil {
		return e, err
	}
	if !known {
		e = models.Enrollment{ClassID: class, Role: models.PersonParticipant, ParticipantID: &participant}
		var err error
		if e.ID, err = store.NewID(); err != nil {
			return e, err
		}
	}
	e.Status, e.Reason = models.EnrollmentActive, ""
	c.places[participant] = e
	c.used++
	p.added[c.province]++
	p.sum++
	p.funds.add(class, 1)
	s.note(participant, class)
	s.taken = append(s.taken, e)
	return e, nil
}

// full says which quota keeps one more out of a province.
func (p *seatedPilot) full(province string) error {
	limit, member := p.limit[province]
	switch {
	case p.members && !member:
		return office.Refuse("plan.province_outside", "Province", provinceName(province))
	case limit.Quota > 0 && p.provinces[province]+p.added[province] >= limit.Quota:
		return office.RefuseFull("plan.province_full", "Province", provinceName(province), "Left", max(0, limit.Quota-p.provinces[province]))
	case p.Quota > 0 && p.total+p.sum >= p.Quota:
		return office.RefuseFull("plan.pilot_full", "Pilot", p.Code, "Left", max(0, p.Quota-p.total))
	}
	return nil
}

// warning says that what a class's pilot plans by now is past its budget; nil if not.
func (s *Seats) warning(class uuid.UUID) *office.Refusal {
	p := s.pilots[s.classes[class].PilotID]
	return p.funds.over(p.Code)
}

// busy refuses somebody whose classes would meet at the same time.
func (s *Seats) busy(c *seatedClass, participant uuid.UUID) error {
	for other := range s.of[participant] {
		clash, known := s.clashes[[2]uuid.UUID{c.ID, other}]
		if !known {
			beside, err := s.planned(other)
			if err != nil {
				return err
			}
			clash = slices.ContainsFunc(c.sessions, func(x models.Session) bool {
				return slices.ContainsFunc(beside, func(y models.Session) bool { return x.StartsAt < y.EndsAt && y.StartsAt < x.EndsAt })
			})
			s.clashes[[2]uuid.UUID{c.ID, other}] = clash
		}
		if clash && other != c.ID {
			person, err := s.tx.Participant(participant)
			if err != nil {
				return err
			}
			return office.Refuse("plan.participant_busy", "Number", person.Number)
		}
	}
	return nil
}

// Leave gives a place back. Its class must be one of those that were counted. The
// function that it returns restores the place, for a person who did not get another one.
func (s *Seats) Leave(e models.Enrollment) (back func(), err error) {
	c := s.classes[e.ClassID]
	switch {
	case e.Status != models.EnrollmentActive:
		return nil, office.Refuse("plan.already_cancelled")
	case c.ClosedAt != 0:
		return nil, office.Refuse("plan.class_closed", "Class", c.Code)
	}
	was := e
	e.Status = models.EnrollmentCancelled
	if e.ParticipantID == nil { // an instructor takes no seat
		s.left = append(s.left, e)
		return func() { s.left = s.left[:len(s.left)-1] }, nil
	}
	p, person := s.pilots[c.PilotID], *e.ParticipantID
	c.places[person] = e
	c.free++
	p.provinces[c.province]--
	p.total--
	p.funds.add(c.ID, -1)
	delete(s.of[person], e.ClassID)
	s.left = append(s.left, e)
	return func() {
		c.places[person] = was
		c.free--
		p.provinces[c.province]++
		p.total++
		p.funds.add(c.ID, 1)
		s.note(person, e.ClassID)
		s.left = s.left[:len(s.left)-1]
	}, nil
}

// Save stores the places that were taken and left, with the reason for leaving. It
// revokes and issues tickets, tells sites, and derives the results of past sessions
// again.
func (s *Seats) Save(reason string) error {
	var left []uuid.UUID
	touched := map[uuid.UUID]bool{}
	for i, e := range s.left {
		s.left[i].Reason = reason
		left, touched[e.ClassID] = append(left, e.ID), true
	}
	if err := errors.Join(s.tx.SaveEnrollments(s.left), s.tx.SaveEnrollments(s.taken)); err != nil {
		return err
	}
	if err := s.tx.RevokeTickets(reason, left...); err != nil {
		return err
	}
	byClass, people := map[uuid.UUID][]models.Enrollment{}, map[uuid.UUID][]uuid.UUID{}
	for _, e := range s.taken {
		byClass[e.ClassID], people[e.ClassID] = append(byClass[e.ClassID], e), append(people[e.ClassID], *e.ParticipantID)
		touched[e.ClassID] = true
	}
	for class, rows := range byClass {
		if err := s.tx.EndWaiting(class, people[class]...); err != nil {
			return err
		}
		// A class that has no tickets yet keeps no other from them.
		if _, err := Issue(s.tx, rows); err != nil && !errors.Is(err, ErrNoTicketYet) {
			return err
		}
	}
	if err := s.tx.PublishEnrollments(slices.Concat(s.left, s.taken)...); err != nil {
		return err
	}
	var over []models.Class
	for id := range touched {
		over = append(over, s.classes[id].Class)
	}
	return s.tx.RefoldClasses(over...)
}
