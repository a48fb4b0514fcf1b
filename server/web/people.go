package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

type participantsView struct {
	Form         *Form
	Participants []store.ParticipantEntry
	Pages        templates.Pagination
	MayPlan      bool
	Provinces    []templates.Option
	Places       []templates.Option
	Filter       string // the list's address, without its path
	Whole        bool   // the address finds the same list again: not by a personal number
}

// participantsPage lists participants. Words in the address are names or
// registration numbers; personal numbers never stand there.
func (p *Pages) participantsPage(c *gin.Context) {
	if words := c.Query("q"); personal(words) {
		c.Redirect(http.StatusSeeOther, "/participants")
		return
	}
	p.showParticipants(c, participantFilter(c.Request.URL.Query()), c.Request.URL.Query(), &Form{})
}

func participantFilter(q url.Values) store.ParticipantFilter {
	wave, _ := strconv.Atoi(q.Get("wave")) // none: all
	return store.ParticipantFilter{Words: q.Get("q"), Wave: wave, Place: q.Get("place"), Province: q.Get("province")}
}

func (p *Pages) showParticipants(c *gin.Context, filter store.ParticipantFilter, query url.Values, f *Form) {
	slice, v := sliceOf(c), visitorOf(c)
	filter.Provider = v.scope.Provider()
	list, err := p.Store.Read(c.Request.Context()).ListParticipants(filter, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	show(p, c, "participants", p.frame(c, templates.Say("participants.title")), participantsView{
		Form: f.over(query), Participants: list.Rows, Pages: pages(c, slice, len(list.Rows), list.Total), MayPlan: v.may(account.ManagePlan),
		Provinces: provinceOptions(), Places: choices("participants.place_", "none", "waiting"), Filter: query.Encode(), Whole: !personal(filter.Words)})
}

// personal says whether somebody typed a NIK or a phone number.
func personal(words string) bool {
	_, nik := models.ParseNIK(words)
	_, phone := models.ParsePhone(words)
	return nik == nil || phone == nil
}

// findParticipant takes a search. Words move into the address, where they can be
// kept and sent; a personal number is looked up here and is never shown again.
func (p *Pages) findParticipant(c *gin.Context) {
	f := formOf(c)
	if !personal(f.Value("q")) {
		q := url.Values{"q": {f.trimmed("q")}, "wave": {f.trimmed("wave")}}
		for _, name := range []string{"place", "province"} {
			if v := f.Value(name); v != "" {
				q.Set(name, v)
			}
		}
		c.Redirect(http.StatusSeeOther, "/participants?"+q.Encode())
		return
	}
	p.showParticipants(c, store.ParticipantFilter{Words: f.Value("q")}, url.Values{}, &Form{})
}

type participantView struct {
	Participant       models.Participant
	NIK, Phone, Email string // masked
	Regency           string
	Places            []store.PlaceEntry
	MayPlan           bool
	MayBadge          bool
	Link              string // of the ticket page; only for who may sign
}

func (p *Pages) participantPage(c *gin.Context) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	q, v := p.Store.Read(c.Request.Context()), visitorOf(c)
	person, err := q.ParticipantWithin(id, v.scope.Provider())
	if err != nil {
		p.fail(c, err)
		return
	}
	view := participantView{Participant: person, MayPlan: v.may(account.ManagePlan), MayBadge: v.may(account.PrintBadges), Regency: person.Regency}
	if view.NIK, view.Phone, err = q.MaskedNumbers(person); err != nil {
		p.fail(c, err)
		return
	}
	email, err := q.EmailOf(person)
	if err != nil {
		p.fail(c, err)
		return
	}
	view.Email = models.MaskedEmail(email)
	if r, ok := region.RegencyByCode(person.Regency); ok {
		view.Regency = r.Name
	}
	if v.may(account.ManageTickets) {
		view.Link = p.linkTo(q.LinkOf(person))
	}
	if view.Places, err = q.PlacesOf(id, v.scope.Provider()); err != nil {
		p.fail(c, err)
		return
	}
	f := p.frame(c, templates.Say("participant.title", "Name", person.Name))
	f.Crumbs = crumbs("/participants", "participants.title")
	show(p, c, "participant", f, view)
}
