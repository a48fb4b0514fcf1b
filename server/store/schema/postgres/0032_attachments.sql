-- What belongs to events and can be erased, sealed: see journal.Attachment. Erased: content is empty, the row stays.
CREATE TABLE attachments (sha256 BYTEA PRIMARY KEY, agent_id UUID NOT NULL, received BIGINT NOT NULL, content BYTEA NOT NULL);
ALTER TABLE scan_events ADD COLUMN attached BYTEA;
ALTER TABLE scan_events ADD COLUMN noted TEXT NOT NULL DEFAULT '';
ALTER TABLE scan_events ADD COLUMN keyed_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX scan_events_by_attached ON scan_events (attached) WHERE attached IS NOT NULL;
CREATE INDEX scan_events_of_agent_attached ON scan_events (agent_id) WHERE attached IS NOT NULL;
DROP TRIGGER scan_events_never_change ON scan_events;
DROP TRIGGER scan_events_never_shrink ON scan_events;
CREATE TRIGGER scan_events_never_change BEFORE UPDATE OF
    agent_id, epoch, seq, hash, bytes, received, occurred, confidence, kind, verdict, method, site_id, class_id, session_id, ticket_id, desk,
    staff_id, reason, target, spot, boot, mono, target_epoch, handed_at, doubt, other, attached, noted, keyed_at
    ON scan_events FOR EACH ROW EXECUTE FUNCTION record_stays();
CREATE TRIGGER scan_events_never_shrink BEFORE DELETE ON scan_events FOR EACH ROW EXECUTE FUNCTION record_stays();
CREATE TRIGGER attachments_never_change BEFORE UPDATE OF
    sha256, agent_id, received
    ON attachments FOR EACH ROW EXECUTE FUNCTION record_stays();
CREATE TRIGGER attachments_never_shrink BEFORE DELETE ON attachments FOR EACH ROW EXECUTE FUNCTION record_stays();
