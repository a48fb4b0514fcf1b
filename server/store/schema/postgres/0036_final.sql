-- Whether only a correction changes a result: see attendance.Fold.
ALTER TABLE attendances ADD COLUMN final BOOLEAN NOT NULL DEFAULT FALSE;
