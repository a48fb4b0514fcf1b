package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// BadgeFilter is who of a class wears a badge: all, those of a role, or one place.
type BadgeFilter struct {
	Class, Enrollment uuid.UUID
	Role              models.PersonRole
}

// BadgeEntry is somebody with a place in a class, and their ticket's code where it can be
// printed.
type BadgeEntry struct {
	Enrollment          uuid.UUID
	Role                models.PersonRole
	Name, Number, Token string
}

// ListBadges lists the people of a class who wear a badge: instructors first, then by
// name.
func (q Queries) ListBadges(f BadgeFilter, s Slice) (Listed[BadgeEntry], error) {
	db := q.enrollmentsBy(EnrollmentFilter{Class: f.Class, Role: f.Role, Status: models.EnrollmentActive}).
		Joins("LEFT JOIN tickets t ON t.enrollment_id = e.id AND t.revoked_at = 0 AND t.live = ?", false)
	if f.Enrollment != uuid.Nil {
		db = db.Where("e.id = ?", f.Enrollment)
	}
	return listed[BadgeEntry](db, `e.id AS enrollment, e.role, COALESCE(pa.name, i.name) AS name,
		COALESCE(pa.number, i.code) AS number, COALESCE(t.token, '') AS token`, "e.role, COALESCE(pa.name, i.name), e.id", s)
}
