-- What phones on their own held until they found their agent again: see journal.Event.Happened.
ALTER TABLE scan_events ADD COLUMN handed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scan_events ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scan_events ADD COLUMN other TEXT NOT NULL DEFAULT '';
DROP TRIGGER scan_events_never_change;
DROP TRIGGER scan_events_never_shrink;
CREATE TRIGGER scan_events_never_change BEFORE UPDATE OF
    agent_id, epoch, seq, hash, bytes, received, occurred, confidence, kind, verdict, method, site_id, class_id, session_id, ticket_id, desk,
    staff_id, reason, target, spot, boot, mono, target_epoch, handed_at, doubt, other
    ON scan_events BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END;
CREATE TRIGGER scan_events_never_shrink BEFORE DELETE ON scan_events BEGIN SELECT RAISE(ABORT, 'the record is never cut'); END;
