-- The bearer token that an agent is to use next; the present one works until it does.
ALTER TABLE agents ADD COLUMN next_token_hash BLOB;
ALTER TABLE agents ADD COLUMN token_turn INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX agents_by_next_token ON agents (next_token_hash);
