package attendance

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/bulk"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// correctForm is the form to correct many. Its checkboxes are in a list of the page and
// belong to it by its name.
type correctForm struct {
	Form     *page.Form
	Action   string
	Statuses []templates.Option
	All      int64  // how many there are in all
	Listed   bool   // they are found by a filter
	Filter   string // as an address without its path
}

func newCorrectForm(action string, form *page.Form, all int64) *correctForm {
	if form == nil {
		form = &page.Form{}
	}
	return &correctForm{Form: form, Action: action, Statuses: correctable(), All: all}
}

// correctable are the statuses that a correction may set.
func correctable() (list []templates.Option) {
	for _, status := range review.Correctable() {
		list = append(list, templates.Option{Value: string(status), Text: templates.Say("status." + string(status))})
	}
	return list
}

// absorbCorrection says at its field what is wrong with a correction.
func absorbCorrection(f *page.Form, err error) error {
	switch {
	case errors.Is(err, review.ErrEvidence):
		f.Refuse("evidence", "person.evidence_bad")
	case errors.Is(err, review.ErrNoReason):
		f.Refuse("reason", "plan.reason_needed")
	case errors.Is(err, review.ErrStatus):
		f.Refuse("status", "person.no_status")
	default:
		return err
	}
	return nil
}

// draftCorrections previews a correction of those whom choose finds by the form.
func (p *Pages) draftCorrections(c *gin.Context, choose func(*page.Form) ([]store.Visit, error), again func(*page.Form)) {
	f, file, err := page.UploadOf(c)
	if err != nil {
		p.UploadFailed(c, f, "evidence", err, func() { again(f) })
		return
	}
	visits, err := choose(f)
	if err != nil {
		p.Fail(c, err)
		return
	}
	var b models.BulkChange
	if f.Ok() {
		b, err = review.DraftCorrections(c.Request.Context(), p.Store, page.VisitorOf(c).User, review.Request{
			Visits: visits, Status: models.AttendanceStatus(f.Value("status")), Reason: f.Value("reason"), Evidence: file.Evidence()})
	}
	if err = absorbCorrection(f, err); err != nil || !f.Ok() {
		p.Again(c, f, "chosen", err, func() { again(f) })
		return
	}
	c.Redirect(http.StatusSeeOther, page.BulkHref(b.ID))
}

// CorrectVisits is about those ticked in the list of attendance, or all that its filter finds.
func (p *Pages) CorrectVisits(c *gin.Context) {
	filter := url.Values{}
	p.draftCorrections(c, func(f *page.Form) (visits []store.Visit, err error) {
		if filter, err = url.ParseQuery(f.Value("filter")); err != nil {
			return nil, store.ErrNotFound
		}
		if f.Checked("all") {
			return p.Store.Read(c.Request.Context()).Visits(visitFilter(c, filter), bulk.Most+1)
		}
		for _, text := range f.Values["chosen"] {
			session, person, _ := strings.Cut(text, "/")
			visits = append(visits, visitsOf([]string{session}, []string{person})...)
		}
		return visits, nil
	}, func(f *page.Form) { p.showVisits(c, filter, f) })
}

// CorrectSession is about those ticked on a session's page, or all its participants.
func (p *Pages) CorrectSession(c *gin.Context) {
	s, err := p.SessionOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.draftCorrections(c, func(f *page.Form) ([]store.Visit, error) {
		people, err := p.chosenOf(c, f, s.ClassID)
		return visitsOf([]string{s.ID.String()}, people), err
	}, func(f *page.Form) { p.showSession(c, f) })
}

// CorrectClass is about the people and the sessions ticked on a class's page.
func (p *Pages) CorrectClass(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.draftCorrections(c, func(f *page.Form) ([]store.Visit, error) {
		people, err := p.chosenOf(c, f, class.ID)
		if len(f.Values["session"]) == 0 {
			f.Refuse("session", "correct.no_session")
		}
		return visitsOf(f.Values["session"], people), err
	}, func(f *page.Form) { p.showClassAttendance(c, f) })
}

// chosenOf are the places that were ticked, or those of all participants.
func (p *Pages) chosenOf(c *gin.Context, f *page.Form, class uuid.UUID) ([]string, error) {
	if !f.Checked("all") {
		return f.Values["chosen"], nil
	}
	places, err := p.Store.Read(c.Request.Context()).Places(class) // by name
	var ids []string
	for _, at := range places {
		if e := at.Enrollment; e.Role == models.PersonParticipant && e.Status == models.EnrollmentActive {
			ids = append(ids, e.ID.String())
		}
	}
	return ids, err
}

// visitsOf is everybody at every session, at most one more than may be corrected at once.
func visitsOf(sessions, people []string) (visits []store.Visit) {
	for _, session := range sessions {
		at, err1 := uuid.Parse(session)
		for _, person := range people {
			who, err2 := uuid.Parse(person)
			if err1 == nil && err2 == nil && len(visits) <= bulk.Most {
				visits = append(visits, store.Visit{Session: at, Enrollment: who})
			}
		}
	}
	return visits
}

// Ticked says whether somebody was ticked in a form that is shown again.
func (f *correctForm) Ticked(person uuid.UUID) bool { return f.Form.Ticked("chosen", person.String()) }

// AtSession says the same of a session.
func (f *correctForm) AtSession(id uuid.UUID) bool { return f.Form.Ticked("session", id.String()) }

// Ticked says the same of an attendance.
func (v visitsView) Ticked(session, person uuid.UUID) bool {
	return v.Choose.Form.Ticked("chosen", session.String()+"/"+person.String())
}
