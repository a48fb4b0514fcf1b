-- What the record alone can't decide, and what was decided.
CREATE TABLE cases (id ID PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, site_id ID NOT NULL, agent_id ID, epoch BYTES,
    seq MS NOT NULL, session_id ID, enrollment_id ID, stray_id ID, detail TEXT NOT NULL, state TEXT NOT NULL, opened_at MS NOT NULL,
    updated_at MS NOT NULL, UNIQUE (kind, subject));
CREATE INDEX cases_by_state ON cases (state, opened_at);
CREATE INDEX cases_by_place ON cases (session_id, enrollment_id);
CREATE TABLE case_decisions (id ID PRIMARY KEY, case_id ID NOT NULL REFERENCES cases(id), state TEXT NOT NULL, enrollment_id ID,
    reason TEXT NOT NULL, author_id ID NOT NULL, author TEXT NOT NULL, created_at MS NOT NULL);
CREATE INDEX case_decisions_by_case ON case_decisions (case_id, created_at);
ALTER TABLE log_records ADD COLUMN decision_id ID NULL;
