-- How often what was recorded, see models.Tally; kept in the transactions that change attendance.
CREATE TABLE tallies (scope TEXT NOT NULL, dim TEXT NOT NULL, key TEXT NOT NULL, day TEXT NOT NULL, measure TEXT NOT NULL, count BIGINT NOT NULL,
    PRIMARY KEY (scope, dim, day, key, measure));
CREATE TABLE tally_places (session_id UUID PRIMARY KEY, day TEXT NOT NULL, zone TEXT NOT NULL, pilot_id UUID NOT NULL, province TEXT NOT NULL,
    provider_id UUID NOT NULL, site_id UUID NOT NULL, course_id UUID NOT NULL, class_id UUID NOT NULL);
