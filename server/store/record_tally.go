package store

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"buktihadir/models"
)

// counted is what a person is counted by. It is read when it is needed: code
// that changes it subtracts before the change and adds after it, see SaveParticipants.
type counted struct {
	ID   uuid.UUID // of the enrollment
	Sex  models.Sex
	Wave int
}

// countedPeople finds the participants among enrollments; instructors are counted nowhere.
func (q Queries) countedPeople(enrollments []uuid.UUID) (map[uuid.UUID]counted, error) {
	out := map[uuid.UUID]counted{}
	for part := range slices.Chunk(enrollments, chunk) {
		var rows []counted
		err := q.db.Table("enrollments e").Joins("JOIN participants p ON p.id = e.participant_id").
			Where("e.id IN (?)", part).Select("e.id, p.sex, p.wave").Scan(&rows).Error
		if err != nil {
			return nil, translate(err)
		}
		for _, r := range rows {
			out[r.ID] = r
		}
	}
	return out, nil
}

// tally adds n to every count that an attendance is part of.
func (t *Tx) tally(place models.TallyPlace, who counted, a models.Attendance, n int64) {
	measures := []models.Measure{models.Measure(a.Status)}
	switch {
	case !a.Final && a.Status == models.StatusPending:
		return // nothing is known yet
	case !a.Final:
		measures = []models.Measure{models.MeasureProvisional}
	case a.Flags != "":
		measures = append(measures, models.MeasureFlagged)
	}
	flags := strings.Split(a.Flags, ",")
	if a.Final && (slices.Contains(flags, string(models.FlagManual)) || slices.Contains(flags, string(models.FlagOverridden))) {
		measures = append(measures, models.MeasureManual)
	}
	keys := map[models.Dimension]string{
		models.ByAll: "", models.ByPilot: place.PilotID.String(), models.ByProvince: place.Province, models.ByProvider: place.ProviderID.String(),
		models.BySite: place.SiteID.String(), models.ByCourse: place.CourseID.String(), models.ByClass: place.ClassID.String(),
		models.ByWave: strconv.Itoa(who.Wave), models.BySex: string(who.Sex),
	}
	for _, scope := range []string{"", place.ProviderID.String()} {
		for dim, key := range keys {
			for _, m := range measures {
				t.cells[models.TallyKey{Scope: scope, Dim: dim, Key: key, Measure: m}] += n
				if dim == models.ByAll || dim == models.ByProvince {
					t.cells[models.TallyKey{Scope: scope, Dim: dim, Key: key, Day: place.Day, Measure: m}] += n
				}
			}
		}
	}
}

// recount moves the attendance of a session's people from what it was to what it is.
// Where the session itself has moved, everybody else's moves along; one that is
// cancelled is counted nowhere.
func (t *Tx) recount(s models.Session, c models.Class, before, after []models.Attendance) error {
	here, err := t.placeOf(s, c)
	if err != nil {
		return err
	}
	was, err := in[models.TallyPlace](t.db, "session_id", []uuid.UUID{s.ID})
	if err != nil {
		return err
	}
	counted, counts := len(was) > 0, s.Status == models.SessionPlanned
	if !counted && !counts {
		return nil
	}
	if !counted || !counts || was[0] != here {
		changed := map[uuid.UUID]bool{}
		for _, a := range after {
			changed[a.EnrollmentID] = true
		}
		others, err := all[models.Attendance](t.db.Where("session_id = ?", s.ID))
		if err != nil {
			return err
		}
		others = slices.DeleteFunc(others, func(a models.Attendance) bool { return changed[a.EnrollmentID] })
		before, after = append(before, others...), append(slices.Clone(after), others...)
	}
	ids := map[uuid.UUID]bool{}
	for _, a := range after {
		ids[a.EnrollmentID] = true
	}
	people, err := t.countedPeople(slices.Collect(maps.Keys(ids)))
	if err != nil {
		return err
	}
	move := func(place models.TallyPlace, list []models.Attendance, sign int64) {
		for _, a := range list {
			if who, ok := people[a.EnrollmentID]; ok {
				t.tally(place, who, a, sign)
			}
		}
	}
	if counted {
		move(was[0], before, -1)
	}
	if !counts {
		return translate(t.db.Delete(&models.TallyPlace{}, "session_id = ?", s.ID).Error)
	}
	move(here, after, 1)
	return translate(t.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&here).Error)
}

func (t *Tx) placeOf(s models.Session, c models.Class) (models.TallyPlace, error) {
	site, err := t.Site(s.SiteID)
	province, _, _ := strings.Cut(site.Regency, ".")
	return models.TallyPlace{
		SessionID: s.ID, Day: site.Zone.Date(s.StartsAt), Zone: site.Zone, PilotID: c.PilotID, Province: province, ProviderID: c.ProviderID,
		SiteID: s.SiteID, CourseID: c.CourseID, ClassID: c.ID,
	}, err
}

// tallyPeople adds n to every count that some participants are part of.
func (t *Tx) tallyPeople(participants []uuid.UUID, n int64) error {
	places, err := in[models.Enrollment](t.db, "participant_id", participants)
	if err != nil || len(places) == 0 {
		return err
	}
	var ids, classes []uuid.UUID
	for _, e := range places {
		ids, classes = append(ids, e.ID), append(classes, e.ClassID)
	}
	slices.SortFunc(classes, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	people, err := t.countedPeople(ids)
	if err != nil {
		return err
	}
	sessions := map[uuid.UUID]models.TallyPlace{}
	for part := range slices.Chunk(slices.Compact(classes), chunk) {
		found, err1 := all[models.TallyPlace](t.db.Where("class_id IN (?)", part))
		rows, err2 := in[models.Attendance](t.db.Where("class_id IN (?)", part), "enrollment_id", ids)
		for _, err := range []error{err1, err2} {
			if err != nil {
				return err
			}
		}
		for _, p := range found {
			sessions[p.SessionID] = p
		}
		for _, a := range rows {
			if place, ok := sessions[a.SessionID]; ok {
				t.tally(place, people[a.EnrollmentID], a, n)
			}
		}
	}
	return nil
}

// flushTallies adds up what the transaction has changed, in one order everywhere.
func (t *Tx) flushTallies() error {
	var rows []models.Tally
	for key, n := range t.cells {
		if n != 0 {
			rows = append(rows, models.Tally{TallyKey: key, Count: n})
		}
	}
	clear(t.cells)
	if len(rows) == 0 {
		return nil
	}
	name := func(k models.TallyKey) string {
		return strings.Join([]string{k.Scope, string(k.Dim), string(k.Day), k.Key, string(k.Measure)}, "\x00")
	}
	slices.SortFunc(rows, func(a, b models.Tally) int { return strings.Compare(name(a.TallyKey), name(b.TallyKey)) })
	return translate(t.db.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "scope"}, {Name: "dim"}, {Name: "day"}, {Name: "key"}, {Name: "measure"}},
		DoUpdates: clause.Assignments(map[string]any{"count": gorm.Expr("tallies.count + excluded.count")}),
	}).CreateInBatches(rows, chunk).Error)
}

// Recount counts everything anew, from the attendance itself. O(attendance).
func (t *Tx) Recount() error {
	for _, table := range []string{"tallies", "tally_places"} {
		if err := t.db.Exec("DELETE FROM " + table).Error; err != nil {
			return translate(err)
		}
	}
	var sessions []uuid.UUID
	if err := t.db.Table("attendances").Distinct("session_id").Order("session_id").Pluck("session_id", &sessions).Error; err != nil {
		return translate(err)
	}
	for _, id := range sessions {
		found, err := in[models.Session](t.db, "id", []uuid.UUID{id})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			continue // it is gone from the plan
		}
		c, err := t.Class(found[0].ClassID)
		if err != nil {
			return err
		}
		if err := t.recount(found[0], c, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// fillTallies counts what was recorded before there were tallies.
func (t *Tx) fillTallies() error {
	var counted int64
	if err := t.db.Table("tally_places").Limit(1).Count(&counted).Error; err != nil || counted > 0 {
		return translate(err)
	}
	return t.Recount()
}

// Tallies gives the counts of one dimension by key and measure, over all days.
func (q Queries) Tallies(scope uuid.UUID, dim models.Dimension) (map[string]map[models.Measure]int64, error) {
	return q.tallies(scope, dim, "day = ''", "key")
}

// TalliesByDay gives the counts of everything, or of a province, by day.
func (q Queries) TalliesByDay(scope uuid.UUID, province string, from models.LocalDate) (map[string]map[models.Measure]int64, error) {
	dim := models.ByAll
	if province != "" {
		dim = models.ByProvince
	}
	db := q
	db.db = q.db.Where("key = ? AND day >= ?", province, from)
	return db.tallies(scope, dim, "day <> ''", "day")
}

func (q Queries) tallies(scope uuid.UUID, dim models.Dimension, days, by string) (map[string]map[models.Measure]int64, error) {
	whose := ""
	if scope != uuid.Nil {
		whose = scope.String()
	}
	rows, err := all[models.Tally](q.db.Where("scope = ? AND dim = ?", whose, dim).Where(days))
	out := map[string]map[models.Measure]int64{}
	for _, r := range rows {
		key := r.Key
		if by == "day" {
			key = string(r.Day)
		}
		if out[key] == nil {
			out[key] = map[models.Measure]int64{}
		}
		out[key][r.Measure] += r.Count
	}
	return out, err
}
