CREATE TABLE identity (id INTEGER PRIMARY KEY CHECK (id = 1), agent BLOB NOT NULL, epoch BLOB NOT NULL, name TEXT NOT NULL,
    token BLOB NOT NULL, server_url TEXT NOT NULL, server_key TEXT NOT NULL, site BLOB NOT NULL, enrolled_at INTEGER NOT NULL);
CREATE TABLE journal (pos INTEGER PRIMARY KEY, epoch BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL,
    scan_id BLOB UNIQUE, bytes BLOB NOT NULL, UNIQUE (epoch, seq));
CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is never changed'); END;
CREATE TRIGGER journal_never_shrinks BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is never cut'); END;
CREATE TABLE receipts (epoch BLOB PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL, note BLOB NOT NULL, at INTEGER NOT NULL);
CREATE TABLE roster (shadow INTEGER NOT NULL, kind INTEGER NOT NULL, key BLOB NOT NULL, sealed BLOB NOT NULL,
    PRIMARY KEY (shadow, kind, key)) WITHOUT ROWID;
CREATE TABLE roster_state (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, since INTEGER NOT NULL, scope BLOB,
    shadowing INTEGER NOT NULL, count INTEGER NOT NULL, sum BLOB NOT NULL, confirmed_at INTEGER NOT NULL, alarm TEXT NOT NULL);
INSERT INTO roster_state VALUES (1, 0, 0, NULL, 0, 0, zeroblob(32), 0, '');
CREATE TABLE contacts (pos INTEGER PRIMARY KEY AUTOINCREMENT, boot BLOB NOT NULL, mono INTEGER NOT NULL, wall INTEGER NOT NULL,
    server INTEGER NOT NULL);
