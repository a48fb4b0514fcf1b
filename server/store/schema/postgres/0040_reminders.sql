-- Who wants no reminders, and until when a mail is of use: see models.Participant and models.Mail.
ALTER TABLE participants ADD COLUMN reminders_off BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mails ADD COLUMN not_after BIGINT NOT NULL DEFAULT 0;
