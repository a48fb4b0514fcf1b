-- What belongs to events and can be erased, sealed: see journal.Attachment. Erased: content is empty, the row stays.
CREATE TABLE attachments (sha256 BYTES PRIMARY KEY, agent_id ID NOT NULL, received MS NOT NULL, content BYTES NOT NULL);
ALTER TABLE scan_events ADD COLUMN attached BYTES;
ALTER TABLE scan_events ADD COLUMN noted TEXT NOT NULL DEFAULT '';
ALTER TABLE scan_events ADD COLUMN keyed_at MS NOT NULL DEFAULT 0;
CREATE INDEX scan_events_by_attached ON scan_events (attached) WHERE attached IS NOT NULL;
CREATE INDEX scan_events_of_agent_attached ON scan_events (agent_id) WHERE attached IS NOT NULL;
