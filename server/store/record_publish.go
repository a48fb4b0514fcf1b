package store

import (
	"errors"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

// PublishSite tells a site's agents what the site is called, how it brings its journal
// home, and the ticket keys.
func (t *Tx) PublishSite(s models.Site) error {
	it, err := exchange.NewItem(exchange.KindSite, s.ID[:], exchange.Site{ID: s.ID, Code: s.Code, Name: s.Name, Zone: s.Zone})
	if err != nil {
		return err
	}
	t.Publish(s.ID, it)
	if it, err = exchange.NewItem(exchange.KindRhythm, s.ID[:], exchange.Rhythm{Rhythm: s.Rhythm}); err != nil {
		return err
	}
	t.Publish(s.ID, it)
	return t.publishKeys(s.ID)
}

// PublishOfficer tells a site's agents of an officer, or to forget one.
func (t *Tx) PublishOfficer(o models.Officer) error {
	if !o.Active {
		t.Publish(o.SiteID, exchange.Item{Kind: exchange.KindOfficer, Key: o.ID[:]})
		return nil
	}
	it, err := exchange.NewItem(exchange.KindOfficer, o.ID[:], exchange.Officer{Name: o.Name, PINHash: o.PINHash, Supervisor: o.Supervisor})
	if err != nil {
		return err
	}
	t.Publish(o.SiteID, it)
	return nil
}

// publishAgent tells a site's agents of one of them, or to forget it.
func (t *Tx) publishAgent(a models.Agent) error {
	if a.Status != models.AgentActive {
		t.Publish(a.SiteID, exchange.Item{Kind: exchange.KindAgent, Key: a.ID[:]})
		return nil
	}
	it, err := exchange.NewItem(exchange.KindAgent, a.ID[:], exchange.Agent{Name: a.Name, Public: a.PublicKey})
	if err != nil {
		return err
	}
	t.Publish(a.SiteID, it)
	return nil
}

// PublishClasses tells the sites of classes what the classes are, without their people.
func (t *Tx) PublishClasses(classes ...models.Class) error {
	ids := make([]uuid.UUID, len(classes))
	for i, c := range classes {
		ids[i] = c.ID
	}
	known, err := t.knowing(ids)
	if err != nil {
		return err
	}
	pilots, courses, providers := map[uuid.UUID]models.Pilot{}, map[uuid.UUID]models.Course{}, map[uuid.UUID]models.Provider{}
	for _, c := range classes {
		pilot, err1 := cached(pilots, c.PilotID, t.Pilot)
		course, err2 := cached(courses, c.CourseID, t.Course)
		provider, err3 := cached(providers, c.ProviderID, t.Provider)
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
		secret, err := t.ClassSecret(c)
		if err != nil {
			return err
		}
		body := exchange.Class{
			Ref: c.Ref, Code: c.Code, Course: course.Title, Provider: provider.Name, Phase: pilot.Phase, Policy: PolicyOf(c, pilot), Secret: secret,
		}
		it, err := exchange.NewItem(exchange.KindClass, c.ID[:], body)
		if err != nil {
			return err
		}
		for site := range known[c.ID].Class {
			t.Publish(site, it)
		}
	}
	return nil
}

// PolicyOf is what a class is judged by: its own policy, else its pilot's.
func PolicyOf(c models.Class, p models.Pilot) models.Policy {
	if c.Policy != nil {
		return *c.Policy
	}
	return p.Policy
}

func cached[T any](known map[uuid.UUID]T, id uuid.UUID, read func(uuid.UUID) (T, error)) (T, error) {
	v, ok := known[id]
	if ok {
		return v, nil
	}
	v, err := read(id)
	if err == nil {
		known[id] = v
	}
	return v, err
}

// PublishEnrollments tells the sites of enrollments whom to expect, and by which
// ticket. All must be of classes whose rows are stored already.
func (t *Tx) PublishEnrollments(rows ...models.Enrollment) error {
	var classes []uuid.UUID
	for _, e := range rows {
		classes = append(classes, e.ClassID)
	}
	slices.SortFunc(classes, orderly)
	known, err := t.knowing(slices.Compact(classes))
	if err != nil {
		return err
	}
	items, err := t.enrollmentItems(rows)
	if err != nil {
		return err
	}
	for i, e := range rows {
		for site := range known[e.ClassID].People {
			t.Publish(site, items[i])
		}
	}
	return nil
}

func (q Queries) enrollmentItems(rows []models.Enrollment) ([]exchange.Item, error) {
	people, err := q.peopleOf(rows)
	items := make([]exchange.Item, len(rows))
	for i, e := range rows {
		if err != nil {
			break
		}
		p := people[e.ID]
		body := exchange.Enrollment{
			Class: e.ClassID, Role: e.Role, Name: p.name, Number: p.number, NIK4: p.nik4, Ticket: p.ticket,
			Cancelled: e.Status == models.EnrollmentCancelled,
		}
		items[i], err = exchange.NewItem(exchange.KindEnrollment, e.ID[:], body)
	}
	return items, err
}

// known is what an agent learns of a person.
type knownPerson struct {
	name, number, nik4 string
	ticket             []byte
}

func (q Queries) peopleOf(rows []models.Enrollment) (map[uuid.UUID]knownPerson, error) {
	var ids, participants, instructors []uuid.UUID
	for _, e := range rows {
		ids = append(ids, e.ID)
		if e.ParticipantID != nil {
			participants = append(participants, *e.ParticipantID)
		}
		if e.InstructorID != nil {
			instructors = append(instructors, *e.InstructorID)
		}
	}
	byPerson := map[uuid.UUID]knownPerson{}
	found, err := in[models.Participant](q.db, "id", participants)
	if err != nil {
		return nil, err
	}
	for _, p := range found {
		nik, err := q.vault.Open(p.NIKSealed, nikScope(p.ID))
		if err != nil {
			return nil, err
		}
		byPerson[p.ID] = knownPerson{name: p.Name, number: p.Number, nik4: models.NIK(nik).LastFour()}
	}
	teachers, err := in[models.Instructor](q.db, "id", instructors)
	if err != nil {
		return nil, err
	}
	for _, i := range teachers {
		byPerson[i.ID] = knownPerson{name: i.Name, number: i.Code}
	}
	tickets := map[uuid.UUID][]byte{}
	valid, err := in[models.Ticket](q.db.Where("revoked_at = 0"), "enrollment_id", ids)
	if err != nil {
		return nil, err
	}
	for _, x := range valid {
		tickets[x.EnrollmentID] = x.ID[:]
	}
	out := map[uuid.UUID]knownPerson{}
	for _, e := range rows {
		id := e.ParticipantID
		if id == nil {
			id = e.InstructorID
		}
		p := byPerson[*id]
		p.ticket = tickets[e.ID]
		out[e.ID] = p
	}
	return out, nil
}

// Names gives the names of the people behind enrollments.
func (q Queries) Names(rows []models.Enrollment) (map[uuid.UUID]string, error) {
	people, err := q.peopleOf(rows)
	names := make(map[uuid.UUID]string, len(people))
	for id, p := range people {
		names[id] = p.name
	}
	return names, err
}
