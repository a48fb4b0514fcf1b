-- The bearer token that an agent is to use next; the present one works until it does.
ALTER TABLE agents ADD COLUMN next_token_hash BYTEA;
ALTER TABLE agents ADD COLUMN token_turn BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX agents_by_next_token ON agents (next_token_hash);
