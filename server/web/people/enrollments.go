package people

import (
	"errors"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// Enroll enrols a participant in a class.
func (p *Pages) Enroll(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f, ctx := page.FormOf(c), c.Request.Context()
	person, err := p.Store.Read(ctx).ParticipantByNumber(f.Trimmed("number"))
	if errors.Is(err, store.ErrNotFound) {
		f.Refuse("number", "class.no_participant")
		err = nil
	}
	if err == nil && f.Ok() {
		_, err = p.Seating.Enroll(ctx, page.VisitorOf(c).Actor(), class.ID, person.ID)
	}
	if err != nil || !f.Ok() {
		p.Again(c, f, "number", err, func() { p.showClassPeople(c, f) })
		return
	}
	p.Done(c, page.ClassHref(class.ID, "people"), "class.enrolled_done", "Name", person.Name)
}

// IssueTickets issues the tickets that a class lacks.
func (p *Pages) IssueTickets(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	n, err := p.Seating.IssueTickets(c.Request.Context(), page.VisitorOf(c).Actor(), class.ID)
	if err != nil {
		p.Refused(c, page.ClassHref(class.ID, "people"), err)
		return
	}
	p.Done(c, page.ClassHref(class.ID, "people"), "class.issued", "Count", n)
}

// RenewTickets signs new tickets for those of a class that are over before its last session.
func (p *Pages) RenewTickets(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	n, err := p.Seating.RenewTickets(c.Request.Context(), page.VisitorOf(c).Actor(), class.ID)
	if err != nil {
		p.Refused(c, page.ClassHref(class.ID, ""), err)
		return
	}
	p.Done(c, page.ClassHref(class.ID, ""), "class.renewed", "Count", n)
}

// enrollmentView is one person's place, where it is taken away and its ticket renewed.
type enrollmentView struct {
	Enrollment models.Enrollment
	Name       string
	Class      store.ClassEntry
	Ticket     *models.Ticket      // the valid one
	Changes    []models.BulkChange // that made or ended it
	Share      string              // opens WhatsApp with the participant's link; "" for instructors
	Mistake    string              // which form was refused: cancel, ticket
	Form       *page.Form
}

// EnrollmentPage shows an enrolment with its ticket.
func (p *Pages) EnrollmentPage(c *gin.Context) { p.showEnrollment(c, "", &page.Form{}) }

func (p *Pages) showEnrollment(c *gin.Context, mistake string, form *page.Form) {
	view, err := p.enrollmentOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Mistake, view.Form = mistake, form
	f := p.Frame(c, templates.Say("enrollment.title", "Name", view.Name))
	f.Zone = view.Class.Zone
	f.Crumbs = append(page.Crumbs("/classes", "classes.title"), templates.Crumb{Href: page.ClassHref(view.Class.ID, "people"), Name: view.Class.Code})
	page.Show(p.Kit, c, "people/enrollment", f, view)
}

// enrollmentOf finds the place that the address names, within the scope.
func (p *Pages) enrollmentOf(c *gin.Context) (enrollmentView, error) {
	var view enrollmentView
	id, err := page.IDParam(c)
	if err != nil {
		return view, err
	}
	q := p.Store.Read(c.Request.Context())
	if view.Enrollment, err = q.Enrollment(id); err != nil {
		return view, err
	}
	if view.Class, err = q.ClassEntry(view.Enrollment.ClassID); err != nil {
		return view, err
	}
	if !page.VisitorOf(c).Scope.Covers(view.Class.ProviderID) {
		return view, store.ErrNotFound
	}
	names, err := q.Names([]models.Enrollment{view.Enrollment})
	if err != nil {
		return view, err
	}
	view.Name = names[id]
	if view.Changes, err = q.BulkOfEnrollment(id); err != nil {
		return view, err
	}
	if id := view.Enrollment.ParticipantID; id != nil && page.VisitorOf(c).May(account.ManageTickets) {
		person, err := q.Participant(*id)
		if err != nil {
			return view, err
		}
		view.Share = shareLink("", p.linkMessage(person.Name, view.Class.CourseTitle, view.Class.Code, view.Class.ProviderName, p.linkTo(q.LinkOf(person))))
	}
	tickets, err := q.TicketsOf(id)
	for _, t := range tickets {
		if t.RevokedAt == 0 {
			view.Ticket = &t
		}
	}
	return view, err
}

// CancelEnrollment cancels an enrolment.
func (p *Pages) CancelEnrollment(c *gin.Context) {
	view, err := p.enrollmentOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	if err := p.Seating.Cancel(c.Request.Context(), page.VisitorOf(c).Actor(), view.Enrollment.ID, f.Trimmed("cancel_reason")); err != nil {
		p.Again(c, f, "cancel_reason", err, func() { p.showEnrollment(c, "cancel", f) })
		return
	}
	p.Done(c, page.ClassHref(view.Class.ID, "people"), "enrollment.cancelled_done", "Name", view.Name)
}

// RevokeTicket revokes a ticket, or replaces it by a new one.
func (p *Pages) RevokeTicket(c *gin.Context) {
	view, err := p.enrollmentOf(c)
	if err == nil && view.Ticket == nil {
		err = store.ErrNotFound
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	end, key := p.Seating.RevokeTicket, "enrollment.revoked_done"
	if f.Value("do") == "reissue" {
		end, key = p.Seating.ReissueTicket, "enrollment.reissued_done"
	}
	if err := end(c.Request.Context(), page.VisitorOf(c).Actor(), view.Ticket.ID, f.Trimmed("ticket_reason")); err != nil {
		p.Again(c, f, "ticket_reason", err, func() { p.showEnrollment(c, "ticket", f) })
		return
	}
	p.Done(c, page.ClassHref(view.Class.ID, "people"), key, "Name", view.Name)
}

// MarkTasks notes whether a participant has done the class's tasks besides attendance.
func (p *Pages) MarkTasks(c *gin.Context) {
	view, err := p.enrollmentOf(c)
	if err == nil && view.Enrollment.Role != models.PersonParticipant {
		err = store.ErrNotFound
	}
	if err == nil {
		err = review.MarkTasks(c.Request.Context(), p.Store, page.VisitorOf(c).User, view.Enrollment.ID, page.FormOf(c).Value("done") != "", "")
	}
	if err != nil {
		p.Refused(c, page.ClassHref(view.Class.ID, "attendance"), err)
		return
	}
	p.Done(c, page.ClassHref(view.Class.ID, "attendance"), "progress.marked", "Name", view.Name)
}
