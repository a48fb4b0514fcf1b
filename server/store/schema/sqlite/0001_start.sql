CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE data_keys (key_id BLOB PRIMARY KEY, sealed BLOB NOT NULL, created_at INTEGER NOT NULL);
CREATE TABLE signing_keys (key_id BLOB PRIMARY KEY, purpose TEXT NOT NULL, public BLOB NOT NULL, private BLOB NOT NULL,
    created_at INTEGER NOT NULL, retired_at INTEGER NOT NULL DEFAULT 0);

CREATE TABLE pilots (id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, phase TEXT NOT NULL,
    decision_number TEXT NOT NULL, decision_date TEXT NOT NULL, first_day TEXT NOT NULL, decision_file TEXT NOT NULL,
    quota INTEGER NOT NULL, policy TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE TABLE pilot_provinces (pilot_id TEXT NOT NULL REFERENCES pilots(id), province TEXT NOT NULL, quota INTEGER NOT NULL,
    PRIMARY KEY (pilot_id, province));
CREATE TABLE waves (number INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE providers (id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE TABLE platforms (id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE courses (id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, title TEXT NOT NULL, hours INTEGER NOT NULL, mode TEXT NOT NULL,
    provider_id TEXT NOT NULL REFERENCES providers(id), platform_id TEXT REFERENCES platforms(id), created_at INTEGER NOT NULL);
CREATE TABLE sites (id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, address TEXT NOT NULL, regency TEXT NOT NULL,
    latitude DOUBLE PRECISION, longitude DOUBLE PRECISION, capacity INTEGER NOT NULL, zone TEXT NOT NULL,
    disadvantaged BOOLEAN NOT NULL, facilities TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE TABLE site_feeds (site_id TEXT PRIMARY KEY REFERENCES sites(id), revision INTEGER NOT NULL);
CREATE TABLE feed_items (site_id TEXT NOT NULL REFERENCES sites(id), kind INTEGER NOT NULL, key BLOB NOT NULL, revision INTEGER NOT NULL, body BLOB,
    PRIMARY KEY (site_id, kind, key));
CREATE INDEX feed_items_by_revision ON feed_items (site_id, revision);
CREATE TABLE classes (id TEXT PRIMARY KEY, ref BLOB NOT NULL UNIQUE, pilot_id TEXT NOT NULL REFERENCES pilots(id),
    course_id TEXT NOT NULL REFERENCES courses(id), provider_id TEXT NOT NULL REFERENCES providers(id), site_id TEXT NOT NULL REFERENCES sites(id),
    code TEXT NOT NULL UNIQUE, capacity INTEGER NOT NULL, policy TEXT, secret BLOB NOT NULL, closed_at INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE INDEX classes_by_site ON classes (site_id);
CREATE INDEX classes_by_provider ON classes (provider_id);
CREATE INDEX classes_by_pilot ON classes (pilot_id);
CREATE TABLE sessions (id TEXT PRIMARY KEY, class_id TEXT NOT NULL REFERENCES classes(id), site_id TEXT NOT NULL REFERENCES sites(id),
    seq INTEGER NOT NULL, room TEXT NOT NULL, starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, status TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, UNIQUE (class_id, seq));
CREATE INDEX sessions_by_site ON sessions (site_id, starts_at);
CREATE INDEX sessions_by_end ON sessions (ends_at);
CREATE TABLE instructors (id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    provider_id TEXT NOT NULL REFERENCES providers(id), created_at INTEGER NOT NULL);
CREATE TABLE officers (id TEXT PRIMARY KEY, site_id TEXT NOT NULL REFERENCES sites(id), name TEXT NOT NULL, pin_hash TEXT NOT NULL,
    supervisor BOOLEAN NOT NULL, active BOOLEAN NOT NULL, created_at INTEGER NOT NULL);
CREATE INDEX officers_by_site ON officers (site_id);
CREATE TABLE site_visits (id TEXT PRIMARY KEY, site_id TEXT NOT NULL REFERENCES sites(id), visited_on TEXT NOT NULL, visitor TEXT NOT NULL,
    findings TEXT NOT NULL, author_id TEXT NOT NULL, created_at INTEGER NOT NULL);

CREATE TABLE participants (id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, name TEXT NOT NULL, nik_sealed BLOB NOT NULL,
    nik_index BLOB NOT NULL UNIQUE, phone_sealed BLOB, phone_index BLOB, birth_date TEXT NOT NULL, sex TEXT NOT NULL,
    regency TEXT NOT NULL, wave INTEGER NOT NULL, link_version INTEGER NOT NULL, link_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE INDEX participants_by_name ON participants (name);
CREATE INDEX participants_by_phone ON participants (phone_index);
CREATE TABLE enrollments (id TEXT PRIMARY KEY, class_id TEXT NOT NULL REFERENCES classes(id), role TEXT NOT NULL,
    participant_id TEXT REFERENCES participants(id), instructor_id TEXT REFERENCES instructors(id), status TEXT NOT NULL,
    reason TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
    CHECK ((participant_id IS NULL) <> (instructor_id IS NULL)));
CREATE UNIQUE INDEX enrollments_of_participants ON enrollments (participant_id, class_id);
CREATE UNIQUE INDEX enrollments_of_instructors ON enrollments (instructor_id, class_id);
CREATE INDEX enrollments_by_class ON enrollments (class_id);
CREATE TABLE tickets (id BLOB PRIMARY KEY, enrollment_id TEXT NOT NULL REFERENCES enrollments(id), class_id TEXT NOT NULL REFERENCES classes(id),
    key_id BLOB NOT NULL, live BOOLEAN NOT NULL, valid_from TEXT NOT NULL, valid_until TEXT NOT NULL, token TEXT NOT NULL,
    issued_at INTEGER NOT NULL, revoked_at INTEGER NOT NULL DEFAULT 0, revoke_reason TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX tickets_one_valid ON tickets (enrollment_id) WHERE revoked_at = 0;
CREATE INDEX tickets_by_class ON tickets (class_id);
CREATE TABLE completions (enrollment_id TEXT PRIMARY KEY REFERENCES enrollments(id), tasks_done BOOLEAN NOT NULL, completed_at INTEGER NOT NULL);

CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
    provider_id TEXT REFERENCES providers(id), password_hash TEXT NOT NULL, setup_hash BLOB, setup_expires INTEGER NOT NULL,
    active BOOLEAN NOT NULL, created_at INTEGER NOT NULL);
CREATE TABLE http_sessions (token BLOB PRIMARY KEY, data BLOB NOT NULL, expiry INTEGER NOT NULL);
CREATE INDEX http_sessions_by_expiry ON http_sessions (expiry);
CREATE TABLE history_entries (id TEXT PRIMARY KEY, at INTEGER NOT NULL, actor_id TEXT, actor TEXT NOT NULL, action TEXT NOT NULL,
    entity TEXT NOT NULL, entity_id TEXT NOT NULL, detail TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX history_by_entity ON history_entries (entity, entity_id, at);
CREATE INDEX history_by_time ON history_entries (at);
CREATE TABLE import_jobs (id TEXT PRIMARY KEY, kind TEXT NOT NULL, file_name TEXT NOT NULL, content BLOB NOT NULL, pilot_id TEXT,
    state TEXT NOT NULL, total INTEGER NOT NULL, done INTEGER NOT NULL, report TEXT NOT NULL, author_id TEXT,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE TABLE documents (id TEXT PRIMARY KEY, entity TEXT NOT NULL, entity_id TEXT NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
    file_name TEXT NOT NULL, media_type TEXT NOT NULL, content BLOB NOT NULL, sha256 BLOB NOT NULL, author_id TEXT, created_at INTEGER NOT NULL);
CREATE UNIQUE INDEX documents_by_version ON documents (entity, entity_id, kind, version);

CREATE TABLE agents (id TEXT PRIMARY KEY, site_id TEXT NOT NULL REFERENCES sites(id), name TEXT NOT NULL, status TEXT NOT NULL,
    public_key BLOB NOT NULL, token_hash BLOB NOT NULL UNIQUE, epoch BLOB NOT NULL, version TEXT NOT NULL, enrolled_at INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL, last_contact INTEGER NOT NULL, reported_until INTEGER NOT NULL, unsent INTEGER NOT NULL, roster_rev INTEGER NOT NULL,
    clock_offset INTEGER NOT NULL);
CREATE INDEX agents_by_site ON agents (site_id);
CREATE TABLE agent_codes (code_hash BLOB PRIMARY KEY, site_id TEXT NOT NULL REFERENCES sites(id), name TEXT NOT NULL, expires_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL, agent_id TEXT REFERENCES agents(id), created_at INTEGER NOT NULL);
CREATE TABLE journals (agent_id TEXT NOT NULL REFERENCES agents(id), epoch BLOB NOT NULL, head_seq INTEGER NOT NULL, head_hash BLOB NOT NULL,
    receipt BLOB, PRIMARY KEY (agent_id, epoch));
-- No foreign keys to the plan: a deleted session, class or site never drops an event.
CREATE TABLE scan_events (agent_id TEXT NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL,
    received INTEGER NOT NULL, occurred INTEGER NOT NULL, corrected INTEGER NOT NULL, confidence TEXT NOT NULL, kind TEXT NOT NULL,
    verdict TEXT NOT NULL,
    method TEXT NOT NULL, site_id TEXT NOT NULL, class_id TEXT, session_id TEXT, enrollment_id TEXT, ticket_id BLOB, desk TEXT NOT NULL,
    staff_id TEXT, reason TEXT NOT NULL, target INTEGER NOT NULL, spot TEXT NOT NULL, quarantine TEXT NOT NULL,
    PRIMARY KEY (agent_id, epoch, seq));
CREATE INDEX scan_events_by_person ON scan_events (session_id, enrollment_id);
CREATE INDEX scan_events_by_received ON scan_events (received);
CREATE TABLE stray_batches (id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, received INTEGER NOT NULL, reason TEXT NOT NULL, bytes BLOB NOT NULL,
    sha256 BLOB NOT NULL, UNIQUE (agent_id, sha256));
CREATE TABLE attendances (session_id TEXT NOT NULL, enrollment_id TEXT NOT NULL, class_id TEXT NOT NULL, status TEXT NOT NULL, derived TEXT NOT NULL,
    first_in INTEGER NOT NULL, last_out INTEGER NOT NULL, minutes INTEGER NOT NULL, open BOOLEAN NOT NULL, flags TEXT NOT NULL,
    accepted INTEGER NOT NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (session_id, enrollment_id));
CREATE INDEX attendances_by_class ON attendances (class_id);
CREATE TABLE corrections (id TEXT PRIMARY KEY, session_id TEXT NOT NULL, enrollment_id TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
    author_id TEXT NOT NULL, author TEXT NOT NULL, position INTEGER NOT NULL, created_at INTEGER NOT NULL, UNIQUE (session_id, enrollment_id,
    position));
