-- Proposed classes: see models.AutoPlan, models.ProposedClass.
CREATE TABLE auto_plans (id TEXT PRIMARY KEY, pilot_id TEXT NOT NULL REFERENCES pilots(id), state TEXT NOT NULL, request TEXT NOT NULL,
    summary TEXT NOT NULL, actor_id TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE TABLE proposed_classes (plan_id TEXT NOT NULL REFERENCES auto_plans(id), seq INTEGER NOT NULL, site_id TEXT NOT NULL REFERENCES sites(id),
    course_id TEXT NOT NULL REFERENCES courses(id), seats INTEGER NOT NULL, count INTEGER NOT NULL, travel INTEGER NOT NULL,
    starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, meetings TEXT NOT NULL, people TEXT NOT NULL, state TEXT NOT NULL, problem TEXT NOT NULL,
    class_id TEXT REFERENCES classes(id), PRIMARY KEY (plan_id, seq));
