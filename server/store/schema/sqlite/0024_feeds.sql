-- Addresses under which schedules can be read: see models.Feed.
CREATE TABLE feeds (id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject_id TEXT NOT NULL, version INTEGER NOT NULL, link_hash BLOB NOT NULL UNIQUE,
    author TEXT NOT NULL, last_read INTEGER NOT NULL, revoked_at INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
    UNIQUE (kind, subject_id));
