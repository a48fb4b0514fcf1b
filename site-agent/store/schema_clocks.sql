-- What staff confirmed the time to be, in boots that had not met the server.
CREATE TABLE confirmations (boot BLOB PRIMARY KEY, mono INTEGER NOT NULL, at INTEGER NOT NULL);
