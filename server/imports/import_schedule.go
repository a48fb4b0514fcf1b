package imports

import (
	"cmp"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/plan"
	"buktihadir/server/store"
)

func scheduleColumns() []column {
	return []column{
		{name: "class_code", aliases: []string{"kode_kelas", "kelas"}, example: "#contoh"},
		{name: "course_code", aliases: []string{"kode_pelatihan"}, example: "BAR-01"},
		{name: "course_title", aliases: []string{"pelatihan", "judul_pelatihan"}, example: "Barista dan Pengelolaan Kedai Kopi"},
		{name: "hours", aliases: []string{"jam"}, example: "16"},
		{name: "mode", aliases: []string{"moda"}, optional: true, example: "onsite", choices: []string{string(models.ModeOnsite), string(models.ModeBlended)}},
		{name: "provider_code", aliases: []string{"kode_lembaga"}, example: "LPK-01"},
		{name: "provider_name", aliases: []string{"lembaga", "nama_lembaga"}, example: "LPK Karya Mandiri"},
		{name: "site_code", aliases: []string{"kode_tempat", "tempat"}, example: "BDG-01"},
		{name: "capacity", aliases: []string{"kapasitas"}, example: "20"},
		{name: "session", aliases: []string{"sesi"}, example: "1"},
		{name: "date", aliases: []string{"tanggal"}, example: "2026-12-07"},
		{name: "start", aliases: []string{"mulai"}, example: "08:00"},
		{name: "end", aliases: []string{"selesai"}, example: "12:00"},
		{name: "room", aliases: []string{"ruang"}, optional: true, example: "Ruang 2"},
		{name: "instructor_code", aliases: []string{"kode_pelatih"}, optional: true, example: "P-01; P-02"},
		{name: "instructor_name", aliases: []string{"pelatih", "nama_pelatih"}, optional: true, example: "Budi Santoso; Ani Lestari"},
	}
}

// timetable is a schedule on its way in, by code.
type timetable struct {
	*importer
	sites       map[string]models.Site
	providers   byCode[models.Provider]
	courses     byCode[models.Course]
	instructors byCode[models.Instructor]
	classes     byCode[models.Class]
	sessions    byCode[models.Session] // by class and seq
	lines       map[uuid.UUID]int      // of sessions, for what collides
	differs     map[uuid.UUID]bool     // sessions of rows that say something else than what is stored
	taught      map[uuid.UUID]map[uuid.UUID]bool
	teaches     map[uuid.UUID]map[uuid.UUID]bool // only those that were not there before
}

func (im *importer) schedule() error {
	t := &timetable{importer: im, lines: map[uuid.UUID]int{}, differs: map[uuid.UUID]bool{}, teaches: map[uuid.UUID]map[uuid.UUID]bool{}}
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
	return t.meet()
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
	var ids []uuid.UUID
	for _, c := range classes {
		ids = append(ids, c.ID)
	}
	sessions, err := t.tx.SessionsOf(ids...)
	if err != nil {
		return err
	}
	if t.taught, err = t.tx.Teaching(ids...); err != nil {
		return err
	}
	t.sites = index(sites, func(s models.Site) string { return s.Code })
	t.providers = newByCode(providers, func(p models.Provider) string { return p.Code }, same[models.Provider])
	t.courses = newByCode(courses, func(c models.Course) string { return c.Code }, same[models.Course])
	t.instructors = newByCode(instructors, func(i models.Instructor) string { return i.Code }, same[models.Instructor])
	t.classes = newByCode(classes, func(c models.Class) string { return c.Code }, sameClass)
	t.sessions = newByCode(sessions, sessionKey, same[models.Session])
	return nil
}

func sessionKey(s models.Session) string { return s.ClassID.String() + "/" + strconv.Itoa(s.Seq) }

// list are the parts of a cell that names several.
func list(cell string) []string {
	parts := strings.Split(cell, ";")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// foreign says whether a row touches data of an institution other than the actor's, and
// notes where.
func (t *timetable) foreign(r reading) bool {
	own := t.by.Provider
	if own == nil {
		return false
	}
	class, known := t.classes.now[r.text("class_code")]
	course, taught := t.courses.now[r.text("course_code")]
	for _, x := range []struct {
		column  string
		foreign bool
	}{
		{"provider_code", t.providers.now[r.text("provider_code")].ID != *own},
		{"class_code", known && class.ProviderID != *own},
		{"course_code", taught && course.ProviderID != *own},
		{"instructor_code", slices.ContainsFunc(list(r.text("instructor_code")), func(code string) bool {
			instructor, teaches := t.instructors.now[code]
			return teaches && instructor.ProviderID != *own
		})},
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
	provider, err := getOrMake(t.providers, r.needed("provider_code"), func(p *models.Provider) *uuid.UUID { return &p.ID })
	if err != nil {
		return err
	}
	provider.Code = r.text("provider_code")
	if name := r.needed("provider_name"); t.by.Provider == nil { // only the programme office may change an institution's name
		provider.Name = name
	}
	other := put(r, t.providers, "provider_code", provider.Code, provider)
	course, err := t.course(r, provider)
	if err != nil {
		return err
	}
	other = put(r, t.courses, "course_code", course.Code, course) || other
	site, ok := t.sites[r.needed("site_code")]
	if !ok {
		r.wrong("site_code", "import.unknown_site", r.text("site_code"))
		return nil
	}
	class, err := t.class(r, course, provider, site)
	if err != nil {
		return err
	}
	other = put(r, t.classes, "class_code", class.Code, class) || other
	teaches, err := t.instruct(r, class, provider)
	if err != nil {
		return err
	}
	return t.session(r, class, site, teaches || other)
}

func (t *timetable) course(r reading, provider models.Provider) (models.Course, error) {
	course, err := getOrMake(t.courses, r.needed("course_code"), func(c *models.Course) *uuid.UUID { return &c.ID })
	if err != nil {
		return course, err
	}
	course.Code, course.Title, course.Hours, course.ProviderID = r.text("course_code"), r.needed("course_title"), r.number("hours", 1, 2000), provider.ID
	course.Mode = cmp.Or(models.Mode(strings.ToLower(r.text("mode"))), models.ModeOnsite)
	if !slices.Contains([]models.Mode{models.ModeOnsite, models.ModeBlended}, course.Mode) {
		r.wrong("mode", "import.bad_mode", r.text("mode"))
	}
	if was, known := t.courses.was[course.Code]; known && was.InClass() != course.InClass() && t.completedByHours(course) {
		r.wrong("hours", "import.course_settled", course.Code)
	}
	return course, nil
}

// completedByHours says whether the course's hours decided who completed one of its closed
// classes.
func (t *timetable) completedByHours(course models.Course) bool {
	for _, c := range t.classes.was {
		if c.CourseID == course.ID && c.ClosedAt != 0 && c.Policy != nil && c.Policy.HoursRule() == models.HoursRequire {
			return true
		}
	}
	return false
}

func (t *timetable) class(r reading, course models.Course, provider models.Provider, site models.Site) (models.Class, error) {
	code := r.needed("class_code")
	c, known := t.classes.now[code]
	if known && c.PilotID != t.pilot.ID {
		r.wrong("class_code", "import.class_of_another_pilot", code)
	}
	if known && c.SiteID != site.ID && !t.heldAt(r, c, site) {
		// A class that moves takes its roster and its collisions along, and has a reason: that
		// is a decision of its own, not a line in a file.
		e := RowError{Line: r.row.line, Column: "site_code", Key: "import.class_elsewhere", Value: code}
		if _, stored := t.classes.was[code]; stored {
			e.Moves = &Moves{c.ID, site.ID}
		}
		t.report.Errors = append(t.report.Errors, e)
	}
	var err error
	if !known {
		c = models.Class{PilotID: t.pilot.ID, Code: code, SiteID: site.ID}
		if c.ID, err = store.NewID(); err != nil {
			return c, err
		}
		rand.Read(c.Ref[:])
		if c.Secret, err = t.tx.NewClassSecret(c.ID); err != nil {
			return c, err
		}
	}
	was := c
	c.CourseID, c.ProviderID, c.Capacity = course.ID, provider.ID, r.number("capacity", 1, 1000)
	if c.Capacity > site.Capacity && c.Capacity != was.Capacity {
		r.wrong("capacity", "import.above_site", r.text("capacity"))
	}
	if c.ClosedAt != 0 && (c.CourseID != was.CourseID || c.ProviderID != was.ProviderID || c.Capacity != was.Capacity) {
		r.wrong("class_code", "import.class_closed", code)
	}
	return c, nil
}

// heldAt says that a row's session is planned at a site already, whatever site its class is at.
func (t *timetable) heldAt(r reading, c models.Class, site models.Site) bool {
	seq, err := strconv.Atoi(r.text("session"))
	return err == nil && t.sessions.was[sessionKey(models.Session{ClassID: c.ID, Seq: seq})].SiteID == site.ID
}

// instruct reads who teaches a class, one or several, and says whether the row has
// somebody or something new of them.
func (t *timetable) instruct(r reading, class models.Class, provider models.Provider) (other bool, err error) {
	codes, names := list(r.text("instructor_code")), []string{r.text("instructor_name")}
	if len(codes) > 1 {
		names = strings.Split(r.text("instructor_name"), ";")
	}
	for n, code := range codes {
		i, err := getOrMake(t.instructors, code, func(i *models.Instructor) *uuid.UUID { return &i.ID })
		if err != nil {
			return other, err
		}
		if n < len(names) {
			i.Name = cmp.Or(strings.TrimSpace(names[n]), i.Name)
		}
		i.Code, i.Name, i.ProviderID = code, cmp.Or(i.Name, code), provider.ID
		other = put(r, t.instructors, "instructor_code", code, i) || other
		if t.taught[class.ID][i.ID] {
			continue
		}
		other = true
		if class.ClosedAt != 0 {
			r.wrong("class_code", "import.class_closed", class.Code)
		}
		if t.teaches[class.ID] == nil {
			t.teaches[class.ID] = map[uuid.UUID]bool{}
		}
		t.teaches[class.ID][i.ID] = true
	}
	return other, nil
}

// session reads a row's session. other says that the row already differs from the store
// in something else.
func (t *timetable) session(r reading, class models.Class, site models.Site, other bool) error {
	seq := r.number("session", 1, 500)
	day, start, end := r.date("date"), r.clock("start"), r.clock("end")
	if day == "" {
		return nil
	}
	key := sessionKey(models.Session{ClassID: class.ID, Seq: seq})
	was, known := t.sessions.was[key]
	s, err := getOrMake(t.sessions, key, func(s *models.Session) *uuid.UUID { return &s.ID })
	if err != nil {
		return err
	}
	if t.lines[s.ID] != 0 {
		r.wrong("session", "import.twice", r.text("session"))
	}
	t.lines[s.ID] = r.row.line
	if s.ClassID, s.SiteID, s.Seq, s.Room = class.ID, site.ID, seq, r.text("room"); !known {
		s.Status = models.SessionPlanned // a file says nothing of those that were cancelled: they stay so
	}
	s.StartsAt, s.EndsAt = plan.Times(day, start, end, site.Zone)
	t.sessions.put(key, s)
	moved := !known || s != was
	t.differs[s.ID] = moved || other
	switch {
	case !known:
		t.report.New++
	case t.differs[s.ID]:
		t.report.Changed++
	}
	if !moved {
		return nil
	}
	switch {
	case end == start:
		r.wrong("end", "import.ends_at_start", r.text("end"))
	case end < start && s.EndsAt.Sub(s.StartsAt) > plan.LongestSession:
		r.wrong("end", "import.too_long", r.text("end"))
	case t.pilot.FirstDay != "" && day < t.pilot.FirstDay:
		r.wrong("date", "import.before_first_day", string(t.pilot.FirstDay))
	}
	return t.settled(r, class, was)
}

// settled refuses a change that the record depends on: of a closed class, or of a session
// at which something was recorded, because its page asks for a reason. A new session has
// no records.
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

// save stores the differences, and tells the sites.
func (t *timetable) save() error {
	if err := t.tx.SaveProviders(t.providers.changed()); err != nil {
		return err
	}
	if err := t.tx.SaveCourses(t.courses.changed()); err != nil {
		return err
	}
	if err := t.tx.SaveInstructors(t.instructors.changed()); err != nil {
		return err
	}
	classes, sessions := t.classes.changed(), t.sessions.changed()
	for i := range classes {
		classes[i].UpdatedAt = t.now
	}
	for i := range sessions {
		sessions[i].UpdatedAt = t.now
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
	if err := plan.Staff(t.tx, t.teaches); err != nil {
		return err
	}
	return t.tx.Refold(sessions...)
}
