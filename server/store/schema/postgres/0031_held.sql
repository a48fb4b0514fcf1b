-- What phones on their own held until they found their agent again: see journal.Event.Happened.
ALTER TABLE scan_events ADD COLUMN handed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE scan_events ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scan_events ADD COLUMN other TEXT NOT NULL DEFAULT '';
DROP TRIGGER scan_events_never_change ON scan_events;
DROP TRIGGER scan_events_never_shrink ON scan_events;
CREATE TRIGGER scan_events_never_change BEFORE UPDATE OF
    agent_id, epoch, seq, hash, bytes, received, occurred, confidence, kind, verdict, method, site_id, class_id, session_id, ticket_id, desk,
    staff_id, reason, target, spot, boot, mono, target_epoch, handed_at, doubt, other
    ON scan_events FOR EACH ROW EXECUTE FUNCTION record_stays();
CREATE TRIGGER scan_events_never_shrink BEFORE DELETE ON scan_events FOR EACH ROW EXECUTE FUNCTION record_stays();
