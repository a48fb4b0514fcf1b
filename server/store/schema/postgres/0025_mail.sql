-- The health of agents, mail that waits to be sent, and who gets which list regularly: see models.Agent, models.Mail, models.Subscription.
ALTER TABLE agents ADD COLUMN roster_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN disk_free BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN disk_total BIGINT NOT NULL DEFAULT 0;
CREATE TABLE mails (id UUID PRIMARY KEY, address TEXT NOT NULL, subject TEXT NOT NULL, content BYTEA, user_id UUID REFERENCES users(id),
    standing TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, since BIGINT NOT NULL, next_at BIGINT NOT NULL, problem TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);
CREATE INDEX mails_due ON mails (state, next_at);
CREATE TABLE subscriptions (id UUID PRIMARY KEY, user_id UUID NOT NULL REFERENCES users(id), name TEXT NOT NULL, list TEXT NOT NULL,
    period TEXT NOT NULL, every TEXT NOT NULL, day INTEGER NOT NULL, hour INTEGER NOT NULL, zone TEXT NOT NULL, format TEXT NOT NULL,
    lang TEXT NOT NULL, active BOOLEAN NOT NULL, ended TEXT NOT NULL, author TEXT NOT NULL, next_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);
CREATE INDEX subscriptions_due ON subscriptions (active, next_at);
CREATE INDEX subscriptions_by_user ON subscriptions (user_id);
CREATE TABLE subscription_runs (id UUID PRIMARY KEY, subscription_id UUID NOT NULL REFERENCES subscriptions(id), due_at BIGINT NOT NULL,
    total BIGINT NOT NULL,
    file TEXT NOT NULL, mail_id UUID, problem TEXT NOT NULL, created_at BIGINT NOT NULL);
CREATE INDEX subscription_runs_by_subscription ON subscription_runs (subscription_id, id);
