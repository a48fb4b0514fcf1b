-- A void may point into the epoch before its own, where an agent went on in a new one.
ALTER TABLE scan_events ADD COLUMN target_epoch BYTEA;
