package web

import (
	"github.com/gin-gonic/gin"

	"buktihadir/server/account"
)

// pilotTicketRoutes issue tickets to a whole pilot at once.
func (p *Pages) pilotTicketRoutes() []route {
	return []route{post("/pilots/:id/tickets", account.ManageTickets, p.issuePilotTickets)}
}

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
