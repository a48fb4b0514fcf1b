-- What the server has said of being put back from a backup, as signed notes, see models/ledger.
CREATE TABLE restores (at BIGINT PRIMARY KEY, size BIGINT NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL, note BYTEA NOT NULL);
CREATE TRIGGER restores_never_change BEFORE UPDATE OF
    at, size, reason, actor, note
    ON restores FOR EACH ROW EXECUTE FUNCTION record_stays();
CREATE TRIGGER restores_never_shrink BEFORE DELETE ON restores FOR EACH ROW EXECUTE FUNCTION record_stays();
