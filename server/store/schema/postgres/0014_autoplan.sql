-- Proposed classes: see models.AutoPlan, models.ProposedClass.
CREATE TABLE auto_plans (id UUID PRIMARY KEY, pilot_id UUID NOT NULL REFERENCES pilots(id), state TEXT NOT NULL, request TEXT NOT NULL,
    summary TEXT NOT NULL, actor_id UUID, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);
CREATE TABLE proposed_classes (plan_id UUID NOT NULL REFERENCES auto_plans(id), seq INTEGER NOT NULL, site_id UUID NOT NULL REFERENCES sites(id),
    course_id UUID NOT NULL REFERENCES courses(id), seats INTEGER NOT NULL, count INTEGER NOT NULL, travel BIGINT NOT NULL,
    starts_at BIGINT NOT NULL, ends_at BIGINT NOT NULL, meetings TEXT NOT NULL, people TEXT NOT NULL, state TEXT NOT NULL, problem TEXT NOT NULL,
    class_id UUID REFERENCES classes(id), PRIMARY KEY (plan_id, seq));
