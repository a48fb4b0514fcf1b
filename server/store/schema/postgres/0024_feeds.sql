-- Addresses under which schedules can be read: see models.Feed.
CREATE TABLE feeds (id UUID PRIMARY KEY, kind TEXT NOT NULL, subject_id UUID NOT NULL, version INTEGER NOT NULL, link_hash BYTEA NOT NULL UNIQUE,
    author TEXT NOT NULL, last_read BIGINT NOT NULL, revoked_at BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
    UNIQUE (kind, subject_id));
