-- Phones, kiosks and screens that were let in by a code. key is the SHA-256 of what the device shows; classes is a JSON list.
CREATE TABLE devices (id BLOB PRIMARY KEY, key BLOB NOT NULL UNIQUE, name TEXT NOT NULL, gate TEXT NOT NULL, used_as TEXT NOT NULL,
    classes TEXT NOT NULL, paired INTEGER NOT NULL, revoked INTEGER NOT NULL DEFAULT 0);
-- Who did what to a device, or to the policy (device is empty then). officer is empty for whoever sat at the computer.
CREATE TABLE device_changes (pos INTEGER PRIMARY KEY, at INTEGER NOT NULL, device BLOB NOT NULL, officer BLOB NOT NULL, what TEXT NOT NULL,
    says TEXT NOT NULL);
CREATE TRIGGER device_changes_never_change BEFORE UPDATE ON device_changes BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;
CREATE TRIGGER device_changes_never_shrink BEFORE DELETE ON device_changes BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;
-- A computer that is no agent yet lets in paired devices only; one that has phones at work already goes on as it was.
CREATE TABLE device_policy (id INTEGER PRIMARY KEY CHECK (id = 1), paired_only INTEGER NOT NULL, screen_names INTEGER NOT NULL);
INSERT INTO device_policy SELECT 1, NOT EXISTS (SELECT 1 FROM identity), 1;
