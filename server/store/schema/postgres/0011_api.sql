-- What other systems see: see models.APIToken, models.Webhook, models.AttendanceRevision.
CREATE TABLE api_tokens (id UUID PRIMARY KEY, name TEXT NOT NULL, token_hash BYTEA NOT NULL UNIQUE, scopes TEXT NOT NULL,
    provider_id UUID REFERENCES providers(id), author TEXT NOT NULL, expires_at BIGINT NOT NULL, last_used BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL);
CREATE TABLE webhooks (id UUID PRIMARY KEY, name TEXT NOT NULL, url TEXT NOT NULL, topics TEXT NOT NULL, provider_id UUID REFERENCES providers(id),
    secret BYTEA NOT NULL, active BOOLEAN NOT NULL, author TEXT NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE deliveries (id UUID PRIMARY KEY, webhook_id UUID NOT NULL REFERENCES webhooks(id), topic TEXT NOT NULL, facts BYTEA NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL, since BIGINT NOT NULL, next_at BIGINT NOT NULL, status INTEGER NOT NULL, problem TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);
CREATE INDEX deliveries_due ON deliveries (webhook_id, state, next_at);
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, id);
CREATE TABLE attendance_revisions (session_id UUID NOT NULL, enrollment_id UUID NOT NULL, revision BIGINT NOT NULL,
    PRIMARY KEY (session_id, enrollment_id));
CREATE UNIQUE INDEX attendance_revisions_in_order ON attendance_revisions (revision);
CREATE TABLE change_heads (id INTEGER PRIMARY KEY, revision BIGINT NOT NULL);
INSERT INTO attendance_revisions SELECT session_id, enrollment_id, ROW_NUMBER() OVER (ORDER BY updated_at, session_id, enrollment_id)
    FROM attendances;
INSERT INTO change_heads SELECT 1, COUNT(*) FROM attendances;
