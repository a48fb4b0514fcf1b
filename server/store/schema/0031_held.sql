-- What phones on their own held until they found their agent again: see journal.Event.Happened.
ALTER TABLE scan_events ADD COLUMN handed_at MS NOT NULL DEFAULT 0;
ALTER TABLE scan_events ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scan_events ADD COLUMN other TEXT NOT NULL DEFAULT '';
