-- What the server has said of being put back from a backup, as signed notes, see models/ledger.
CREATE TABLE restores (at MS PRIMARY KEY, size MS NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL, note BYTES NOT NULL);
