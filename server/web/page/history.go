package page

import (
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/templates"
)

// HistoryLine is an entry of the history with its action as text; an action without a
// text shows its code.
type HistoryLine struct {
	models.HistoryEntry
	What    templates.Text
	Changes []changeLine // field by field; nil: Detail says what there is to say
}

// HistoryLines are entries of the history in words. An action without a text of its
// own shows as its code.
func (p *Kit) HistoryLines(c *gin.Context, rows []models.HistoryEntry) []HistoryLine {
	lines := make([]HistoryLine, len(rows))
	for i, row := range rows {
		lines[i].HistoryEntry = row
		lines[i].Changes = p.changeLines(c, row)
		switch {
		case row.Entity == "case":
			lines[i].What = p.caseDecided(c, row)
		case p.Set.Texts.Has("action." + row.Action):
			lines[i].What = templates.Say("action." + row.Action)
		}
	}
	return lines
}

// caseDecided says what was decided about a case, in the words of its kind.
func (p *Kit) caseDecided(c *gin.Context, row models.HistoryEntry) templates.Text {
	kind, _, _ := strings.Cut(row.Detail, " ")
	state, lang := strings.TrimPrefix(row.Action, "case."), templates.ChooseLang(c.Writer, c.Request)
	return templates.Say("action.case", "Case", p.Set.Texts.T(lang, "case."+kind),
		"State", p.Set.Texts.T(lang, templates.CaseStateKey(models.CaseKind(kind), models.CaseState(state))))
}
