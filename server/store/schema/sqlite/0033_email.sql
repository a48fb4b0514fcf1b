-- Where a participant's link can be sent, and to whom of them it was; whose mail it is, so that it goes with the person.
ALTER TABLE participants ADD COLUMN email_sealed BLOB;
ALTER TABLE participants ADD COLUMN link_mailed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mails ADD COLUMN participant_id TEXT REFERENCES participants(id);
CREATE INDEX mails_by_participant ON mails (participant_id) WHERE participant_id IS NOT NULL;
