-- The server's record as a Merkle tree, see models/ledger. Its state is one row, locked last in each transaction that appends.
CREATE TABLE log_state (id INTEGER PRIMARY KEY, size BIGINT NOT NULL);
INSERT INTO log_state VALUES (1, 0);
CREATE TABLE log_records (pos BIGINT PRIMARY KEY, agent_id UUID, epoch BYTEA, seq BIGINT, correction_id UUID UNIQUE, UNIQUE (agent_id, epoch, seq));
CREATE TABLE log_tiles (level INTEGER NOT NULL, n BIGINT NOT NULL, hashes BYTEA NOT NULL, PRIMARY KEY (level, n));
CREATE TABLE log_heads (size BIGINT PRIMARY KEY, note BYTEA NOT NULL, at BIGINT NOT NULL);
