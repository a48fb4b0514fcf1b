-- What sessions were before they changed, and days off that differ from the list: see models.SessionVersion, models.Holiday.
CREATE TABLE session_versions (session_id UUID NOT NULL, version INTEGER NOT NULL, room TEXT NOT NULL, starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    status TEXT NOT NULL, replaced_at BIGINT NOT NULL, PRIMARY KEY (session_id, version));
CREATE TABLE holidays (day TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, off BOOLEAN NOT NULL, reason TEXT NOT NULL,
    author TEXT NOT NULL, updated_at BIGINT NOT NULL);
