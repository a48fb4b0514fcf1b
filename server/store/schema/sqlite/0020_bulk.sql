-- Places of many changed at once, and who waits for one: see models.BulkChange, models.WaitingPlace.
CREATE TABLE bulk_changes (id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, class_id TEXT REFERENCES classes(id),
    waiting BOOLEAN NOT NULL,
    reason TEXT NOT NULL, actor_id TEXT, actor TEXT NOT NULL, undo_actor TEXT NOT NULL, undo_cause TEXT NOT NULL,
    created_at INTEGER NOT NULL, done_at INTEGER NOT NULL, undone_at INTEGER NOT NULL);
CREATE INDEX bulk_changes_by_time ON bulk_changes (created_at);
CREATE TABLE bulk_items (bulk_id TEXT NOT NULL REFERENCES bulk_changes(id), seq INTEGER NOT NULL, leave_id TEXT REFERENCES enrollments(id),
    participant_id TEXT REFERENCES participants(id), made_id TEXT REFERENCES enrollments(id), state TEXT NOT NULL, problem TEXT NOT NULL,
    PRIMARY KEY (bulk_id, seq));
CREATE INDEX bulk_items_by_leave ON bulk_items (leave_id);
CREATE INDEX bulk_items_by_made ON bulk_items (made_id);
CREATE TABLE waiting_places (class_id TEXT NOT NULL REFERENCES classes(id), participant_id TEXT NOT NULL REFERENCES participants(id),
    since INTEGER NOT NULL, seq INTEGER NOT NULL, ended_at INTEGER NOT NULL, PRIMARY KEY (class_id, participant_id));
CREATE INDEX waiting_places_by_participant ON waiting_places (participant_id);
