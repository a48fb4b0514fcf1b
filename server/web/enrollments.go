package web

import (
	"errors"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

func (p *Pages) enroll(c *gin.Context) {
	class, err := p.classOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f, ctx := formOf(c), c.Request.Context()
	person, err := p.Store.Read(ctx).ParticipantByNumber(f.trimmed("number"))
	if errors.Is(err, store.ErrNotFound) {
		f.refuse("number", "class.no_participant")
		err = nil
	}
	if err == nil && f.ok() {
		_, err = p.Plan.Enroll(ctx, visitorOf(c).actor(), class.ID, person.ID)
	}
	if err != nil || !f.ok() {
		p.again(c, f, "number", err, func() { p.showClassPeople(c, f) })
		return
	}
	p.done(c, classHref(class.ID, "people"), "class.enrolled_done", "Name", person.Name)
}

func (p *Pages) issueTickets(c *gin.Context) {
	class, err := p.classOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	n, err := p.Plan.IssueTickets(c.Request.Context(), visitorOf(c).actor(), class.ID)
	if err != nil {
		p.refused(c, classHref(class.ID, "people"), err)
		return
	}
	p.done(c, classHref(class.ID, "people"), "class.issued", "Count", n)
}

// renewTickets signs new tickets for those of a class that are over before its last session.
func (p *Pages) renewTickets(c *gin.Context) {
	class, err := p.classOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	n, err := p.Plan.RenewTickets(c.Request.Context(), visitorOf(c).actor(), class.ID)
	if err != nil {
		p.refused(c, classHref(class.ID, ""), err)
		return
	}
	p.done(c, classHref(class.ID, ""), "class.renewed", "Count", n)
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
	Form       *Form
}

func (p *Pages) enrollmentPage(c *gin.Context) { p.showEnrollment(c, "", &Form{}) }

func (p *Pages) showEnrollment(c *gin.Context, mistake string, form *Form) {
	view, err := p.enrollmentOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	view.Mistake, view.Form = mistake, form
	f := p.frame(c, templates.Say("enrollment.title", "Name", view.Name))
	f.Zone = view.Class.Zone
	f.Crumbs = append(crumbs("/classes", "classes.title"), templates.Crumb{Href: classHref(view.Class.ID, "people"), Name: view.Class.Code})
	show(p, c, "enrollment", f, view)
}

// enrollmentOf finds the place that the address names, within the scope.
func (p *Pages) enrollmentOf(c *gin.Context) (enrollmentView, error) {
	var view enrollmentView
	id, err := idParam(c)
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
	if !visitorOf(c).scope.Covers(view.Class.ProviderID) {
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
	if id := view.Enrollment.ParticipantID; id != nil && visitorOf(c).may(account.ManageTickets) {
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

func (p *Pages) cancelEnrollment(c *gin.Context) {
	view, err := p.enrollmentOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f := formOf(c)
	if err := p.Plan.Cancel(c.Request.Context(), visitorOf(c).actor(), view.Enrollment.ID, f.trimmed("cancel_reason")); err != nil {
		p.again(c, f, "cancel_reason", err, func() { p.showEnrollment(c, "cancel", f) })
		return
	}
	p.done(c, classHref(view.Class.ID, "people"), "enrollment.cancelled_done", "Name", view.Name)
}

func (p *Pages) revokeTicket(c *gin.Context) {
	view, err := p.enrollmentOf(c)
	if err == nil && view.Ticket == nil {
		err = store.ErrNotFound
	}
	if err != nil {
		p.fail(c, err)
		return
	}
	f := formOf(c)
	end, key := p.Plan.RevokeTicket, "enrollment.revoked_done"
	if f.Value("do") == "reissue" {
		end, key = p.Plan.ReissueTicket, "enrollment.reissued_done"
	}
	if err := end(c.Request.Context(), visitorOf(c).actor(), view.Ticket.ID, f.trimmed("ticket_reason")); err != nil {
		p.again(c, f, "ticket_reason", err, func() { p.showEnrollment(c, "ticket", f) })
		return
	}
	p.done(c, classHref(view.Class.ID, "people"), key, "Name", view.Name)
}
