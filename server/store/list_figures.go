package store

import (
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"buktihadir/models"
	"buktihadir/models/region"
)

// Named names the keys of a dimension that a visitor may see: ids are known to the
// database, the others to themselves.
func (q Queries) Named(dim models.Dimension, provider *uuid.UUID) (map[string]string, error) {
	table := map[models.Dimension]string{
		models.ByPilot: "SELECT id, code || ' · ' || name AS name FROM pilots", models.ByProvider: "SELECT id, name FROM providers",
		models.BySite: "SELECT id, code || ' · ' || name AS name FROM sites", models.ByCourse: "SELECT id, title AS name FROM courses",
		models.ByClass: "SELECT id, code AS name FROM classes",
	}[dim]
	out := map[string]string{}
	switch {
	case dim == models.ByProvince:
		for _, p := range region.Provinces() {
			out[p.Code] = p.Name
		}
		return out, nil
	case table == "":
		return out, nil
	}
	db := q.db.Raw(table)
	if dim == models.ByClass && provider != nil {
		db = q.db.Raw(table+" WHERE provider_id = ?", *provider)
	}
	var rows []struct {
		ID   uuid.UUID
		Name string
	}
	err := db.Scan(&rows).Error
	for _, r := range rows {
		out[r.ID.String()] = r.Name
	}
	return out, translate(err)
}

// VisitFilter narrows a list of attendances: by the very places at which they are
// counted, so that a list is as long as the figure that led to it says.
type VisitFilter struct {
	Provider *uuid.UUID // a limit, never a wish: nil means that everything may be seen
	Dim      models.Dimension
	Key      string
	Measure  models.Measure
	From, To models.LocalDate
}

// VisitEntry is one person's attendance at one session as a list shows it.
type VisitEntry struct {
	models.Attendance
	Name, Number string
	ClassCode    string
	Seq          int
	StartsAt     models.Millis
	SiteName     string
	Zone         models.Zone
}

const (
	visitColumns = `a.*, p.name, p.number, c.code AS class_code, x.seq, x.starts_at, s.name AS site_name, tp.zone`
	visitOrder   = "x.starts_at DESC, p.name, a.enrollment_id"
)

func (q Queries) visits(f VisitFilter) *gorm.DB {
	db := q.db.Table("attendances a").Joins("JOIN tally_places tp ON tp.session_id = a.session_id").Joins("JOIN sessions x ON x.id = a.session_id").
		Joins("JOIN classes c ON c.id = a.class_id").Joins("JOIN sites s ON s.id = tp.site_id").
		Joins("JOIN enrollments e ON e.id = a.enrollment_id").Joins("JOIN participants p ON p.id = e.participant_id")
	if f.Provider != nil {
		db = db.Where("tp.provider_id = ?", *f.Provider)
	}
	if f.From != "" {
		db = db.Where("tp.day >= ?", f.From)
	}
	if f.To != "" {
		db = db.Where("tp.day <= ?", f.To)
	}
	db = along(db, f.Dim, f.Key)
	return measured(db, f.Measure)
}

// ListVisits lists participants' attendance, the newest sessions first.
func (q Queries) ListVisits(f VisitFilter, s Slice) (Listed[VisitEntry], error) {
	return listed[VisitEntry](q.visits(f), visitColumns, visitOrder, s)
}

// EachVisit calls f for each row of ListVisits, without a limit, and counts them. It does
// not sort.
func (q Queries) EachVisit(f VisitFilter, take func(VisitEntry) error) (n int, err error) {
	err = each(q.visits(f).Select(visitColumns), func(v VisitEntry) error {
		if err := take(v); err != nil {
			return err
		}
		n++
		return nil
	})
	return n, err
}

// along narrows to one key of a dimension.
func along(db *gorm.DB, dim models.Dimension, key string) *gorm.DB {
	column := map[models.Dimension]string{
		models.ByPilot: "tp.pilot_id", models.ByProvider: "tp.provider_id", models.BySite: "tp.site_id", models.ByCourse: "tp.course_id",
		models.ByClass: "tp.class_id",
	}[dim]
	switch {
	case column != "":
		id, _ := uuid.Parse(key) // a key that is not an id matches nothing
		return db.Where(column+" = ?", id)
	case dim == models.ByProvince: // several of them, where they share an outline on the map
		return db.Where("tp.province IN ?", strings.Split(key, ","))
	case dim == models.ByWave:
		return db.Where("CAST(p.wave AS TEXT) = ?", key)
	case dim == models.BySex:
		return db.Where("p.sex = ?", key)
	}
	return db
}

// measured narrows to what a measure counts.
func measured(db *gorm.DB, m models.Measure) *gorm.DB {
	flagged := func(f models.Flag) string { return "%," + string(f) + ",%" }
	if m == models.MeasureProvisional {
		return db.Where("NOT a.final AND a.status <> ?", models.StatusPending)
	}
	db = db.Where("a.final")
	if m == "" {
		return db.Where("a.status NOT IN (?)", []models.AttendanceStatus{models.StatusPending, models.StatusNotEnrolled})
	}
	if m == models.MeasureFlagged {
		return db.Where("a.flags <> ''")
	}
	if m == models.MeasureManual {
		return db.Where("(',' || a.flags || ',' LIKE ? OR ',' || a.flags || ',' LIKE ?)", flagged(models.FlagManual), flagged(models.FlagOverridden))
	}
	return db.Where("a.status IN (?)", strings.Split(string(m), ","))
}

// LogSize is how many records the log has: it grows with everything that may change
// what a page shows.
func (q Queries) LogSize() (int64, error) {
	state, err := one[logState](q.db, "id = 1")
	return state.Size, err
}
