package plan

import (
	"slices"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/plan"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// teaching is who teaches a session, and who could.
type teaching struct {
	Class  []templates.Option // the instructors of its class, by enrollment
	Others []templates.Option // of its institution
	By     []string           // the chosen enrollments
	Also   string
}

// Teaches says whether an instructor of the class is chosen.
func (t teaching) Teaches(enrollment string) bool {
	return slices.Contains(t.By, enrollment)
}

// teachingOf reads it.
func (p *Pages) teachingOf(c *gin.Context, s store.SessionEntry) (t teaching, err error) {
	q := p.Store.Read(c.Request.Context())
	known, err := plan.KnownFor(q, []models.Session{s.Session})
	if err != nil {
		return t, err
	}
	in := map[string]bool{}
	people, err := q.EnrollmentsOf(s.ClassID)
	for _, e := range people {
		if e.Role != models.PersonInstructor || e.Status != models.EnrollmentActive {
			continue
		}
		in[e.InstructorID.String()] = true
		t.Class = append(t.Class, templates.Option{Value: e.ID.String(), Name: known.Names[e.ID]})
		if known.Meets(e, s.Session) {
			t.By = append(t.By, e.ID.String())
		}
	}
	if err != nil {
		return t, err
	}
	all, err := p.InstructorOptions(c, s.ProviderID)
	if err != nil {
		return t, err
	}
	t.Others = []templates.Option{{Text: templates.Say("choice.none")}}
	for _, o := range all[1:] { // not "all"
		if !in[o.Value] {
			t.Others = append(t.Others, o)
		}
	}
	return t, nil
}

// TeachSession changes who teaches a session.
func (p *Pages) TeachSession(c *gin.Context) {
	p.changeSession(c, "teach", func(s store.SessionEntry, f *page.Form) (plan.Outcome, error) {
		to := plan.Taught{By: f.IDs("by"), Also: f.ID("also"), Reason: f.Trimmed("reason"), Agreed: f.Value("sure")}
		return p.Plan.TeachSession(c.Request.Context(), page.VisitorOf(c).Actor(), s.ID, to)
	})
}
