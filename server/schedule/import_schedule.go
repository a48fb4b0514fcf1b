package schedule

import (
	"cmp"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

func scheduleColumns() []column {
	return []column{
		{name: "class_code", aliases: []string{"kode_kelas", "kelas"}}, {name: "course_code", aliases: []string{"kode_pelatihan"}},
		{name: "course_title", aliases: []string{"pelatihan", "judul_pelatihan"}}, {name: "hours", aliases: []string{"jam"}},
		{name: "mode", aliases: []string{"moda"}, optional: true},
		{name: "provider_code", aliases: []string{"kode_lembaga"}}, {name: "provider_name", aliases: []string{"lembaga", "nama_lembaga"}},
		{name: "site_code", aliases: []string{"kode_tempat", "tempat"}}, {name: "capacity", aliases: []string{"kapasitas"}},
		{name: "session", aliases: []string{"sesi"}}, {name: "date", aliases: []string{"tanggal"}},
		{name: "start", aliases: []string{"mulai"}}, {name: "end", aliases: []string{"selesai"}},
		{name: "room", aliases: []string{"ruang"}, optional: true},
		{name: "instructor_code", aliases: []string{"kode_pelatih"}, optional: true},
		{name: "instructor_name", aliases: []string{"pelatih", "nama_pelatih"}, optional: true},
	}
}

// timetable is a schedule on its way in, by code.
type timetable struct {
	*importer
	sites       map[string]models.Site
	providers   map[string]models.Provider
	courses     map[string]models.Course
	instructors map[string]models.Instructor
	classes     map[string]models.Class
	sessions    map[string]models.Session // by class and seq
	lines       map[uuid.UUID]int         // of sessions, for what collides
	teaches     map[uuid.UUID]map[uuid.UUID]bool
	touched     map[string]bool
}

func (im *importer) schedule() error {
	t := &timetable{importer: im, lines: map[uuid.UUID]int{}, teaches: map[uuid.UUID]map[uuid.UUID]bool{}, touched: map[string]bool{}}
	if err := t.load(); err != nil {
		return err
	}
	var err error
	im.each(func(r reading) {
		if err == nil {
			err = t.read(r)
		}
	})
	if err != nil || len(im.report.Errors) > 0 {
		return err
	}
	if err := t.save(); err != nil {
		return err
	}
	return t.collide()
}

// load reads what the file may refer to.
func (t *timetable) load() error {
	sites, err := t.tx.Sites()
	if err != nil {
		return err
	}
	providers, err := t.tx.Providers()
	if err != nil {
		return err
	}
	courses, err := t.tx.Courses()
	if err != nil {
		return err
	}
	instructors, err := t.tx.Instructors()
	if err != nil {
		return err
	}
	classes, err := t.tx.AllClasses()
	if err != nil {
		return err
	}
	t.sites = index(sites, func(s models.Site) string { return s.Code })
	t.providers = index(providers, func(p models.Provider) string { return p.Code })
	t.courses = index(courses, func(c models.Course) string { return c.Code })
	t.instructors = index(instructors, func(i models.Instructor) string { return i.Code })
	t.classes = index(classes, func(c models.Class) string { return c.Code })
	var ids []uuid.UUID
	for _, c := range classes {
		ids = append(ids, c.ID)
	}
	sessions, err := t.tx.SessionsOf(ids...)
	t.sessions = index(sessions, sessionKey)
	return err
}

func index[T any](rows []T, key func(T) string) map[string]T {
	m := make(map[string]T, len(rows))
	for _, r := range rows {
		m[key(r)] = r
	}
	return m
}

func sessionKey(s models.Session) string { return s.ClassID.String() + "/" + strconv.Itoa(s.Seq) }

// have takes the entry under a code, or makes it.
func have[T any](m map[string]T, code string, id func(*T) *uuid.UUID) (T, error) {
	v, ok := m[code]
	if ok {
		return v, nil
	}
	made, err := newID()
	*id(&v) = made
	return v, err
}

// foreign says whether a row touches what belongs to another institution than the
// actor's, and tells where.
func (t *timetable) foreign(r reading) bool {
	own := t.by.Provider
	if own == nil {
		return false
	}
	class, known := t.classes[r.text("class_code")]
	course, taught := t.courses[r.text("course_code")]
	instructor, teaches := t.instructors[r.text("instructor_code")]
	for _, x := range []struct {
		column  string
		foreign bool
	}{
		{"provider_code", t.providers[r.text("provider_code")].ID != *own},
		{"class_code", known && class.ProviderID != *own},
		{"course_code", taught && course.ProviderID != *own},
		{"instructor_code", teaches && instructor.ProviderID != *own},
	} {
		if x.foreign {
			r.wrong(x.column, "import.of_another_provider", r.text(x.column))
			return true
		}
	}
	return false
}

func (t *timetable) read(r reading) error {
	if t.foreign(r) {
		return nil
	}
	provider, err := have(t.providers, r.needed("provider_code"), func(p *models.Provider) *uuid.UUID { return &p.ID })
	if err != nil {
		return err
	}
	provider.Code = r.text("provider_code")
	if name := r.needed("provider_name"); t.by.Provider == nil { // what an institution is called, the programme office says
		provider.Name = name
	}
	t.providers[provider.Code] = provider
	course, err := have(t.courses, r.needed("course_code"), func(c *models.Course) *uuid.UUID { return &c.ID })
	if err != nil {
		return err
	}
	course.Code, course.Title, course.Hours, course.ProviderID = r.text("course_code"), r.needed("course_title"), r.number("hours", 1, 2000), provider.ID
	course.Mode = cmp.Or(models.Mode(strings.ToLower(r.text("mode"))), models.ModeOnsite)
	if !slices.Contains([]models.Mode{models.ModeOnsite, models.ModeBlended}, course.Mode) {
		r.wrong("mode", "import.bad_mode", r.text("mode"))
	}
	t.courses[course.Code] = course
	site, ok := t.sites[r.needed("site_code")]
	if !ok {
		r.wrong("site_code", "import.unknown_site", r.text("site_code"))
		return nil
	}
	class, err := t.class(r, course, provider, site)
	if err != nil {
		return err
	}
	if err := t.instructor(r, class, provider); err != nil {
		return err
	}
	return t.session(r, class, site)
}

func (t *timetable) class(r reading, course models.Course, provider models.Provider, site models.Site) (models.Class, error) {
	code := r.needed("class_code")
	c, known := t.classes[code]
	if known && c.PilotID != t.pilot.ID {
		r.wrong("class_code", "import.class_of_another_pilot", code)
	}
	if known && c.SiteID != site.ID {
		// A class that moves takes its roster and its collisions along: that is a
		// decision of its own, not a line in a file.
		r.wrong("site_code", "import.class_elsewhere", code)
	}
	var err error
	if !known {
		c = models.Class{PilotID: t.pilot.ID, Code: code, SiteID: site.ID}
		if c.ID, err = newID(); err != nil {
			return c, err
		}
		rand.Read(c.Ref[:])
		if c.Secret, err = t.tx.NewClassSecret(c.ID); err != nil {
			return c, err
		}
	}
	if !t.touched[code] {
		t.touched[code] = true
		if known {
			t.report.Changed++
		} else {
			t.report.New++
		}
	}
	was := c
	c.CourseID, c.ProviderID, c.Capacity, c.UpdatedAt = course.ID, provider.ID, r.number("capacity", 1, 1000), t.now
	if c.Capacity > site.Capacity {
		r.wrong("capacity", "import.above_site", r.text("capacity"))
	}
	if c.ClosedAt != 0 && (c.CourseID != was.CourseID || c.ProviderID != was.ProviderID || c.Capacity != was.Capacity) {
		r.wrong("class_code", "import.class_closed", code)
	}
	t.classes[code] = c
	return c, nil
}

func (t *timetable) instructor(r reading, class models.Class, provider models.Provider) error {
	code := r.text("instructor_code")
	if code == "" {
		return nil
	}
	i, err := have(t.instructors, code, func(i *models.Instructor) *uuid.UUID { return &i.ID })
	if err != nil {
		return err
	}
	i.Code, i.Name, i.ProviderID = code, cmp.Or(r.text("instructor_name"), code), provider.ID
	t.instructors[code] = i
	if t.teaches[class.ID] == nil {
		t.teaches[class.ID] = map[uuid.UUID]bool{}
	}
	t.teaches[class.ID][i.ID] = true
	if class.ClosedAt == 0 {
		return nil
	}
	places, err := t.tx.EnrollmentsOf(class.ID)
	if !slices.ContainsFunc(places, func(e models.Enrollment) bool { return e.InstructorID != nil && *e.InstructorID == i.ID }) {
		r.wrong("class_code", "import.class_closed", class.Code)
	}
	return err
}

func (t *timetable) session(r reading, class models.Class, site models.Site) error {
	seq := r.number("session", 1, 500)
	day, start, end := r.date("date"), r.clock("start"), r.clock("end")
	switch {
	case day == "":
		return nil
	case end <= start:
		r.wrong("end", "import.ends_before_start", r.text("end"))
	case t.pilot.FirstDay != "" && day < t.pilot.FirstDay:
		r.wrong("date", "import.before_first_day", string(t.pilot.FirstDay))
	}
	key := sessionKey(models.Session{ClassID: class.ID, Seq: seq})
	was, known := t.sessions[key]
	s, err := have(t.sessions, key, func(s *models.Session) *uuid.UUID { return &s.ID })
	if err != nil {
		return err
	}
	if t.lines[s.ID] != 0 {
		r.wrong("session", "import.twice", r.text("session"))
	}
	t.lines[s.ID] = r.row.line
	s.ClassID, s.SiteID, s.Seq, s.Room, s.Status, s.UpdatedAt = class.ID, site.ID, seq, r.text("room"), models.SessionPlanned, t.now
	s.StartsAt, s.EndsAt = day.Start(site.Zone).Add(start), day.Start(site.Zone).Add(end)
	t.sessions[key] = s
	if known && was.StartsAt == s.StartsAt && was.EndsAt == s.EndsAt && was.Status == s.Status {
		return nil
	}
	return t.settled(r, class, was)
}

// settled refuses to change what the record rests on: a closed class, and a session at
// which something happened, for which a reason is asked on its page. At a session that
// is new, nothing did.
func (t *timetable) settled(r reading, class models.Class, was models.Session) error {
	if class.ClosedAt != 0 {
		r.wrong("class_code", "import.class_closed", class.Code)
	}
	happened, err := t.tx.SessionHasEvents(was.ID)
	if happened {
		r.wrong("session", "import.session_happened", r.text("session"))
	}
	return err
}

func (t *timetable) save() error {
	if err := t.tx.SaveProviders(values(t.providers)); err != nil {
		return err
	}
	if err := t.tx.SaveCourses(values(t.courses)); err != nil {
		return err
	}
	if err := t.tx.SaveInstructors(values(t.instructors)); err != nil {
		return err
	}
	var classes []models.Class
	for code := range t.touched {
		classes = append(classes, t.classes[code])
	}
	var sessions []models.Session
	for _, s := range t.sessions {
		if t.lines[s.ID] != 0 {
			sessions = append(sessions, s)
		}
	}
	if err := t.tx.SaveClasses(classes); err != nil {
		return err
	}
	if err := t.tx.SaveSessions(sessions); err != nil {
		return err
	}
	if err := t.tx.PublishClasses(classes...); err != nil {
		return err
	}
	if err := t.tx.PublishSessions(sessions...); err != nil {
		return err
	}
	if err := staff(t.tx, t.teaches); err != nil {
		return err
	}
	return t.tx.Refold(sessions...)
}

// staff enrolls instructors in the classes they teach, so that they sign in too. Who
// has a place there already keeps it.
func staff(tx *store.Tx, teaches map[uuid.UUID]map[uuid.UUID]bool) error {
	have, err := tx.EnrollmentsOf(slices.Collect(maps.Keys(teaches))...)
	if err != nil {
		return err
	}
	for _, e := range have {
		if e.InstructorID != nil {
			delete(teaches[e.ClassID], *e.InstructorID)
		}
	}
	var rows []models.Enrollment
	for class, instructors := range teaches {
		for i := range instructors {
			e := models.Enrollment{ClassID: class, Role: models.PersonInstructor, InstructorID: &i, Status: models.EnrollmentActive}
			if e.ID, err = newID(); err != nil {
				return err
			}
			rows = append(rows, e)
		}
	}
	if err := tx.SaveEnrollments(rows); err != nil {
		return err
	}
	if _, err := issue(tx, rows); err != nil && !errors.Is(err, ErrNoTicketYet) {
		return err
	}
	return tx.PublishEnrollments(rows...)
}

// collide lists everything that the stored plan uses twice.
func (t *timetable) collide() error {
	var from, to models.Millis
	for _, s := range t.sessions {
		if t.lines[s.ID] != 0 {
			to = max(to, s.EndsAt)
			if from == 0 || s.StartsAt < from {
				from = s.StartsAt
			}
		}
	}
	found, err := Conflicts(t.tx.Queries, from, to)
	if err != nil {
		return err
	}
	for _, c := range found {
		line := cmp.Or(t.lines[c.Session.ID], t.lines[c.Other.ID])
		if line != 0 {
			t.report.Errors = append(t.report.Errors, RowError{Line: line, Column: c.Column(), Key: "conflict." + string(c.Kind), Value: c.What})
		}
	}
	slices.SortFunc(t.report.Errors, func(a, b RowError) int { return cmp.Compare(a.Line, b.Line) })
	return nil
}

func values[T any](m map[string]T) []T {
	out := make([]T, 0, len(m))
	for _, v := range m {
		out = append(out, v)
	}
	return out
}
