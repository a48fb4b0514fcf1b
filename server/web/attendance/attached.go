package attendance

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// Picture gives the photograph that belongs to an event: of an ID card, a doctor's
// letter, an attendance sheet.
func (p *Pages) Picture(c *gin.Context) {
	agent, err := page.ParamID(c, "agent")
	if err != nil {
		p.Fail(c, err)
		return
	}
	var epoch models.Epoch
	seq, err := strconv.ParseInt(c.Param("seq"), 10, 64)
	if err != nil || epoch.UnmarshalText([]byte(c.Param("epoch"))) != nil {
		p.Fail(c, store.ErrNotFound)
		return
	}
	q := p.Store.Read(c.Request.Context())
	event, err := q.Event(agent, epoch, seq)
	var a journal.Attachment
	if err == nil {
		a, err = q.Attachment(event)
	}
	if err == nil && len(a.Photo) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	c.Header("Content-Disposition", "inline")
	c.Data(http.StatusOK, "image/jpeg", a.Photo)
}

// whose lists the people who may have been the walk-in: those who were not seen at the
// session. People whose ID card ends in the given digits come first.
func whose(q store.Queries, session models.Session, who journal.Attachment) ([]templates.Option, error) {
	people, err := q.NotSeen(session)
	if err != nil {
		return nil, err
	}
	same := func(p store.NotSeen) bool {
		return who.Number != "" && (p.NIK4 == who.Number || p.Number == who.Number)
	}
	slices.SortStableFunc(people, func(a, b store.NotSeen) int {
		switch {
		case same(a) == same(b):
			return 0
		case same(a):
			return -1
		}
		return 1
	})
	options := []templates.Option{{Text: templates.Say("cases.whose_none")}}
	for _, p := range people {
		o := templates.Option{Value: p.Number, Name: p.Name + " · " + p.Number}
		if same(p) {
			o = templates.Option{Value: p.Number, Text: templates.Say("cases.whose_same", "Name", p.Name, "Number", p.Number)}
		}
		options = append(options, o)
	}
	return options, nil
}
