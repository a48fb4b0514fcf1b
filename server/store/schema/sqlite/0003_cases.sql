-- What the record alone can't decide, and what was decided.
CREATE TABLE cases (id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, site_id TEXT NOT NULL, agent_id TEXT, epoch BLOB,
    seq INTEGER NOT NULL, session_id TEXT, enrollment_id TEXT, stray_id TEXT, detail TEXT NOT NULL, state TEXT NOT NULL, opened_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, UNIQUE (kind, subject));
CREATE INDEX cases_by_state ON cases (state, opened_at);
CREATE INDEX cases_by_place ON cases (session_id, enrollment_id);
CREATE TABLE case_decisions (id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases(id), state TEXT NOT NULL, enrollment_id TEXT,
    reason TEXT NOT NULL, author_id TEXT NOT NULL, author TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE INDEX case_decisions_by_case ON case_decisions (case_id, created_at);
ALTER TABLE log_records ADD COLUMN decision_id TEXT NULL;
