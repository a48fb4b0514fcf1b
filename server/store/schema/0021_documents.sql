-- The papers that a class closes with, and their place in the log: see models.Document.
ALTER TABLE documents ADD COLUMN class_id ID NULL;
ALTER TABLE documents ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN author_role TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN revision MS NOT NULL DEFAULT 0;
CREATE INDEX documents_by_class ON documents (class_id);
ALTER TABLE log_records ADD COLUMN document_id ID NULL;
