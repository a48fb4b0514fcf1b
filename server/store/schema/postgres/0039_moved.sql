-- At which session what was recorded counts, where a decision says another one than it names.
DROP TRIGGER case_decisions_never_change ON case_decisions;
ALTER TABLE case_decisions ADD COLUMN session_id UUID;
CREATE TRIGGER case_decisions_never_change BEFORE UPDATE OF
    id, case_id, state, enrollment_id, session_id, reason, author_id, author, created_at
    ON case_decisions FOR EACH ROW EXECUTE FUNCTION record_stays();
