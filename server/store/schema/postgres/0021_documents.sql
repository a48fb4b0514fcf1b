-- The papers that a class closes with, and their place in the log: see models.Document.
ALTER TABLE documents ADD COLUMN class_id UUID NULL;
ALTER TABLE documents ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN author_role TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
CREATE INDEX documents_by_class ON documents (class_id);
ALTER TABLE log_records ADD COLUMN document_id UUID NULL;
CREATE TRIGGER documents_never_change BEFORE UPDATE OF
    id, entity, entity_id, kind, version, file_name, media_type, content, sha256, author_id, created_at, class_id, author, author_role, revision
    ON documents FOR EACH ROW EXECUTE FUNCTION record_stays();
CREATE TRIGGER documents_never_shrink BEFORE DELETE ON documents FOR EACH ROW EXECUTE FUNCTION record_stays();
