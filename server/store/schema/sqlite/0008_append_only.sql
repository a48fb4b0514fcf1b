-- The record is never changed and never deleted, not even by a fault of this program: the database refuses. Only the columns that are
-- decided later stay open. A migration that adds a column to a guarded table drops its triggers and makes them anew.
CREATE TRIGGER corrections_never_change BEFORE UPDATE OF
    id, session_id, enrollment_id, status, reason, author_id, author, position, created_at
    ON corrections BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END;
CREATE TRIGGER corrections_never_shrink BEFORE DELETE ON corrections BEGIN SELECT RAISE(ABORT, 'the record is never cut'); END;
CREATE TRIGGER case_decisions_never_change BEFORE UPDATE OF
    id, case_id, state, enrollment_id, reason, author_id, author, created_at
    ON case_decisions BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END;
CREATE TRIGGER case_decisions_never_shrink BEFORE DELETE ON case_decisions BEGIN SELECT RAISE(ABORT, 'the record is never cut'); END;
CREATE TRIGGER stray_batches_never_change BEFORE UPDATE OF
    id, agent_id, received, reason, bytes, sha256
    ON stray_batches BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END;
CREATE TRIGGER stray_batches_never_shrink BEFORE DELETE ON stray_batches BEGIN SELECT RAISE(ABORT, 'the record is never cut'); END;
CREATE TRIGGER scan_events_never_change BEFORE UPDATE OF
    agent_id, epoch, seq, hash, bytes, received, occurred, confidence, kind, verdict, method, site_id, class_id, session_id, ticket_id, desk,
    staff_id, reason, target, spot, boot, mono, target_epoch
    ON scan_events BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END;
CREATE TRIGGER scan_events_never_shrink BEFORE DELETE ON scan_events BEGIN SELECT RAISE(ABORT, 'the record is never cut'); END;
