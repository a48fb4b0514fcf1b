-- The health of agents, mail that waits to be sent, and who gets which list regularly: see models.Agent, models.Mail, models.Subscription.
ALTER TABLE agents ADD COLUMN roster_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN disk_free INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN disk_total INTEGER NOT NULL DEFAULT 0;
CREATE TABLE mails (id TEXT PRIMARY KEY, address TEXT NOT NULL, subject TEXT NOT NULL, content BLOB, user_id TEXT REFERENCES users(id),
    standing TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, since INTEGER NOT NULL, next_at INTEGER NOT NULL, problem TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE INDEX mails_due ON mails (state, next_at);
CREATE TABLE subscriptions (id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), name TEXT NOT NULL, list TEXT NOT NULL,
    period TEXT NOT NULL, every TEXT NOT NULL, day INTEGER NOT NULL, hour INTEGER NOT NULL, zone TEXT NOT NULL, format TEXT NOT NULL,
    lang TEXT NOT NULL, active BOOLEAN NOT NULL, ended TEXT NOT NULL, author TEXT NOT NULL, next_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE INDEX subscriptions_due ON subscriptions (active, next_at);
CREATE INDEX subscriptions_by_user ON subscriptions (user_id);
CREATE TABLE subscription_runs (id TEXT PRIMARY KEY, subscription_id TEXT NOT NULL REFERENCES subscriptions(id), due_at INTEGER NOT NULL,
    total INTEGER NOT NULL,
    file TEXT NOT NULL, mail_id TEXT, problem TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE INDEX subscription_runs_by_subscription ON subscription_runs (subscription_id, id);
