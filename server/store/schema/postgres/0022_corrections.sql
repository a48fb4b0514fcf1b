-- Attendance of many corrected at once, corrections taken back, and attendance that a transfer carries along:
-- see models.BulkChange, models.Correction. And the versions of a class's own policy.
ALTER TABLE corrections ADD COLUMN withdraws BIGINT NOT NULL DEFAULT 0;
ALTER TABLE corrections ADD COLUMN bulk_id UUID REFERENCES bulk_changes(id);
CREATE INDEX corrections_by_bulk ON corrections (bulk_id);
ALTER TABLE attendances ADD COLUMN corrected BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE attendances SET corrected = TRUE WHERE EXISTS
    (SELECT 1 FROM corrections c WHERE c.session_id = attendances.session_id AND c.enrollment_id = attendances.enrollment_id);
ALTER TABLE bulk_changes ADD COLUMN carry BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE bulk_changes ADD COLUMN status TEXT NOT NULL DEFAULT '';
ALTER TABLE bulk_changes ADD COLUMN evidence TEXT NOT NULL DEFAULT '';
ALTER TABLE bulk_items ADD COLUMN session_id UUID REFERENCES sessions(id);
ALTER TABLE bulk_items ADD COLUMN enrollment_id UUID REFERENCES enrollments(id);
ALTER TABLE bulk_items ADD COLUMN was TEXT NOT NULL DEFAULT '';
ALTER TABLE bulk_items ADD COLUMN was_derived TEXT NOT NULL DEFAULT '';
ALTER TABLE bulk_items ADD COLUMN carried INTEGER NOT NULL DEFAULT 0;
CREATE INDEX bulk_items_by_enrollment ON bulk_items (enrollment_id);
ALTER TABLE classes ADD COLUMN own_version INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER corrections_never_change ON corrections;
DROP TRIGGER corrections_never_shrink ON corrections;
CREATE TRIGGER corrections_never_change BEFORE UPDATE OF
    id, session_id, enrollment_id, status, reason, author_id, author, position, created_at, evidence, withdraws, bulk_id
    ON corrections FOR EACH ROW EXECUTE FUNCTION record_stays();
CREATE TRIGGER corrections_never_shrink BEFORE DELETE ON corrections FOR EACH ROW EXECUTE FUNCTION record_stays();
