package page

import (
	"slices"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/templates"
)

// HistoryLine is an entry with its action in words; an action that has none
// yet shows its code.
type HistoryLine struct {
	models.HistoryEntry
	What    templates.Text
	Changes []changeLine // field by field; nil: Detail says what there is to say
}

func (p *Kit) HistoryLines(c *gin.Context, rows []models.HistoryEntry) []HistoryLine {
	worded := []string{"pilot.add", "pilot.approve", "pilot.phase", "pilot.policy", "pilot.quota", "pilot.budget", "budget.export", "enrollment.add", "enrollment.cancel",
		"ticket.issue", "ticket.revoke", "ticket.reissue", "officer.add", "officer.pin", "officer.remove", "agent.add", "agent.enrol", "agent.epoch", "agent.rotate", "agent.revoke",
		"import.sites", "import.schedule", "import.participants", "attendance.correct", "server.restored", "case.confirmed", "case.dismissed", "bundle.import",
		"user.add", "user.setup", "user.password", "user.renew", "user.activate", "user.deactivate",
		"token.add", "token.revoke", "api.numbers", "completion.tasks", "webhook.add", "webhook.on", "webhook.off", "webhook.again", "webhook.dead",
		"autoplan.propose", "autoplan.accept", "class.add", "attendance.export", "session.add", "session.move", "session.cancel", "session.restore", "holiday.add", "holiday.remove",
		"bulk.enroll", "bulk.cancel", "bulk.transfer", "bulk.replace", "bulk.fill", "bulk.correct", "bulk.undo", "waiting.end", "class.close", "document.issue", "ticket.renew", "feed_address.open", "feed_address.revoke", "class.policy", "link.found", "ticket.export", "links.mail", "ticket.print", "badge.print", "request.add", "request.done", "request.refused", "consent.given", "person.erase"}
	lines := make([]HistoryLine, len(rows))
	for i, row := range rows {
		lines[i].HistoryEntry = row
		lines[i].Changes = p.changeLines(c, row)
		if slices.Contains(worded, row.Action) {
			lines[i].What = templates.Say("action." + row.Action)
		}
	}
	return lines
}
