-- withdrawn: the office has deactivated this agent, which has brought its journal home and forgotten its roster.
ALTER TABLE roster_state ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
