-- Addresses under which schedules can be read: see models.Feed.
CREATE TABLE feeds (id ID PRIMARY KEY, kind TEXT NOT NULL, subject_id ID NOT NULL, version INTEGER NOT NULL, link_hash BYTES NOT NULL UNIQUE,
    author TEXT NOT NULL, last_read MS NOT NULL, revoked_at MS NOT NULL, created_at MS NOT NULL, updated_at MS NOT NULL,
    UNIQUE (kind, subject_id));
