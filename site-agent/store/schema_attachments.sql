-- What belongs to events of the journal, sealed, until the server has held it for a while: see journal.Attachment.
CREATE TABLE attachments (hash BLOB PRIMARY KEY, made INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0, sealed BLOB NOT NULL);
