-- What belongs to events and can be erased, sealed: see journal.Attachment. Erased: content is empty, the row stays.
CREATE TABLE attachments (sha256 BLOB PRIMARY KEY, agent_id TEXT NOT NULL, received INTEGER NOT NULL, content BLOB NOT NULL);
ALTER TABLE scan_events ADD COLUMN attached BLOB;
ALTER TABLE scan_events ADD COLUMN noted TEXT NOT NULL DEFAULT '';
ALTER TABLE scan_events ADD COLUMN keyed_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX scan_events_by_attached ON scan_events (attached) WHERE attached IS NOT NULL;
CREATE INDEX scan_events_of_agent_attached ON scan_events (agent_id) WHERE attached IS NOT NULL;
DROP TRIGGER scan_events_never_change;
DROP TRIGGER scan_events_never_shrink;
CREATE TRIGGER scan_events_never_change BEFORE UPDATE OF
    agent_id, epoch, seq, hash, bytes, received, occurred, confidence, kind, verdict, method, site_id, class_id, session_id, ticket_id, desk,
    staff_id, reason, target, spot, boot, mono, target_epoch, handed_at, doubt, other, attached, noted, keyed_at
    ON scan_events BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END;
CREATE TRIGGER scan_events_never_shrink BEFORE DELETE ON scan_events BEGIN SELECT RAISE(ABORT, 'the record is never cut'); END;
CREATE TRIGGER attachments_never_change BEFORE UPDATE OF
    sha256, agent_id, received
    ON attachments BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END;
CREATE TRIGGER attachments_never_shrink BEFORE DELETE ON attachments BEGIN SELECT RAISE(ABORT, 'the record is never cut'); END;
