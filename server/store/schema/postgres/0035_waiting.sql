-- Where the office has said that an event belongs, and what waits for it to say so: see models.Waiting.
ALTER TABLE scan_events ADD COLUMN given_session UUID;
ALTER TABLE scan_events ADD COLUMN given_enrollment UUID;
CREATE INDEX scan_events_given ON scan_events (given_session, given_enrollment) WHERE given_session IS NOT NULL;
CREATE INDEX scan_events_quarantined ON scan_events (quarantine) WHERE quarantine <> '';
