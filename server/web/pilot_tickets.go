package web

import (
	"github.com/gin-gonic/gin"
)

func (p *Pages) issuePilotTickets(c *gin.Context) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	n, err := p.Seating.IssuePilotTickets(c.Request.Context(), visitorOf(c).actor(), id)
	if err != nil {
		p.refused(c, pilotHref(id), err)
		return
	}
	p.done(c, pilotHref(id), "class.issued", "Count", n)
}
