package web

import (
	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/templates"
)

type historyView struct {
	Form    *Form
	Entries []models.HistoryEntry
	Pages   templates.Pagination
}

func (p *Pages) historyPage(c *gin.Context) {
	slice := sliceOf(c)
	list, err := p.Store.Read(c.Request.Context()).ListHistory(store.HistoryFilter{
		Entity: c.Query("entity"), EntityID: c.Query("id"), Actor: c.Query("actor")}, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	show(p, c, "history", p.frame(c, templates.Say("history.title")), historyView{
		Form: &Form{values: c.Request.URL.Query()}, Entries: list.Rows, Pages: pages(c, slice, len(list.Rows), list.Total)})
}
