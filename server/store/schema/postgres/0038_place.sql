-- Where a session was: until now, where its class is.
ALTER TABLE session_versions ADD COLUMN site_id UUID;
UPDATE session_versions SET site_id = (SELECT site_id FROM sessions WHERE sessions.id = session_versions.session_id);
