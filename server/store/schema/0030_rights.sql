-- What participants ask about their data, and what they have agreed to: see models.DataRequest, models.Acknowledgement.
CREATE TABLE data_requests (id ID PRIMARY KEY, participant_id ID NOT NULL REFERENCES participants(id), kind TEXT NOT NULL, said BYTES,
    state TEXT NOT NULL, created_at MS NOT NULL, due_at MS NOT NULL, decided_at MS NOT NULL, answer TEXT NOT NULL, author_id ID, author TEXT NOT NULL);
CREATE INDEX data_requests_by_state ON data_requests (state, due_at);
CREATE UNIQUE INDEX data_requests_one_open ON data_requests (participant_id, kind) WHERE state = 'open';
CREATE TABLE acknowledgements (participant_id ID NOT NULL REFERENCES participants(id), version INTEGER NOT NULL, given_at MS NOT NULL,
    withdrawn_at MS NOT NULL, PRIMARY KEY (participant_id, version));
ALTER TABLE participants ADD COLUMN erased_at MS NOT NULL DEFAULT 0;
