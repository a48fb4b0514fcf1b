package ticket

import (
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// PassFeed is a participant's own schedule. It reminds them on the day before, and when it is
// time to set out.
func (p *Pages) PassFeed(c *gin.Context) {
	q := p.Store.Read(c.Request.Context())
	person, err := q.ParticipantByLink(c.Param("link"))
	if err != nil {
		p.failPass(c, err)
		return
	}
	rows, err := q.ScheduleOfParticipant(person.ID, p.Now().Add(-page.Remembered))
	if err != nil {
		p.failPass(c, err)
		return
	}
	p.SendCalendar(c, p.Set.Texts.T(templates.ChooseLang(c.Writer, c.Request), "product.name"), rows, 24*time.Hour, 2*time.Hour)
}
