-- Proposed classes: see models.AutoPlan, models.ProposedClass.
CREATE TABLE auto_plans (id ID PRIMARY KEY, pilot_id ID NOT NULL REFERENCES pilots(id), state TEXT NOT NULL, request TEXT NOT NULL,
    summary TEXT NOT NULL, actor_id ID, created_at MS NOT NULL, updated_at MS NOT NULL);
CREATE TABLE proposed_classes (plan_id ID NOT NULL REFERENCES auto_plans(id), seq INTEGER NOT NULL, site_id ID NOT NULL REFERENCES sites(id),
    course_id ID NOT NULL REFERENCES courses(id), seats INTEGER NOT NULL, count INTEGER NOT NULL, travel MS NOT NULL,
    starts_at MS NOT NULL, ends_at MS NOT NULL, meetings TEXT NOT NULL, people TEXT NOT NULL, state TEXT NOT NULL, problem TEXT NOT NULL,
    class_id ID REFERENCES classes(id), PRIMARY KEY (plan_id, seq));
