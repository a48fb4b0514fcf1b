-- The health of agents, mail that waits to be sent, and who gets which list regularly: see models.Agent, models.Mail, models.Subscription.
ALTER TABLE agents ADD COLUMN roster_at MS NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN disk_free MS NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN disk_total MS NOT NULL DEFAULT 0;
CREATE TABLE mails (id ID PRIMARY KEY, address TEXT NOT NULL, subject TEXT NOT NULL, content BYTES, user_id ID REFERENCES users(id),
    standing TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, since MS NOT NULL, next_at MS NOT NULL, problem TEXT NOT NULL,
    created_at MS NOT NULL, updated_at MS NOT NULL);
CREATE INDEX mails_due ON mails (state, next_at);
