-- At which session what was recorded counts, where a decision says another one than it names.
DROP TRIGGER case_decisions_never_change;
ALTER TABLE case_decisions ADD COLUMN session_id TEXT;
CREATE TRIGGER case_decisions_never_change BEFORE UPDATE OF
    id, case_id, state, enrollment_id, session_id, reason, author_id, author, created_at
    ON case_decisions BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END;
