package admin

import (
	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type historyView struct {
	Form    *page.Form
	Entries []page.HistoryLine
	Pages   templates.Pagination
}

// HistoryPage lists what the office has changed, newest first.
func (p *Pages) HistoryPage(c *gin.Context) {
	slice := page.SliceOf(c)
	f := store.HistoryFilter{Entity: c.Query("entity"), EntityID: c.Query("id"), Actor: c.Query("actor")}
	if day := page.QueryDate(c, "day", ""); day != "" {
		f.From, f.To = day.Start(models.ZoneWIB), day.AddDays(1).Start(models.ZoneWIB)
	}
	list, err := p.Store.Read(c.Request.Context()).ListHistory(f, slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	page.Show(p.Kit, c, "admin/history", p.Frame(c, templates.Say("history.title")), historyView{
		Form: &page.Form{Values: c.Request.URL.Query()}, Entries: p.HistoryLines(c, list.Rows), Pages: page.Paging(c, slice, len(list.Rows), list.Total)})
}
