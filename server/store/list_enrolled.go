package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// EnrolledByProvince counts participants' places by the province (Kemendagri code) in
// which their class is held. O(places): a pilot's take some milliseconds.
func (q Queries) EnrolledByProvince(provider *uuid.UUID) (map[string]int64, error) {
	perClass := q.db.Table("enrollments").Where("role = ? AND status = ?", models.PersonParticipant, models.EnrollmentActive).
		Group("class_id").Select("class_id, COUNT(*) AS places")
	db := q.db.Table("(?) n", perClass).Joins("JOIN classes c ON c.id = n.class_id").Joins("JOIN sites s ON s.id = c.site_id")
	if provider != nil {
		db = db.Where("c.provider_id = ?", *provider)
	}
	var rows []struct {
		Province string
		Places   int64
	}
	err := db.Group("SUBSTR(s.regency, 1, 2)").Select("SUBSTR(s.regency, 1, 2) AS province, SUM(n.places) AS places").Scan(&rows).Error
	out := make(map[string]int64, len(rows))
	for _, r := range rows {
		out[r.Province] = r.Places
	}
	return out, translate(err)
}

// Recent is how many scans have come in lately, from how many sites.
type Recent struct{ Scans, Sites int64 }

// ScansSince counts the events that agents have reported since an instant. O(that
// number).
func (q Queries) ScansSince(since models.Millis, provider *uuid.UUID) (r Recent, err error) {
	db := q.db.Table("scan_events").Where("received > ?", since)
	if provider != nil {
		db = db.Where("class_id IN (SELECT id FROM classes WHERE provider_id = ?)", *provider)
	}
	return r, translate(db.Select("COUNT(*) AS scans, COUNT(DISTINCT site_id) AS sites").Scan(&r).Error)
}
