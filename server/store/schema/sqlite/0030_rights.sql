-- What participants ask about their data, and what they have agreed to: see models.DataRequest, models.Acknowledgement.
CREATE TABLE data_requests (id TEXT PRIMARY KEY, participant_id TEXT NOT NULL REFERENCES participants(id), kind TEXT NOT NULL, said BLOB,
    state TEXT NOT NULL, created_at INTEGER NOT NULL, due_at INTEGER NOT NULL, decided_at INTEGER NOT NULL, answer TEXT NOT NULL, author_id TEXT,
    author TEXT NOT NULL);
CREATE INDEX data_requests_by_state ON data_requests (state, due_at);
CREATE UNIQUE INDEX data_requests_one_open ON data_requests (participant_id, kind) WHERE state = 'open';
CREATE TABLE acknowledgements (participant_id TEXT NOT NULL REFERENCES participants(id), version INTEGER NOT NULL, given_at INTEGER NOT NULL,
    withdrawn_at INTEGER NOT NULL, PRIMARY KEY (participant_id, version));
ALTER TABLE participants ADD COLUMN erased_at INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER documents_never_change;
DROP TRIGGER documents_never_shrink;
CREATE TRIGGER documents_never_change BEFORE UPDATE OF
    id, entity, entity_id, kind, version, media_type, sha256, author_id, created_at, class_id, author, author_role, revision
    ON documents BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END;
CREATE TRIGGER documents_never_shrink BEFORE DELETE ON documents BEGIN SELECT RAISE(ABORT, 'the record is never cut'); END;
CREATE TRIGGER documents_never_exchange BEFORE UPDATE OF
    file_name, content
    ON documents
    WHEN OLD.entity <> 'evidence' OR LENGTH(NEW.content) > 0 OR NEW.file_name <> ''
    BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END;
