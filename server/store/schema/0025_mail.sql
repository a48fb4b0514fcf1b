-- The health of agents, mail that waits to be sent, and who gets which list regularly: see models.Agent, models.Mail, models.Subscription.
ALTER TABLE agents ADD COLUMN roster_at MS NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN disk_free MS NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN disk_total MS NOT NULL DEFAULT 0;
