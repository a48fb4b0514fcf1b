package review

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/document"
	"buktihadir/server/store"
)

// file is a class's dossier, with the data that tells the versions of a document apart.
type file struct {
	document.Dossier
	logged []store.LoggedCorrection // in the order of Dossier.Corrections
}

// DossierOf is all that a class's papers show, as it is now.
func DossierOf(q store.Queries, class uuid.UUID, now models.Millis) (document.Dossier, error) {
	f, err := fileOf(q, class, now)
	return f.Dossier, err
}

func fileOf(q store.Queries, id uuid.UUID, now models.Millis) (file, error) {
	class, err := q.ClassEntry(id)
	if err != nil {
		return file{}, err
	}
	f := file{Dossier: document.Dossier{Code: class.Code, Course: class.CourseTitle, Provider: class.ProviderName, Site: class.SiteName, SiteCode: class.SiteCode,
		Zone:     class.Zone,
		ClosedAt: class.ClosedAt}}
	course, err := q.Course(class.CourseID)
	if err != nil {
		return f, err
	}
	site, err := q.Site(class.SiteID)
	if err != nil {
		return f, err
	}
	pilot, err := q.Pilot(class.PilotID)
	if err != nil {
		return f, err
	}
	f.Hours, f.Address, f.Pilot = course.Hours, site.Address, pilot.Name
	f.Rule = store.PolicyOf(class.Class, pilot).HoursRule()
	if f.Given, err = q.ClassHours(class.Class, now); err != nil {
		return f, err
	}
	if f.Officers, err = q.OfficersOf(id); err != nil {
		return f, err
	}
	if err := f.attend(q, class.Class, now); err != nil {
		return f, err
	}
	if err := f.complete(q, id); err != nil {
		return f, err
	}
	if err := f.correct(q, id); err != nil {
		return f, err
	}
	return f, f.closed(q, class)
}

// attend fills in the sessions and their attendance.
func (f *file) attend(q store.Queries, class models.Class, now models.Millis) error {
	sessions, err := q.SessionsOf(class.ID)
	if err != nil {
		return err
	}
	slices.SortFunc(sessions, func(a, b models.Session) int { return cmp.Compare(a.Seq, b.Seq) })
	people := map[uuid.UUID]*document.Person{}
	for n, s := range sessions {
		rows, err := OfSession(q, s, now)
		if err != nil {
			return err
		}
		held := document.Session{
			ID: s.ID, Seq: s.Seq, Room: s.Room, StartsAt: s.StartsAt, EndsAt: s.EndsAt, Cancelled: s.Status == models.SessionCancelled}
		if s.SiteID != class.SiteID {
			site, err := q.Site(s.SiteID)
			if err != nil {
				return err
			}
			held.Elsewhere = &document.Venue{Site: site.Name, SiteCode: site.Code, Address: site.Address, Zone: site.Zone}
		}
		f.Sessions = append(f.Sessions, held)
		for _, row := range rows {
			p, ok := people[row.Enrollment]
			if !ok {
				p = &document.Person{ID: row.Enrollment, Number: row.Number, Name: row.Name, Instructor: row.Role == models.PersonInstructor,
					At: make([]document.Presence, len(sessions))}
				people[row.Enrollment] = p
			}
			if row.Cancelled {
				p.Outcome = document.Left
			}
			p.At[n] = document.Presence{Status: row.Status, Derived: row.Derived, FirstIn: row.FirstIn, LastOut: row.LastOut,
				Minutes: row.Minutes, Provisional: row.Provisional()}
			f.Sessions[n].Waiting = row.Waiting && !f.Sessions[n].Cancelled
		}
	}
	for _, p := range people {
		f.People = append(f.People, *p)
	}
	slices.SortFunc(f.People, func(a, b document.Person) int {
		if a.Instructor != b.Instructor {
			if a.Instructor {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Number, b.Number))
	})
	return nil
}

// complete fills in how far the participants are, by the rulebook.
func (f *file) complete(q store.Queries, class uuid.UUID) error {
	var ids []uuid.UUID
	for _, p := range f.People {
		if !p.Instructor {
			ids = append(ids, p.ID)
		}
	}
	progress, err := q.Progress(class, ids...)
	for i := range f.People {
		p := &f.People[i]
		if x, ok := progress[p.ID]; ok {
			p.Attended, p.Sessions, p.Tasks = x.Attended, x.Sessions, x.TasksDone
			if p.Outcome != document.Left {
				p.Outcome = outcomeOf(x)
			}
		}
	}
	return err
}

// outcomeOf says what is missing, where the rulebook says that something is.
func outcomeOf(p store.Progress) document.Outcome {
	needed := p.Sessions - p.Missed - p.Missing
	switch {
	case p.Completed, p.Attended >= needed && p.Owed == 0 && p.TasksDone && p.Sessions > 0: // what is provisional counts as it is now
		return document.Completed
	case p.Missing < 0 || p.Sessions == 0:
		return document.NoSessions
	case p.Attended >= needed && p.Owed > 0:
		return document.NoHours
	case p.Attended >= needed:
		return document.NoTasks
	}
	return document.NotReported
}

// correct fills in the decisions of the programme office.
func (f *file) correct(q store.Queries, class uuid.UUID) (err error) {
	if f.logged, err = q.CorrectionsIn(class); err != nil {
		return err
	}
	sessions, people := map[uuid.UUID]int{}, map[uuid.UUID]*document.Person{}
	for n, s := range f.Sessions {
		sessions[s.ID] = n
	}
	for i := range f.People {
		people[f.People[i].ID] = &f.People[i]
	}
	for i, c := range f.logged {
		n := sessions[c.SessionID]
		shown := document.Correction{No: i + 1, Session: f.Sessions[n].Seq, Status: c.Status, Reason: c.Reason, Author: c.Author, At: c.CreatedAt}
		if p := people[c.EnrollmentID]; p != nil { // corrections are listed
			p.At[n].Correction = shown.No
			shown.Number, shown.Name, shown.Derived = p.Number, p.Name, p.At[n].Derived
		}
		f.Corrections = append(f.Corrections, shown)
	}
	return nil
}

// since marks what changed after a version of a paper.
func (f file) since(q store.Queries, class uuid.UUID, last *store.Issued) (document.Dossier, error) {
	d := f.Dossier
	if last == nil {
		return d, nil
	}
	type place struct{ session, enrollment uuid.UUID }
	corrected := map[place]bool{}
	d.Corrections = slices.Clone(f.Corrections)
	for i, c := range f.logged {
		if c.Pos > last.Pos {
			d.Corrections[i].New = true
			corrected[place{c.SessionID, c.EnrollmentID}] = true
		}
	}
	names := map[uuid.UUID]string{}
	for _, p := range f.People {
		names[p.ID] = p.Name
	}
	rows, _, _, err := q.Changes(store.ChangeFilter{Class: class}, last.Revision, len(f.People)*len(f.Sessions)+1)
	for _, r := range rows {
		if !corrected[place{r.SessionID, r.EnrollmentID}] {
			d.Later = append(d.Later, document.Later{Session: r.SessionSeq, Number: r.Number, Name: names[r.EnrollmentID], Status: r.Status})
		}
	}
	return d, err
}
