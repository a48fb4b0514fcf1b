package people

import (
	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/privacy"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type requestLine struct {
	store.RequestEntry
	Overdue bool
}

type requestsView struct {
	Tabs  []page.Tab
	Open  bool
	Lines []requestLine
	Pages templates.Pagination
}

// RequestsPage lists participants' requests about their data, the first due first.
func (p *Pages) RequestsPage(c *gin.Context) {
	slice, open := page.SliceOf(c), c.Query("state") != "answered"
	q := p.Store.Read(c.Request.Context())
	requests := q.OpenRequests
	if !open {
		requests = q.AnsweredRequests
	}
	list, err := requests(slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := requestsView{Open: open, Pages: page.Paging(c, slice, len(list.Rows), list.Total),
		Tabs: []page.Tab{{Text: templates.Say("requests.open"), Href: "/requests", Now: open},
			{Text: templates.Say("requests.decided"), Href: "/requests?state=answered", Now: !open}}}
	for _, r := range list.Rows {
		view.Lines = append(view.Lines, requestLine{r, r.Overdue(p.Now())})
	}
	page.Show(p.Kit, c, "people/requests", p.Frame(c, templates.Say("requests.title")), view)
}

type requestView struct {
	Request models.DataRequest
	Person  models.Participant
	Words   string
	Overdue bool
	Places  []store.PlaceEntry
	Form    *page.Form
	Choices []templates.Option
}

// RequestPage shows what a participant asks of their data.
func (p *Pages) RequestPage(c *gin.Context) { p.showRequest(c, &page.Form{}) }

func (p *Pages) showRequest(c *gin.Context, form *page.Form) {
	view := requestView{Form: form, Choices: []templates.Option{
		{Value: string(models.RequestDone), Text: templates.Say("requests.do")}, {Value: string(models.RequestRefused), Text: templates.Say("requests.refuse")}}}
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	q := p.Store.Read(c.Request.Context())
	if view.Request, err = q.Request(id); err == nil {
		view.Overdue = view.Request.Overdue(p.Now())
		view.Person, err = q.Participant(view.Request.ParticipantID)
	}
	if err == nil {
		view.Words, err = q.Said(view.Request)
	}
	if err == nil {
		view.Places, err = q.PlacesOf(view.Person.ID, nil)
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := p.Frame(c, templates.Say("requests.one", "Name", view.Person.Name))
	f.Crumbs = page.Crumbs("/requests", "requests.title")
	page.Show(p.Kit, c, "people/request", f, view)
}

// AnswerRequest takes the answer to what a participant asks of their data.
func (p *Pages) AnswerRequest(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	state := models.RequestState(f.Value("state"))
	if state != models.RequestDone && state != models.RequestRefused {
		f.Refuse("state", "requests.choose")
	} else {
		err = p.Privacy.AnswerRequest(c.Request.Context(), page.VisitorOf(c).Actor(), id, privacy.Answer{
			Done: state == models.RequestDone, Words: f.Value("answer"), Settled: f.Checked("settled"), Anyway: f.Checked("anyway")})
	}
	if err != nil || !f.Ok() {
		p.Again(c, f, "answer", err, func() { p.showRequest(c, f) })
		return
	}
	p.Done(c, "/requests", "requests.answered_done")
}
