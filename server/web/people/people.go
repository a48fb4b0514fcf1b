package people

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type participantsView struct {
	Form         *page.Form
	Participants []store.ParticipantEntry
	Pages        templates.Pagination
	MayPlan      bool
	Provinces    []templates.Option
	Places       []templates.Option
	Filter       string // the list's address, without its path
	Whole        bool   // the address finds the same list again: not by a personal number
}

// ParticipantsPage lists participants. Words in the address are names or
// registration numbers; personal numbers never stand there.
func (p *Pages) ParticipantsPage(c *gin.Context) {
	if words := c.Query("q"); personal(words) {
		c.Redirect(http.StatusSeeOther, "/participants")
		return
	}
	p.showParticipants(c, participantFilter(c.Request.URL.Query()), c.Request.URL.Query(), &page.Form{})
}

func participantFilter(q url.Values) store.ParticipantFilter {
	wave, _ := strconv.Atoi(q.Get("wave")) // empty: all
	return store.ParticipantFilter{Words: q.Get("q"), Wave: wave, Place: q.Get("place"), Province: q.Get("province")}
}

func (p *Pages) showParticipants(c *gin.Context, filter store.ParticipantFilter, query url.Values, f *page.Form) {
	slice, v := page.SliceOf(c), page.VisitorOf(c)
	filter.Provider = v.Scope.Provider()
	list, err := p.Store.Read(c.Request.Context()).ListParticipants(filter, slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	page.Show(p.Kit, c, "people/participants", p.Frame(c, templates.Say("participants.title")), participantsView{
		Form: f.Over(query), Participants: list.Rows, Pages: page.Paging(c, slice, len(list.Rows), list.Total), MayPlan: v.May(account.ManagePlan),
		Provinces: page.ProvinceOptions(), Places: page.Choices("participants.place_", "none", "waiting"), Filter: query.Encode(), Whole: !personal(filter.Words)})
}

// personal says whether somebody typed a NIK or a phone number.
func personal(words string) bool {
	_, nik := models.ParseNIK(words)
	_, phone := models.ParsePhone(words)
	return nik == nil || phone == nil
}

// FindParticipant takes a search. Words move into the address, where they can be
// kept and sent; a personal number is looked up here and is never shown again.
func (p *Pages) FindParticipant(c *gin.Context) {
	f := page.FormOf(c)
	if !personal(f.Value("q")) {
		q := url.Values{"q": {f.Trimmed("q")}, "wave": {f.Trimmed("wave")}}
		for _, name := range []string{"place", "province"} {
			if v := f.Value(name); v != "" {
				q.Set(name, v)
			}
		}
		c.Redirect(http.StatusSeeOther, "/participants?"+q.Encode())
		return
	}
	p.showParticipants(c, store.ParticipantFilter{Words: f.Value("q")}, url.Values{}, &page.Form{})
}

type participantView struct {
	Participant       models.Participant
	NIK, Phone, Email string // masked
	Regency           string
	Places            []store.PlaceEntry
	MayPlan           bool
	MayBadge          bool
	Link              string // of the ticket page; only for users who may issue tickets
	MayAsk            bool   // what has become of a receipt
	Receipt           page.ReceiptView
}

// ParticipantPage shows a participant with their enrolments.
func (p *Pages) ParticipantPage(c *gin.Context) {
	p.showParticipant(c, page.ReceiptView{Form: &page.Form{}})
}

// participantOf finds the participant that the address names, within the scope.
func (p *Pages) participantOf(c *gin.Context) (models.Participant, error) {
	id, err := page.IDParam(c)
	if err != nil {
		return models.Participant{}, err
	}
	return p.Store.Read(c.Request.Context()).ParticipantWithin(id, page.VisitorOf(c).Scope.Provider())
}

// AskReceipt says what has become of what a participant holds a receipt of, who reads it out, say.
func (p *Pages) AskReceipt(c *gin.Context) {
	person, err := p.participantOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	answer, err := p.Receipts.Ask(c.Request.Context(), person.ID, f.Value("code"))
	view, err := p.Kit.AskReceipt(f, answer, err)
	if err != nil || !f.Ok() {
		p.Again(c, f, "code", err, func() { p.showParticipant(c, view) })
		return
	}
	p.showParticipant(c, view)
}

func (p *Pages) showParticipant(c *gin.Context, asked page.ReceiptView) {
	person, err := p.participantOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	id, q, v := person.ID, p.Store.Read(c.Request.Context()), page.VisitorOf(c)
	view := participantView{Participant: person, MayPlan: v.May(account.ManagePlan), MayBadge: v.May(account.PrintBadges), Regency: person.Regency,
		MayAsk: v.May(account.ReviewCases), Receipt: asked}
	view.Receipt.Action = "/participants/" + id.String() + "/receipt"
	if view.NIK, view.Phone, err = q.MaskedNumbers(person); err != nil {
		p.Fail(c, err)
		return
	}
	email, err := q.EmailOf(person)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Email = models.MaskedEmail(email)
	if r, ok := region.RegencyByCode(person.Regency); ok {
		view.Regency = r.Name
	}
	if v.May(account.ManageTickets) {
		view.Link = p.linkTo(q.LinkOf(person))
	}
	if view.Places, err = q.PlacesOf(id, v.Scope.Provider()); err != nil {
		p.Fail(c, err)
		return
	}
	f := p.Frame(c, templates.Say("participant.title", "Name", person.Name))
	f.Crumbs = page.Crumbs("/participants", "participants.title")
	page.Show(p.Kit, c, "people/participant", f, view)
}

// RenewLink gives a participant another link to their ticket, and new tickets.
func (p *Pages) RenewLink(c *gin.Context) {
	person, err := p.participantOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	back := "/participants/" + person.ID.String()
	if _, err := p.Seating.RenewLink(c.Request.Context(), page.VisitorOf(c).Actor(), person.ID, c.PostForm("reason")); err != nil {
		p.Refused(c, back, err)
		return
	}
	p.Done(c, back, "participant.link_renewed")
}
