-- Where a session was: until now, where its class is.
ALTER TABLE session_versions ADD COLUMN site_id UUID;
UPDATE session_versions SET site_id = (SELECT site_id FROM sessions WHERE sessions.id = session_versions.session_id);
-- Who stands in for somebody teaches only the sessions that teachings names; who teaches a class, all but those.
ALTER TABLE enrollments ADD COLUMN substitute BOOLEAN NOT NULL DEFAULT FALSE;
CREATE TABLE teachings (session_id UUID NOT NULL REFERENCES sessions(id), enrollment_id UUID NOT NULL REFERENCES enrollments(id), teaches BOOLEAN NOT NULL,
    PRIMARY KEY (session_id, enrollment_id));
