package store

import (
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"buktihadir/models"
)

// Slice is the part of a list that a page shows. With After it is instead a part of the
// list in the order of ids, without a count: a client that continues after the last id
// gets everything once, whatever is added meanwhile.
type Slice struct {
	Offset, Limit int
	After         *uuid.UUID
}

// Listed is a part of a list, with the length of the whole.
type Listed[T any] struct {
	Rows  []T
	Total int64
}

// listed reads a slice of what a query finds, and counts the whole where the slice
// doesn't show its end. The count needs no columns.
func listed[T any](q *gorm.DB, columns, order string, s Slice) (Listed[T], error) {
	var l Listed[T]
	if s.After != nil {
		table, _, _ := strings.Cut(columns, ".") // columns begin with all of the listed table's
		return l, translate(q.Select(columns).Where(table+".id > ?", *s.After).Order(table + ".id").Limit(s.Limit).Scan(&l.Rows).Error)
	}
	q = q.Session(&gorm.Session{})
	if err := q.Select(columns).Order(order).Offset(s.Offset).Limit(s.Limit).Scan(&l.Rows).Error; err != nil {
		return l, translate(err)
	}
	if n := len(l.Rows); n < s.Limit && (n > 0 || s.Offset == 0) {
		l.Total = int64(s.Offset + n)
		return l, nil
	}
	return l, translate(q.Count(&l.Total).Error)
}

// containing is a pattern for "LOWER(x) LIKE ? ESCAPE '\'": the words anywhere in the text.
func containing(words string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(strings.TrimSpace(words))) + "%"
}

// attended are the statuses of a person who was there, in the words of SQL.
const attended = "('" + string(models.StatusPresent) + "', '" + string(models.StatusLate) + "', '" + string(models.StatusLeftEarly) +
	"', '" + string(models.StatusInside) + "')"

// unseen are the statuses of a person who was not there so far, in the words of SQL.
const unseen = "('" + string(models.StatusAbsent) + "', '" + string(models.StatusPending) + "', '" + string(models.StatusNotEnrolled) + "')"

// hasTicket says that an enrollment e has a valid ticket, in the words of SQL.
const hasTicket = "EXISTS (SELECT 1 FROM tickets t WHERE t.enrollment_id = e.id AND t.revoked_at = 0)"
