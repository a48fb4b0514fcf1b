-- What journals say of the clocks of a boot, and what was corrected by it.
CREATE TABLE boot_anchors (agent_id UUID NOT NULL, epoch BYTEA NOT NULL, seq BIGINT NOT NULL, boot UUID NOT NULL, mono BIGINT NOT NULL,
    at BIGINT NOT NULL, met BOOLEAN NOT NULL, PRIMARY KEY (agent_id, epoch, seq));
CREATE INDEX boot_anchors_by_boot ON boot_anchors (agent_id, boot);
ALTER TABLE scan_events ADD COLUMN boot UUID NULL;
ALTER TABLE scan_events ADD COLUMN mono BIGINT NOT NULL DEFAULT 0;
ALTER TABLE scan_events ADD COLUMN sure BOOLEAN NOT NULL DEFAULT FALSE;
