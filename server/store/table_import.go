package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// SaveImportJob adds an uploaded file or changes its state.
func (t *Tx) SaveImportJob(j models.ImportJob) error {
	j.UpdatedAt = t.now
	return upsert(t.db, []models.ImportJob{j}, "state", "total", "done", "report", "updated_at")
}

// ImportJob finds an uploaded file.
func (q Queries) ImportJob(id uuid.UUID) (models.ImportJob, error) {
	return one[models.ImportJob](q.db, "id = ?", id)
}

// ImportJobsIn lists the uploaded files in some states, the oldest first.
func (q Queries) ImportJobsIn(states ...string) ([]models.ImportJob, error) {
	return all[models.ImportJob](q.db.Where("state IN ?", states).Order("created_at, id"))
}

// RecentImportJobs lists the newest uploads, of one author or of all, without their contents.
func (q Queries) RecentImportJobs(author *uuid.UUID, limit int) ([]models.ImportJob, error) {
	db := q.db.Omit("content").Order("created_at DESC, id DESC").Limit(limit)
	if author != nil {
		db = db.Where("author_id = ?", *author)
	}
	return all[models.ImportJob](db)
}
