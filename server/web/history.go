package web

import (
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// historyLine is an entry with its action in words; an action that has none
// yet shows its code.
type historyLine struct {
	models.HistoryEntry
	What    templates.Text
	Changes []changeLine // field by field; nil: Detail says what there is to say
}

func (p *Pages) historyLines(c *gin.Context, rows []models.HistoryEntry) []historyLine {
	worded := []string{"pilot.add", "pilot.approve", "pilot.phase", "pilot.policy", "pilot.quota", "pilot.budget", "budget.export", "enrollment.add", "enrollment.cancel",
		"ticket.issue", "ticket.revoke", "ticket.reissue", "officer.add", "officer.pin", "officer.remove", "agent.add", "agent.enrol", "agent.epoch", "agent.rotate", "agent.revoke",
		"import.sites", "import.schedule", "import.participants", "attendance.correct", "server.restored", "bundle.import",
		"user.add", "user.setup", "user.password", "user.renew", "user.activate", "user.deactivate",
		"token.add", "token.revoke", "api.numbers", "completion.tasks", "webhook.add", "webhook.on", "webhook.off", "webhook.again", "webhook.dead",
		"autoplan.propose", "autoplan.accept", "class.add", "attendance.export", "session.add", "session.move", "session.cancel", "session.restore", "holiday.add", "holiday.remove",
		"bulk.enroll", "bulk.cancel", "bulk.transfer", "bulk.replace", "bulk.fill", "bulk.correct", "bulk.undo", "waiting.end", "class.close", "document.issue", "ticket.renew", "feed_address.open", "feed_address.revoke", "class.policy", "link.found", "ticket.export", "links.mail", "ticket.print", "badge.print", "request.add", "request.done", "request.refused", "consent.given", "person.erase"}
	lines := make([]historyLine, len(rows))
	for i, row := range rows {
		lines[i].HistoryEntry = row
		lines[i].Changes = p.changeLines(c, row)
		switch {
		case row.Entity == "case":
			lines[i].What = p.caseDecided(c, row)
		case slices.Contains(worded, row.Action):
			lines[i].What = templates.Say("action." + row.Action)
		}
	}
	return lines
}

// caseDecided says what was decided about a case, in the words of its kind.
func (p *Pages) caseDecided(c *gin.Context, row models.HistoryEntry) templates.Text {
	kind, _, _ := strings.Cut(row.Detail, " ")
	state, lang := strings.TrimPrefix(row.Action, "case."), templates.ChooseLang(c.Writer, c.Request)
	return templates.Say("action.case", "Case", p.Set.Texts.T(lang, "case."+kind),
		"State", p.Set.Texts.T(lang, templates.CaseStateKey(models.CaseKind(kind), models.CaseState(state))))
}

type historyView struct {
	Form    *Form
	Entries []historyLine
	Pages   templates.Pagination
}

func (p *Pages) historyPage(c *gin.Context) {
	slice := sliceOf(c)
	f := store.HistoryFilter{Entity: c.Query("entity"), EntityID: c.Query("id"), Actor: c.Query("actor")}
	if day := queryDate(c, "day", ""); day != "" {
		f.From, f.To = day.Start(models.ZoneWIB), day.AddDays(1).Start(models.ZoneWIB)
	}
	list, err := p.Store.Read(c.Request.Context()).ListHistory(f, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	show(p, c, "history", p.frame(c, templates.Say("history.title")), historyView{
		Form: &Form{values: c.Request.URL.Query()}, Entries: p.historyLines(c, list.Rows), Pages: pages(c, slice, len(list.Rows), list.Total)})
}
