-- What journals say of the clocks of a boot, and what was corrected by it.
CREATE TABLE boot_anchors (agent_id ID NOT NULL, epoch BYTES NOT NULL, seq MS NOT NULL, boot ID NOT NULL, mono MS NOT NULL,
    at MS NOT NULL, met BOOLEAN NOT NULL, PRIMARY KEY (agent_id, epoch, seq));
CREATE INDEX boot_anchors_by_boot ON boot_anchors (agent_id, boot);
ALTER TABLE scan_events ADD COLUMN boot ID NULL;
ALTER TABLE scan_events ADD COLUMN mono MS NOT NULL DEFAULT 0;
ALTER TABLE scan_events ADD COLUMN sure BOOLEAN NOT NULL DEFAULT FALSE;
