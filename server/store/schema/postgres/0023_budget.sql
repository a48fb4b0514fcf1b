-- What a pilot may cost, each version of it: see models.Budget. Sums are 64 bits wide, as times are.
CREATE TABLE budgets (pilot_id UUID NOT NULL REFERENCES pilots(id), version INTEGER NOT NULL, valid_from TEXT NOT NULL, total BIGINT NOT NULL,
    warn_at INTEGER NOT NULL, refuse BOOLEAN NOT NULL, rates TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (pilot_id, version));
