-- The server's record as a Merkle tree, see models/ledger. Its state is one row, locked last in each transaction that appends.
CREATE TABLE log_state (id INTEGER PRIMARY KEY, size INTEGER NOT NULL);
INSERT INTO log_state VALUES (1, 0);
CREATE TABLE log_records (pos INTEGER PRIMARY KEY, agent_id TEXT, epoch BLOB, seq INTEGER, correction_id TEXT UNIQUE, UNIQUE (agent_id, epoch, seq));
CREATE TABLE log_tiles (level INTEGER NOT NULL, n INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, n));
CREATE TABLE log_heads (size INTEGER PRIMARY KEY, note BLOB NOT NULL, at INTEGER NOT NULL);
