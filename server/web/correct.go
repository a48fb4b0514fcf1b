package web

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
	"buktihadir/templates"
)

// correctForm is what many are corrected with. The boxes to tick them stand in a list of
// the page, and belong to it by its name.
type correctForm struct {
	Form     *Form
	Action   string
	Statuses []templates.Option
	All      int64  // how many there are in all
	Listed   bool   // they are found by a filter
	Filter   string // as an address without its path
}

func newCorrectForm(action string, form *Form, all int64) *correctForm {
	if form == nil {
		form = &Form{}
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
func absorbCorrection(f *Form, err error) error {
	switch {
	case errors.Is(err, review.ErrPaper):
		f.refuse("evidence", "person.evidence_bad")
	case errors.Is(err, review.ErrNoReason):
		f.refuse("reason", "plan.reason_needed")
	case errors.Is(err, review.ErrStatus):
		f.refuse("status", "person.no_status")
	default:
		return err
	}
	return nil
}

// paper is an uploaded file as evidence; nil where there is none.
func (u *upload) paper() *review.Paper {
	if u == nil {
		return nil
	}
	return &review.Paper{Name: u.name, Content: u.content}
}

// draftCorrections previews a correction of those whom choose finds by the form.
func (p *Pages) draftCorrections(c *gin.Context, choose func(*Form) ([]store.Visit, error), again func(*Form)) {
	f, file, err := uploadOf(c)
	if err != nil {
		p.uploadFailed(c, f, "evidence", err, func() { again(f) })
		return
	}
	visits, err := choose(f)
	if err != nil {
		p.fail(c, err)
		return
	}
	var b models.BulkChange
	if f.ok() {
		b, err = review.DraftCorrections(c.Request.Context(), p.Store, visitorOf(c).user, review.Request{
			Visits: visits, Status: models.AttendanceStatus(f.Value("status")), Reason: f.Value("reason"), Paper: file.paper()})
	}
	if err = absorbCorrection(f, err); err != nil || !f.ok() {
		p.again(c, f, "chosen", err, func() { again(f) })
		return
	}
	c.Redirect(http.StatusSeeOther, bulkHref(b.ID))
}

// correctVisits is about those ticked in the list of attendance, or all that its filter finds.
func (p *Pages) correctVisits(c *gin.Context) {
	filter := url.Values{}
	p.draftCorrections(c, func(f *Form) (visits []store.Visit, err error) {
		if filter, err = url.ParseQuery(f.Value("filter")); err != nil {
			return nil, store.ErrNotFound
		}
		if f.checked("all") {
			return p.Store.Read(c.Request.Context()).Visits(visitFilter(c, filter), bulk.Most+1)
		}
		for _, text := range f.values["chosen"] {
			session, person, _ := strings.Cut(text, "/")
			visits = append(visits, visitsOf([]string{session}, []string{person})...)
		}
		return visits, nil
	}, func(f *Form) { p.showVisits(c, filter, f) })
}

// correctSession is about those ticked on a session's page, or all its participants.
func (p *Pages) correctSession(c *gin.Context) {
	s, err := p.sessionOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	p.draftCorrections(c, func(f *Form) ([]store.Visit, error) {
		people, err := p.chosenOf(c, f, s.ClassID)
		return visitsOf([]string{s.ID.String()}, people), err
	}, func(f *Form) { p.showSession(c, f) })
}

// correctClass is about the people and the sessions ticked on a class's page.
func (p *Pages) correctClass(c *gin.Context) {
	class, err := p.classOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	p.draftCorrections(c, func(f *Form) ([]store.Visit, error) {
		people, err := p.chosenOf(c, f, class.ID)
		if len(f.values["session"]) == 0 {
			f.refuse("session", "correct.no_session")
		}
		return visitsOf(f.values["session"], people), err
	}, func(f *Form) { p.showClassAttendance(c, f) })
}

// chosenOf are the places that were ticked, or those of all participants.
func (p *Pages) chosenOf(c *gin.Context, f *Form, class uuid.UUID) ([]string, error) {
	if !f.checked("all") {
		return f.values["chosen"], nil
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
