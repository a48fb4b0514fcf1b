-- One text for both databases: ID, BYTES and MS become the types of the database at hand.
CREATE TABLE settings (name TEXT PRIMARY KEY, value BYTES NOT NULL);
CREATE TABLE data_keys (key_id BYTES PRIMARY KEY, sealed BYTES NOT NULL, created_at MS NOT NULL);
CREATE TABLE signing_keys (key_id BYTES PRIMARY KEY, purpose TEXT NOT NULL, public BYTES NOT NULL, private BYTES NOT NULL,
    created_at MS NOT NULL, retired_at MS NOT NULL DEFAULT 0);

CREATE TABLE pilots (id ID PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, phase TEXT NOT NULL,
    decision_number TEXT NOT NULL, decision_date TEXT NOT NULL, first_day TEXT NOT NULL, decision_file TEXT NOT NULL,
    quota INTEGER NOT NULL, policy TEXT NOT NULL, created_at MS NOT NULL, updated_at MS NOT NULL);
CREATE TABLE pilot_provinces (pilot_id ID NOT NULL REFERENCES pilots(id), province TEXT NOT NULL, quota INTEGER NOT NULL,
    PRIMARY KEY (pilot_id, province));
CREATE TABLE waves (number INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE providers (id ID PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, created_at MS NOT NULL);
CREATE TABLE platforms (id ID PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE courses (id ID PRIMARY KEY, code TEXT NOT NULL UNIQUE, title TEXT NOT NULL, hours INTEGER NOT NULL, mode TEXT NOT NULL,
    provider_id ID NOT NULL REFERENCES providers(id), platform_id ID REFERENCES platforms(id), created_at MS NOT NULL);
CREATE TABLE sites (id ID PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, address TEXT NOT NULL, regency TEXT NOT NULL,
    latitude DOUBLE PRECISION, longitude DOUBLE PRECISION, capacity INTEGER NOT NULL, zone TEXT NOT NULL,
    disadvantaged BOOLEAN NOT NULL, facilities TEXT NOT NULL, created_at MS NOT NULL, updated_at MS NOT NULL);
CREATE TABLE site_feeds (site_id ID PRIMARY KEY REFERENCES sites(id), revision MS NOT NULL);
CREATE TABLE feed_items (site_id ID NOT NULL REFERENCES sites(id), kind INTEGER NOT NULL, key BYTES NOT NULL, revision MS NOT NULL, body BYTES,
    PRIMARY KEY (site_id, kind, key));
CREATE INDEX feed_items_by_revision ON feed_items (site_id, revision);
CREATE TABLE classes (id ID PRIMARY KEY, ref BYTES NOT NULL UNIQUE, pilot_id ID NOT NULL REFERENCES pilots(id),
    course_id ID NOT NULL REFERENCES courses(id), provider_id ID NOT NULL REFERENCES providers(id), site_id ID NOT NULL REFERENCES sites(id),
    code TEXT NOT NULL UNIQUE, capacity INTEGER NOT NULL, policy TEXT, secret BYTES NOT NULL, closed_at MS NOT NULL DEFAULT 0,
    created_at MS NOT NULL, updated_at MS NOT NULL);
CREATE INDEX classes_by_site ON classes (site_id);
CREATE INDEX classes_by_provider ON classes (provider_id);
CREATE INDEX classes_by_pilot ON classes (pilot_id);
CREATE TABLE sessions (id ID PRIMARY KEY, class_id ID NOT NULL REFERENCES classes(id), site_id ID NOT NULL REFERENCES sites(id),
    seq INTEGER NOT NULL, room TEXT NOT NULL, starts_at MS NOT NULL, ends_at MS NOT NULL, status TEXT NOT NULL,
    created_at MS NOT NULL, updated_at MS NOT NULL, UNIQUE (class_id, seq));
CREATE INDEX sessions_by_site ON sessions (site_id, starts_at);
CREATE INDEX sessions_by_end ON sessions (ends_at);
CREATE TABLE instructors (id ID PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    provider_id ID NOT NULL REFERENCES providers(id), created_at MS NOT NULL);
CREATE TABLE officers (id ID PRIMARY KEY, site_id ID NOT NULL REFERENCES sites(id), name TEXT NOT NULL, pin_hash TEXT NOT NULL,
    supervisor BOOLEAN NOT NULL, active BOOLEAN NOT NULL, created_at MS NOT NULL);
CREATE INDEX officers_by_site ON officers (site_id);
CREATE TABLE site_visits (id ID PRIMARY KEY, site_id ID NOT NULL REFERENCES sites(id), visited_on TEXT NOT NULL, visitor TEXT NOT NULL,
    findings TEXT NOT NULL, author_id ID NOT NULL, created_at MS NOT NULL);

CREATE TABLE participants (id ID PRIMARY KEY, number TEXT NOT NULL UNIQUE, name TEXT NOT NULL, nik_sealed BYTES NOT NULL,
    nik_index BYTES NOT NULL UNIQUE, phone_sealed BYTES, phone_index BYTES, birth_date TEXT NOT NULL, sex TEXT NOT NULL,
    regency TEXT NOT NULL, wave INTEGER NOT NULL, link_version INTEGER NOT NULL, link_hash BYTES NOT NULL UNIQUE,
    created_at MS NOT NULL, updated_at MS NOT NULL);
CREATE INDEX participants_by_name ON participants (name);
CREATE INDEX participants_by_phone ON participants (phone_index);
CREATE TABLE enrollments (id ID PRIMARY KEY, class_id ID NOT NULL REFERENCES classes(id), role TEXT NOT NULL,
    participant_id ID REFERENCES participants(id), instructor_id ID REFERENCES instructors(id), status TEXT NOT NULL,
    reason TEXT NOT NULL, created_at MS NOT NULL, updated_at MS NOT NULL,
    CHECK ((participant_id IS NULL) <> (instructor_id IS NULL)));
CREATE UNIQUE INDEX enrollments_of_participants ON enrollments (participant_id, class_id);
CREATE UNIQUE INDEX enrollments_of_instructors ON enrollments (instructor_id, class_id);
CREATE INDEX enrollments_by_class ON enrollments (class_id);
CREATE TABLE tickets (id BYTES PRIMARY KEY, enrollment_id ID NOT NULL REFERENCES enrollments(id), class_id ID NOT NULL REFERENCES classes(id),
    key_id BYTES NOT NULL, live BOOLEAN NOT NULL, valid_from TEXT NOT NULL, valid_until TEXT NOT NULL, token TEXT NOT NULL,
    issued_at MS NOT NULL, revoked_at MS NOT NULL DEFAULT 0, revoke_reason TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX tickets_one_valid ON tickets (enrollment_id) WHERE revoked_at = 0;
CREATE INDEX tickets_by_class ON tickets (class_id);
CREATE TABLE completions (enrollment_id ID PRIMARY KEY REFERENCES enrollments(id), tasks_done BOOLEAN NOT NULL, completed_at MS NOT NULL);

CREATE TABLE users (id ID PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
    provider_id ID REFERENCES providers(id), password_hash TEXT NOT NULL, setup_hash BYTES, setup_expires MS NOT NULL,
    active BOOLEAN NOT NULL, created_at MS NOT NULL);
CREATE TABLE http_sessions (token BYTES PRIMARY KEY, data BYTES NOT NULL, expiry MS NOT NULL);
CREATE INDEX http_sessions_by_expiry ON http_sessions (expiry);
CREATE TABLE history_entries (id ID PRIMARY KEY, at MS NOT NULL, actor_id ID, actor TEXT NOT NULL, action TEXT NOT NULL,
    entity TEXT NOT NULL, entity_id TEXT NOT NULL, detail TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX history_by_entity ON history_entries (entity, entity_id, at);
CREATE INDEX history_by_time ON history_entries (at);
CREATE TABLE import_jobs (id ID PRIMARY KEY, kind TEXT NOT NULL, file_name TEXT NOT NULL, content BYTES NOT NULL, pilot_id ID,
    state TEXT NOT NULL, total INTEGER NOT NULL, done INTEGER NOT NULL, report TEXT NOT NULL, author_id ID,
    created_at MS NOT NULL, updated_at MS NOT NULL);
CREATE TABLE documents (id ID PRIMARY KEY, entity TEXT NOT NULL, entity_id ID NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
    file_name TEXT NOT NULL, media_type TEXT NOT NULL, content BYTES NOT NULL, sha256 BYTES NOT NULL, author_id ID, created_at MS NOT NULL);
CREATE UNIQUE INDEX documents_by_version ON documents (entity, entity_id, kind, version);

CREATE TABLE agents (id ID PRIMARY KEY, site_id ID NOT NULL REFERENCES sites(id), name TEXT NOT NULL, status TEXT NOT NULL,
    public_key BYTES NOT NULL, token_hash BYTES NOT NULL UNIQUE, epoch BYTES NOT NULL, version TEXT NOT NULL, enrolled_at MS NOT NULL,
    revoked_at MS NOT NULL, last_contact MS NOT NULL, reported_until MS NOT NULL, unsent MS NOT NULL, roster_rev MS NOT NULL,
    clock_offset MS NOT NULL);
CREATE INDEX agents_by_site ON agents (site_id);
CREATE TABLE agent_codes (code_hash BYTES PRIMARY KEY, site_id ID NOT NULL REFERENCES sites(id), name TEXT NOT NULL, expires_at MS NOT NULL,
    used_at MS NOT NULL, agent_id ID REFERENCES agents(id), created_at MS NOT NULL);
CREATE TABLE journals (agent_id ID NOT NULL REFERENCES agents(id), epoch BYTES NOT NULL, head_seq MS NOT NULL, head_hash BYTES NOT NULL,
    receipt BYTES, PRIMARY KEY (agent_id, epoch));
-- No foreign keys to the plan: a deleted session, class or site never drops an event.
CREATE TABLE scan_events (agent_id ID NOT NULL, epoch BYTES NOT NULL, seq MS NOT NULL, hash BYTES NOT NULL, bytes BYTES NOT NULL,
    received MS NOT NULL, occurred MS NOT NULL, corrected MS NOT NULL, confidence TEXT NOT NULL, kind TEXT NOT NULL, verdict TEXT NOT NULL,
    method TEXT NOT NULL, site_id ID NOT NULL, class_id ID, session_id ID, enrollment_id ID, ticket_id BYTES, desk TEXT NOT NULL,
    staff_id ID, reason TEXT NOT NULL, target MS NOT NULL, spot TEXT NOT NULL, quarantine TEXT NOT NULL,
    PRIMARY KEY (agent_id, epoch, seq));
CREATE INDEX scan_events_by_person ON scan_events (session_id, enrollment_id);
CREATE INDEX scan_events_by_received ON scan_events (received);
CREATE TABLE stray_batches (id ID PRIMARY KEY, agent_id ID NOT NULL, received MS NOT NULL, reason TEXT NOT NULL, bytes BYTES NOT NULL,
    sha256 BYTES NOT NULL, UNIQUE (agent_id, sha256));
CREATE TABLE attendances (session_id ID NOT NULL, enrollment_id ID NOT NULL, class_id ID NOT NULL, status TEXT NOT NULL, derived TEXT NOT NULL,
    first_in MS NOT NULL, last_out MS NOT NULL, minutes INTEGER NOT NULL, open BOOLEAN NOT NULL, flags TEXT NOT NULL,
    accepted INTEGER NOT NULL, updated_at MS NOT NULL, PRIMARY KEY (session_id, enrollment_id));
CREATE INDEX attendances_by_class ON attendances (class_id);
CREATE TABLE corrections (id ID PRIMARY KEY, session_id ID NOT NULL, enrollment_id ID NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
    author_id ID NOT NULL, author TEXT NOT NULL, position MS NOT NULL, created_at MS NOT NULL, UNIQUE (session_id, enrollment_id, position));
