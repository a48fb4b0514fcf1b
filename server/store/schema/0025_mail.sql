-- The health of agents, mail that waits to be sent, and who gets which list regularly: see models.Agent, models.Mail, models.Subscription.
ALTER TABLE agents ADD COLUMN roster_at MS NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN disk_free MS NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN disk_total MS NOT NULL DEFAULT 0;
CREATE TABLE mails (id ID PRIMARY KEY, address TEXT NOT NULL, subject TEXT NOT NULL, content BYTES, user_id ID REFERENCES users(id),
    standing TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, since MS NOT NULL, next_at MS NOT NULL, problem TEXT NOT NULL,
    created_at MS NOT NULL, updated_at MS NOT NULL);
CREATE INDEX mails_due ON mails (state, next_at);
CREATE TABLE subscriptions (id ID PRIMARY KEY, user_id ID NOT NULL REFERENCES users(id), name TEXT NOT NULL, list TEXT NOT NULL,
    period TEXT NOT NULL, every TEXT NOT NULL, day INTEGER NOT NULL, hour INTEGER NOT NULL, zone TEXT NOT NULL, format TEXT NOT NULL,
    lang TEXT NOT NULL, active BOOLEAN NOT NULL, ended TEXT NOT NULL, author TEXT NOT NULL, next_at MS NOT NULL,
    created_at MS NOT NULL, updated_at MS NOT NULL);
CREATE INDEX subscriptions_due ON subscriptions (active, next_at);
CREATE INDEX subscriptions_by_user ON subscriptions (user_id);
CREATE TABLE subscription_runs (id ID PRIMARY KEY, subscription_id ID NOT NULL REFERENCES subscriptions(id), due_at MS NOT NULL, total MS NOT NULL,
    file TEXT NOT NULL, mail_id ID, problem TEXT NOT NULL, created_at MS NOT NULL);
CREATE INDEX subscription_runs_by_subscription ON subscription_runs (subscription_id, id);
