-- The server's record as a Merkle tree, see models/ledger. Its state is one row, locked last in each transaction that appends.
CREATE TABLE log_state (id INTEGER PRIMARY KEY, size MS NOT NULL);
INSERT INTO log_state VALUES (1, 0);
CREATE TABLE log_records (pos MS PRIMARY KEY, agent_id ID, epoch BYTES, seq MS, correction_id ID UNIQUE, UNIQUE (agent_id, epoch, seq));
CREATE TABLE log_tiles (level INTEGER NOT NULL, n MS NOT NULL, hashes BYTES NOT NULL, PRIMARY KEY (level, n));
CREATE TABLE log_heads (size MS PRIMARY KEY, note BYTES NOT NULL, at MS NOT NULL);
