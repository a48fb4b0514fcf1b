-- The paper that a correction goes by: its hash, which the log holds too. The paper itself is a document, sealed.
ALTER TABLE corrections ADD COLUMN evidence TEXT NOT NULL DEFAULT '';
