package people

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/server/web/page"
)

// IssuePilotTickets issues the tickets that a pilot lacks.
func (p *Pages) IssuePilotTickets(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	n, err := p.Seating.IssuePilotTickets(c.Request.Context(), page.VisitorOf(c).Actor(), id)
	if err != nil {
		p.Refused(c, page.PilotHref(id), err)
		return
	}
	p.Done(c, page.PilotHref(id), "class.issued", "Count", n)
}

// RenewPilotTickets replaces the tickets of a pilot that aren't taken at all of their sessions.
func (p *Pages) RenewPilotTickets(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	classes, err := p.Store.Read(c.Request.Context()).ClassesOf(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	ids := make([]uuid.UUID, len(classes))
	for i, class := range classes {
		ids[i] = class.ID
	}
	n, err := p.Seating.RenewTickets(c.Request.Context(), page.VisitorOf(c).Actor(), ids...)
	if err != nil {
		p.Refused(c, page.PilotHref(id), err)
		return
	}
	p.Done(c, page.PilotHref(id), "class.renewed", "Count", n)
}
