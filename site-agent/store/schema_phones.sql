-- Phones that may go on alone, or hold what they have recorded: see journal.Awaited. clear is the best that was known of the
-- time at which all that the phone had was in the journal, mono the machine's time since its boot then.
CREATE TABLE phones (id BLOB PRIMARY KEY, device BLOB NOT NULL, officer BLOB NOT NULL, clear INTEGER NOT NULL, boot BLOB NOT NULL,
    mono INTEGER NOT NULL, waiting INTEGER NOT NULL, erased INTEGER NOT NULL);
