-- What a search for a participant looks through, see models/names. The program fills in what is empty.
ALTER TABLE participants ADD COLUMN search_index TEXT NOT NULL DEFAULT '';
