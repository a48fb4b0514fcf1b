CREATE TABLE settings (name TEXT PRIMARY KEY, value BYTEA NOT NULL);
CREATE TABLE data_keys (key_id BYTEA PRIMARY KEY, sealed BYTEA NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE signing_keys (key_id BYTEA PRIMARY KEY, purpose TEXT NOT NULL, public BYTEA NOT NULL, private BYTEA NOT NULL,
    created_at BIGINT NOT NULL, retired_at BIGINT NOT NULL DEFAULT 0);

CREATE TABLE pilots (id UUID PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, phase TEXT NOT NULL,
    decision_number TEXT NOT NULL, decision_date TEXT NOT NULL, first_day TEXT NOT NULL, decision_file TEXT NOT NULL,
    quota INTEGER NOT NULL, policy TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);
CREATE TABLE pilot_provinces (pilot_id UUID NOT NULL REFERENCES pilots(id), province TEXT NOT NULL, quota INTEGER NOT NULL,
    PRIMARY KEY (pilot_id, province));
CREATE TABLE waves (number INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE providers (id UUID PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE platforms (id UUID PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE courses (id UUID PRIMARY KEY, code TEXT NOT NULL UNIQUE, title TEXT NOT NULL, hours INTEGER NOT NULL, mode TEXT NOT NULL,
    provider_id UUID NOT NULL REFERENCES providers(id), platform_id UUID REFERENCES platforms(id), created_at BIGINT NOT NULL);
CREATE TABLE sites (id UUID PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, address TEXT NOT NULL, regency TEXT NOT NULL,
    latitude DOUBLE PRECISION, longitude DOUBLE PRECISION, capacity INTEGER NOT NULL, zone TEXT NOT NULL,
    disadvantaged BOOLEAN NOT NULL, facilities TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);
CREATE TABLE site_feeds (site_id UUID PRIMARY KEY REFERENCES sites(id), revision BIGINT NOT NULL);
CREATE TABLE feed_items (site_id UUID NOT NULL REFERENCES sites(id), kind INTEGER NOT NULL, key BYTEA NOT NULL, revision BIGINT NOT NULL, body BYTEA,
    PRIMARY KEY (site_id, kind, key));
CREATE INDEX feed_items_by_revision ON feed_items (site_id, revision);
CREATE TABLE classes (id UUID PRIMARY KEY, ref BYTEA NOT NULL UNIQUE, pilot_id UUID NOT NULL REFERENCES pilots(id),
    course_id UUID NOT NULL REFERENCES courses(id), provider_id UUID NOT NULL REFERENCES providers(id), site_id UUID NOT NULL REFERENCES sites(id),
    code TEXT NOT NULL UNIQUE, capacity INTEGER NOT NULL, policy TEXT, secret BYTEA NOT NULL, closed_at BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);
CREATE INDEX classes_by_site ON classes (site_id);
CREATE INDEX classes_by_provider ON classes (provider_id);
CREATE INDEX classes_by_pilot ON classes (pilot_id);
CREATE TABLE sessions (id UUID PRIMARY KEY, class_id UUID NOT NULL REFERENCES classes(id), site_id UUID NOT NULL REFERENCES sites(id),
    seq INTEGER NOT NULL, room TEXT NOT NULL, starts_at BIGINT NOT NULL, ends_at BIGINT NOT NULL, status TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, UNIQUE (class_id, seq));
CREATE INDEX sessions_by_site ON sessions (site_id, starts_at);
CREATE INDEX sessions_by_end ON sessions (ends_at);
CREATE TABLE instructors (id UUID PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    provider_id UUID NOT NULL REFERENCES providers(id), created_at BIGINT NOT NULL);
CREATE TABLE officers (id UUID PRIMARY KEY, site_id UUID NOT NULL REFERENCES sites(id), name TEXT NOT NULL, pin_hash TEXT NOT NULL,
    supervisor BOOLEAN NOT NULL, active BOOLEAN NOT NULL, created_at BIGINT NOT NULL);
CREATE INDEX officers_by_site ON officers (site_id);
CREATE TABLE site_visits (id UUID PRIMARY KEY, site_id UUID NOT NULL REFERENCES sites(id), visited_on TEXT NOT NULL, visitor TEXT NOT NULL,
    findings TEXT NOT NULL, author_id UUID NOT NULL, created_at BIGINT NOT NULL);

CREATE TABLE participants (id UUID PRIMARY KEY, number TEXT NOT NULL UNIQUE, name TEXT NOT NULL, nik_sealed BYTEA NOT NULL,
    nik_index BYTEA NOT NULL UNIQUE, phone_sealed BYTEA, phone_index BYTEA, birth_date TEXT NOT NULL, sex TEXT NOT NULL,
    regency TEXT NOT NULL, wave INTEGER NOT NULL, link_version INTEGER NOT NULL, link_hash BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);
CREATE INDEX participants_by_name ON participants (name);
CREATE INDEX participants_by_phone ON participants (phone_index);
CREATE TABLE enrollments (id UUID PRIMARY KEY, class_id UUID NOT NULL REFERENCES classes(id), role TEXT NOT NULL,
    participant_id UUID REFERENCES participants(id), instructor_id UUID REFERENCES instructors(id), status TEXT NOT NULL,
    reason TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
    CHECK ((participant_id IS NULL) <> (instructor_id IS NULL)));
CREATE UNIQUE INDEX enrollments_of_participants ON enrollments (participant_id, class_id);
CREATE UNIQUE INDEX enrollments_of_instructors ON enrollments (instructor_id, class_id);
CREATE INDEX enrollments_by_class ON enrollments (class_id);
CREATE TABLE tickets (id BYTEA PRIMARY KEY, enrollment_id UUID NOT NULL REFERENCES enrollments(id), class_id UUID NOT NULL REFERENCES classes(id),
    key_id BYTEA NOT NULL, live BOOLEAN NOT NULL, valid_from TEXT NOT NULL, valid_until TEXT NOT NULL, token TEXT NOT NULL,
    issued_at BIGINT NOT NULL, revoked_at BIGINT NOT NULL DEFAULT 0, revoke_reason TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX tickets_one_valid ON tickets (enrollment_id) WHERE revoked_at = 0;
CREATE INDEX tickets_by_class ON tickets (class_id);
CREATE TABLE completions (enrollment_id UUID PRIMARY KEY REFERENCES enrollments(id), tasks_done BOOLEAN NOT NULL, completed_at BIGINT NOT NULL);

CREATE TABLE users (id UUID PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
    provider_id UUID REFERENCES providers(id), password_hash TEXT NOT NULL, setup_hash BYTEA, setup_expires BIGINT NOT NULL,
    active BOOLEAN NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE http_sessions (token BYTEA PRIMARY KEY, data BYTEA NOT NULL, expiry BIGINT NOT NULL);
CREATE INDEX http_sessions_by_expiry ON http_sessions (expiry);
CREATE TABLE history_entries (id UUID PRIMARY KEY, at BIGINT NOT NULL, actor_id UUID, actor TEXT NOT NULL, action TEXT NOT NULL,
    entity TEXT NOT NULL, entity_id TEXT NOT NULL, detail TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX history_by_entity ON history_entries (entity, entity_id, at);
CREATE INDEX history_by_time ON history_entries (at);
CREATE TABLE import_jobs (id UUID PRIMARY KEY, kind TEXT NOT NULL, file_name TEXT NOT NULL, content BYTEA NOT NULL, pilot_id UUID,
    state TEXT NOT NULL, total INTEGER NOT NULL, done INTEGER NOT NULL, report TEXT NOT NULL, author_id UUID,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);
CREATE TABLE documents (id UUID PRIMARY KEY, entity TEXT NOT NULL, entity_id UUID NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
    file_name TEXT NOT NULL, media_type TEXT NOT NULL, content BYTEA NOT NULL, sha256 BYTEA NOT NULL, author_id UUID, created_at BIGINT NOT NULL);
CREATE UNIQUE INDEX documents_by_version ON documents (entity, entity_id, kind, version);

CREATE TABLE agents (id UUID PRIMARY KEY, site_id UUID NOT NULL REFERENCES sites(id), name TEXT NOT NULL, status TEXT NOT NULL,
    public_key BYTEA NOT NULL, token_hash BYTEA NOT NULL UNIQUE, epoch BYTEA NOT NULL, version TEXT NOT NULL, enrolled_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL, last_contact BIGINT NOT NULL, reported_until BIGINT NOT NULL, unsent BIGINT NOT NULL, roster_rev BIGINT NOT NULL,
    clock_offset BIGINT NOT NULL);
CREATE INDEX agents_by_site ON agents (site_id);
CREATE TABLE agent_codes (code_hash BYTEA PRIMARY KEY, site_id UUID NOT NULL REFERENCES sites(id), name TEXT NOT NULL, expires_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL, agent_id UUID REFERENCES agents(id), created_at BIGINT NOT NULL);
CREATE TABLE journals (agent_id UUID NOT NULL REFERENCES agents(id), epoch BYTEA NOT NULL, head_seq BIGINT NOT NULL, head_hash BYTEA NOT NULL,
    receipt BYTEA, PRIMARY KEY (agent_id, epoch));
-- No foreign keys to the plan: a deleted session, class or site never drops an event.
CREATE TABLE scan_events (agent_id UUID NOT NULL, epoch BYTEA NOT NULL, seq BIGINT NOT NULL, hash BYTEA NOT NULL, bytes BYTEA NOT NULL,
    received BIGINT NOT NULL, occurred BIGINT NOT NULL, corrected BIGINT NOT NULL, confidence TEXT NOT NULL, kind TEXT NOT NULL,
    verdict TEXT NOT NULL,
    method TEXT NOT NULL, site_id UUID NOT NULL, class_id UUID, session_id UUID, enrollment_id UUID, ticket_id BYTEA, desk TEXT NOT NULL,
    staff_id UUID, reason TEXT NOT NULL, target BIGINT NOT NULL, spot TEXT NOT NULL, quarantine TEXT NOT NULL,
    PRIMARY KEY (agent_id, epoch, seq));
CREATE INDEX scan_events_by_person ON scan_events (session_id, enrollment_id);
CREATE INDEX scan_events_by_received ON scan_events (received);
CREATE TABLE stray_batches (id UUID PRIMARY KEY, agent_id UUID NOT NULL, received BIGINT NOT NULL, reason TEXT NOT NULL, bytes BYTEA NOT NULL,
    sha256 BYTEA NOT NULL, UNIQUE (agent_id, sha256));
CREATE TABLE attendances (session_id UUID NOT NULL, enrollment_id UUID NOT NULL, class_id UUID NOT NULL, status TEXT NOT NULL, derived TEXT NOT NULL,
    first_in BIGINT NOT NULL, last_out BIGINT NOT NULL, minutes INTEGER NOT NULL, open BOOLEAN NOT NULL, flags TEXT NOT NULL,
    accepted INTEGER NOT NULL, updated_at BIGINT NOT NULL, PRIMARY KEY (session_id, enrollment_id));
CREATE INDEX attendances_by_class ON attendances (class_id);
CREATE TABLE corrections (id UUID PRIMARY KEY, session_id UUID NOT NULL, enrollment_id UUID NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
    author_id UUID NOT NULL, author TEXT NOT NULL, position BIGINT NOT NULL, created_at BIGINT NOT NULL, UNIQUE (session_id, enrollment_id,
    position));
