-- The newest signed head of the server's log that this agent has seen, and one that
-- does not continue it: the proof that the server shows two histories.
CREATE TABLE witness (id INTEGER PRIMARY KEY CHECK (id = 1), head BLOB NOT NULL, rival BLOB NOT NULL);
INSERT INTO witness VALUES (1, x'', x'');
