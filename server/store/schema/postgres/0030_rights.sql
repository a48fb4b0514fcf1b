-- What participants ask about their data, and what they have agreed to: see models.DataRequest, models.Acknowledgement.
CREATE TABLE data_requests (id UUID PRIMARY KEY, participant_id UUID NOT NULL REFERENCES participants(id), kind TEXT NOT NULL, said BYTEA,
    state TEXT NOT NULL, created_at BIGINT NOT NULL, due_at BIGINT NOT NULL, decided_at BIGINT NOT NULL, answer TEXT NOT NULL, author_id UUID,
    author TEXT NOT NULL);
CREATE INDEX data_requests_by_state ON data_requests (state, due_at);
CREATE UNIQUE INDEX data_requests_one_open ON data_requests (participant_id, kind) WHERE state = 'open';
CREATE TABLE acknowledgements (participant_id UUID NOT NULL REFERENCES participants(id), version INTEGER NOT NULL, given_at BIGINT NOT NULL,
    withdrawn_at BIGINT NOT NULL, PRIMARY KEY (participant_id, version));
ALTER TABLE participants ADD COLUMN erased_at BIGINT NOT NULL DEFAULT 0;
DROP TRIGGER documents_never_change ON documents;
DROP TRIGGER documents_never_shrink ON documents;
CREATE TRIGGER documents_never_change BEFORE UPDATE OF
    id, entity, entity_id, kind, version, media_type, sha256, author_id, created_at, class_id, author, author_role, revision
    ON documents FOR EACH ROW EXECUTE FUNCTION record_stays();
CREATE TRIGGER documents_never_shrink BEFORE DELETE ON documents FOR EACH ROW EXECUTE FUNCTION record_stays();
CREATE TRIGGER documents_never_exchange BEFORE UPDATE OF
    file_name, content
    ON documents FOR EACH ROW
    WHEN (OLD.entity <> 'evidence' OR LENGTH(NEW.content) > 0 OR NEW.file_name <> '')
    EXECUTE FUNCTION record_stays();
