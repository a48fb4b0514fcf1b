package store

import (
	"github.com/google/uuid"
	"gorm.io/gorm"

	"buktihadir/models"
)

// PrintFilter says which tickets are printed: those of a class, or of those classes of a
// pilot whose codes are between two.
type PrintFilter struct {
	Class, Pilot uuid.UUID
	From, To     string // codes of classes; "" for no limit
}

// PrintEntry is a ticket that can be printed: valid, and with a code that stays.
type PrintEntry struct {
	ClassCode, Name, Number, Token string
	ValidUntil                     models.LocalDate
}

func (q Queries) printable(f PrintFilter) *gorm.DB {
	db := q.db.Table("tickets t").Joins("JOIN enrollments e ON e.id = t.enrollment_id").Joins("JOIN classes c ON c.id = t.class_id").
		Where("t.revoked_at = 0 AND t.live = ?", false)
	if f.Class != uuid.Nil {
		db = db.Where("t.class_id = ?", f.Class)
	} else {
		db = db.Where("c.pilot_id = ?", f.Pilot)
	}
	if f.From != "" {
		db = db.Where("c.code >= ?", f.From)
	}
	if f.To != "" {
		db = db.Where("c.code <= ?", f.To)
	}
	return db
}

// TicketsToPrint lists tickets to print by class and name, at most so many.
func (q Queries) TicketsToPrint(f PrintFilter, most int) ([]PrintEntry, error) {
	var rows []PrintEntry
	return rows, translate(q.printable(f).Joins("LEFT JOIN participants pa ON pa.id = e.participant_id").
		Joins("LEFT JOIN instructors i ON i.id = e.instructor_id").
		Select("c.code AS class_code, COALESCE(pa.name, i.name) AS name, COALESCE(pa.number, i.code) AS number, t.token, t.valid_until").
		Order("c.code, COALESCE(pa.name, i.name), t.id").Limit(most).Scan(&rows).Error)
}

// PrintPart is a run of classes whose tickets are printed in one file.
type PrintPart struct {
	From, To string // their codes
	Count    int
}

// PrintParts divides the tickets of a pilot into files of about so many; a class is never
// divided. So a person who joins a class later does not move another ticket to another
// file.
func (q Queries) PrintParts(pilot uuid.UUID, about int) (parts []PrintPart, err error) {
	type class struct {
		Code  string
		Count int
	}
	classes, err := all[class](q.printable(PrintFilter{Pilot: pilot}).Select("c.code, COUNT(*) AS count").Group("c.code").Order("c.code"))
	for _, c := range classes {
		if n := len(parts); n > 0 && parts[n-1].Count+c.Count <= about {
			parts[n-1].To = c.Code
			parts[n-1].Count += c.Count
			continue
		}
		parts = append(parts, PrintPart{c.Code, c.Code, c.Count})
	}
	return parts, err
}
