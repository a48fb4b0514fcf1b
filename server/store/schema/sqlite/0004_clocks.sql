-- What journals say of the clocks of a boot, and what was corrected by it.
CREATE TABLE boot_anchors (agent_id TEXT NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, boot TEXT NOT NULL, mono INTEGER NOT NULL,
    at INTEGER NOT NULL, met BOOLEAN NOT NULL, PRIMARY KEY (agent_id, epoch, seq));
CREATE INDEX boot_anchors_by_boot ON boot_anchors (agent_id, boot);
ALTER TABLE scan_events ADD COLUMN boot TEXT NULL;
ALTER TABLE scan_events ADD COLUMN mono INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scan_events ADD COLUMN sure BOOLEAN NOT NULL DEFAULT FALSE;
