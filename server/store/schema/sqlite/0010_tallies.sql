-- How often what was recorded, see models.Tally; kept in the transactions that change attendance.
CREATE TABLE tallies (scope TEXT NOT NULL, dim TEXT NOT NULL, key TEXT NOT NULL, day TEXT NOT NULL, measure TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (scope, dim, day, key, measure));
CREATE TABLE tally_places (session_id TEXT PRIMARY KEY, day TEXT NOT NULL, zone TEXT NOT NULL, pilot_id TEXT NOT NULL, province TEXT NOT NULL,
    provider_id TEXT NOT NULL, site_id TEXT NOT NULL, course_id TEXT NOT NULL, class_id TEXT NOT NULL);
