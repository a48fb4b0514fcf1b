ALTER TABLE identity ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
-- replied: the server's clock in the newest reply that was taken. resend: the server lacks what follows this seq; -1: nothing.
CREATE TABLE bundle_state (id INTEGER PRIMARY KEY CHECK (id = 1), replied INTEGER NOT NULL, resend INTEGER NOT NULL);
INSERT INTO bundle_state VALUES (1, 0, -1);
-- The request to become an agent that waits for its reply.
CREATE TABLE enrol_request (id INTEGER PRIMARY KEY CHECK (id = 1), epoch BLOB NOT NULL, server TEXT NOT NULL, code TEXT NOT NULL,
    recipient TEXT NOT NULL, server_key TEXT NOT NULL);
