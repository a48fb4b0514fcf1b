-- What the server has said of being put back from a backup, as signed notes, see models/ledger.
CREATE TABLE restores (at INTEGER PRIMARY KEY, size INTEGER NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL, note BLOB NOT NULL);
CREATE TRIGGER restores_never_change BEFORE UPDATE OF
    at, size, reason, actor, note
    ON restores BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END;
CREATE TRIGGER restores_never_shrink BEFORE DELETE ON restores BEGIN SELECT RAISE(ABORT, 'the record is never cut'); END;
