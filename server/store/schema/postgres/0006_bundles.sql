CREATE TABLE carried_bundles (id UUID PRIMARY KEY, agent_id UUID NOT NULL REFERENCES agents(id), received BIGINT NOT NULL, made BIGINT NOT NULL,
    actor TEXT NOT NULL, enrolled BOOLEAN NOT NULL, batches INTEGER NOT NULL, events INTEGER NOT NULL, strays INTEGER NOT NULL,
    items INTEGER NOT NULL, trouble TEXT NOT NULL, revoked BOOLEAN NOT NULL, reply BYTEA);
CREATE INDEX carried_bundles_by_agent ON carried_bundles (agent_id, received);
