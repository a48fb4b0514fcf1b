-- Every head of the server's log that this agent has seen, and whether a restore of
-- the server has lost it (when, by the server's clock); the server's word for each.
CREATE TABLE witness_heads (size INTEGER NOT NULL, lost INTEGER NOT NULL DEFAULT 0, head BLOB NOT NULL, PRIMARY KEY (size, lost));
-- rival is the head that had raised an alarm before; empty: there was none.
CREATE TABLE restores (at INTEGER NOT NULL, reason TEXT NOT NULL, note BLOB NOT NULL UNIQUE, rival BLOB NOT NULL);
