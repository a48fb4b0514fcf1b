-- Epochs that another one has taken the place of: what stands after until was renewed there.
CREATE TABLE epochs (epoch BLOB PRIMARY KEY, until INTEGER NOT NULL, ended_at INTEGER NOT NULL);
