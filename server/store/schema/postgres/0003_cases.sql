-- What the record alone can't decide, and what was decided.
CREATE TABLE cases (id UUID PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, site_id UUID NOT NULL, agent_id UUID, epoch BYTEA,
    seq BIGINT NOT NULL, session_id UUID, enrollment_id UUID, stray_id UUID, detail TEXT NOT NULL, state TEXT NOT NULL, opened_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL, UNIQUE (kind, subject));
CREATE INDEX cases_by_state ON cases (state, opened_at);
CREATE INDEX cases_by_place ON cases (session_id, enrollment_id);
CREATE TABLE case_decisions (id UUID PRIMARY KEY, case_id UUID NOT NULL REFERENCES cases(id), state TEXT NOT NULL, enrollment_id UUID,
    reason TEXT NOT NULL, author_id UUID NOT NULL, author TEXT NOT NULL, created_at BIGINT NOT NULL);
CREATE INDEX case_decisions_by_case ON case_decisions (case_id, created_at);
ALTER TABLE log_records ADD COLUMN decision_id UUID NULL;
