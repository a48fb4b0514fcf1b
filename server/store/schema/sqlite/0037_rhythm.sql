-- How a site brings its journal home: see models.Rhythm.
ALTER TABLE sites ADD COLUMN rhythm TEXT NOT NULL DEFAULT 'network';
