-- How often what was recorded, see models.Tally; kept in the transactions that change attendance.
CREATE TABLE tallies (scope TEXT NOT NULL, dim TEXT NOT NULL, key TEXT NOT NULL, day TEXT NOT NULL, measure TEXT NOT NULL, count MS NOT NULL,
    PRIMARY KEY (scope, dim, day, key, measure));
CREATE TABLE tally_places (session_id ID PRIMARY KEY, day TEXT NOT NULL, zone TEXT NOT NULL, pilot_id ID NOT NULL, province TEXT NOT NULL,
    provider_id ID NOT NULL, site_id ID NOT NULL, course_id ID NOT NULL, class_id ID NOT NULL);
