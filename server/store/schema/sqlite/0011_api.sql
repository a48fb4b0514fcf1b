-- What other systems see: see models.APIToken, models.Webhook, models.AttendanceRevision.
CREATE TABLE api_tokens (id TEXT PRIMARY KEY, name TEXT NOT NULL, token_hash BLOB NOT NULL UNIQUE, scopes TEXT NOT NULL,
    provider_id TEXT REFERENCES providers(id), author TEXT NOT NULL, expires_at INTEGER NOT NULL, last_used INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL);
CREATE TABLE webhooks (id TEXT PRIMARY KEY, name TEXT NOT NULL, url TEXT NOT NULL, topics TEXT NOT NULL, provider_id TEXT REFERENCES providers(id),
    secret BLOB NOT NULL, active BOOLEAN NOT NULL, author TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE TABLE deliveries (id TEXT PRIMARY KEY, webhook_id TEXT NOT NULL REFERENCES webhooks(id), topic TEXT NOT NULL, facts BLOB NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL, since INTEGER NOT NULL, next_at INTEGER NOT NULL, status INTEGER NOT NULL, problem TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE INDEX deliveries_due ON deliveries (webhook_id, state, next_at);
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, id);
CREATE TABLE attendance_revisions (session_id TEXT NOT NULL, enrollment_id TEXT NOT NULL, revision INTEGER NOT NULL,
    PRIMARY KEY (session_id, enrollment_id));
CREATE UNIQUE INDEX attendance_revisions_in_order ON attendance_revisions (revision);
CREATE TABLE change_heads (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL);
INSERT INTO attendance_revisions SELECT session_id, enrollment_id, ROW_NUMBER() OVER (ORDER BY updated_at, session_id, enrollment_id)
    FROM attendances;
INSERT INTO change_heads SELECT 1, COUNT(*) FROM attendances;
