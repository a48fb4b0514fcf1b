package people

import (
	"github.com/gin-gonic/gin"

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
