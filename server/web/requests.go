package web

import (
	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/privacy"
	"buktihadir/server/store"
	"buktihadir/templates"
)

type requestLine struct {
	store.RequestEntry
	Overdue bool
}

type requestsView struct {
	Tabs  []pageTab
	Open  bool
	Lines []requestLine
	Pages templates.Pagination
}

// requestsPage lists what participants ask about their data, what is due first first.
func (p *Pages) requestsPage(c *gin.Context) {
	slice, open := sliceOf(c), c.Query("state") != "answered"
	q := p.Store.Read(c.Request.Context())
	requests := q.OpenRequests
	if !open {
		requests = q.AnsweredRequests
	}
	list, err := requests(slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := requestsView{Open: open, Pages: pages(c, slice, len(list.Rows), list.Total),
		Tabs: []pageTab{{templates.Say("requests.open"), "/requests", open}, {templates.Say("requests.decided"), "/requests?state=answered", !open}}}
	for _, r := range list.Rows {
		view.Lines = append(view.Lines, requestLine{r, r.Overdue(p.Now())})
	}
	show(p, c, "requests", p.frame(c, templates.Say("requests.title")), view)
}

type requestView struct {
	Request models.DataRequest
	Person  models.Participant
	Words   string
	Overdue bool
	Places  []store.PlaceEntry
	Form    *Form
	Choices []templates.Option
}

func (p *Pages) requestPage(c *gin.Context) { p.showRequest(c, &Form{}) }

func (p *Pages) showRequest(c *gin.Context, form *Form) {
	view := requestView{Form: form, Choices: []templates.Option{
		{Value: string(models.RequestDone), Text: templates.Say("requests.do")}, {Value: string(models.RequestRefused), Text: templates.Say("requests.refuse")}}}
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
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
		p.fail(c, err)
		return
	}
	f := p.frame(c, templates.Say("requests.one", "Name", view.Person.Name))
	f.Crumbs = crumbs("/requests", "requests.title")
	show(p, c, "request", f, view)
}

func (p *Pages) answerRequest(c *gin.Context) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f := formOf(c)
	state := models.RequestState(f.Value("state"))
	if state != models.RequestDone && state != models.RequestRefused {
		f.refuse("state", "requests.choose")
	} else {
		err = p.Privacy.AnswerRequest(c.Request.Context(), visitorOf(c).actor(), id, privacy.Answer{
			Done: state == models.RequestDone, Words: f.Value("answer"), Settled: f.checked("settled"), Anyway: f.checked("anyway")})
	}
	if err != nil || !f.ok() {
		p.again(c, f, "answer", err, func() { p.showRequest(c, f) })
		return
	}
	p.done(c, "/requests", "requests.answered_done")
}
