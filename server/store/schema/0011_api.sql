-- What other systems see: see models.APIToken, models.Webhook, models.AttendanceRevision.
CREATE TABLE api_tokens (id ID PRIMARY KEY, name TEXT NOT NULL, token_hash BYTES NOT NULL UNIQUE, scopes TEXT NOT NULL,
    provider_id ID REFERENCES providers(id), author TEXT NOT NULL, expires_at MS NOT NULL, last_used MS NOT NULL, revoked_at MS NOT NULL,
    created_at MS NOT NULL);
CREATE TABLE webhooks (id ID PRIMARY KEY, name TEXT NOT NULL, url TEXT NOT NULL, topics TEXT NOT NULL, provider_id ID REFERENCES providers(id),
    secret BYTES NOT NULL, active BOOLEAN NOT NULL, author TEXT NOT NULL, created_at MS NOT NULL);
CREATE TABLE deliveries (id ID PRIMARY KEY, webhook_id ID NOT NULL REFERENCES webhooks(id), topic TEXT NOT NULL, facts BYTES NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL, since MS NOT NULL, next_at MS NOT NULL, status INTEGER NOT NULL, problem TEXT NOT NULL,
    created_at MS NOT NULL, updated_at MS NOT NULL);
CREATE INDEX deliveries_due ON deliveries (webhook_id, state, next_at);
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, id);
CREATE TABLE attendance_revisions (session_id ID NOT NULL, enrollment_id ID NOT NULL, revision MS NOT NULL,
    PRIMARY KEY (session_id, enrollment_id));
CREATE UNIQUE INDEX attendance_revisions_in_order ON attendance_revisions (revision);
CREATE TABLE change_heads (id INTEGER PRIMARY KEY, revision MS NOT NULL);
INSERT INTO attendance_revisions SELECT session_id, enrollment_id, ROW_NUMBER() OVER (ORDER BY updated_at, session_id, enrollment_id)
    FROM attendances;
INSERT INTO change_heads SELECT 1, COUNT(*) FROM attendances;
