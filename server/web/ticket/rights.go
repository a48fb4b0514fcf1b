package ticket

import (
	"errors"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// ownData is all that is known of a participant.
type ownData struct {
	Person            models.Participant
	NIK, Phone, Email string // masked
	Regency           string
	Places            []ownPlace
	Seen              []models.HistoryEntry // the users who saw whole numbers
	Agreed            models.Acknowledgement
	Requests          []ownRequest
}

type ownPlace struct {
	store.TicketPage
	Events      []store.EventEntry
	Corrections []ownCorrection
}

// Zone is the site's.
func (o ownPlace) Zone() models.Zone { return o.Site.Zone }

type ownCorrection struct {
	models.Correction
	Seq int // of the session
}

type ownRequest struct {
	models.DataRequest
	Words   string
	Overdue bool
}

// Given says that the participant has agreed to what the data is for, as it is now.
func (d ownData) Given() bool { return d.Agreed.GivenAt != 0 && d.Agreed.WithdrawnAt == 0 }

func (p *Pages) ownDataOf(c *gin.Context) (d ownData, err error) {
	q := p.Store.Read(c.Request.Context())
	person, passes, err := p.passesOf(c)
	if err != nil {
		return d, err
	}
	d.Person = person
	if d.NIK, d.Phone, err = q.MaskedNumbers(person); err != nil {
		return d, err
	}
	email, err := q.EmailOf(person)
	if err != nil {
		return d, err
	}
	d.Email = models.MaskedEmail(email)
	if r, ok := region.RegencyByCode(person.Regency); ok {
		d.Regency = r.Name
	}
	var lists []string
	for _, pass := range passes {
		place := ownPlace{TicketPage: pass}
		if place.Events, err = q.EventsOfPlace(pass.Enrollment); err != nil {
			return d, err
		}
		said, err := q.CorrectionsOfPlace(pass.Enrollment)
		if err != nil {
			return d, err
		}
		for _, x := range said {
			place.Corrections = append(place.Corrections, ownCorrection{x, seqOf(pass, x.SessionID)})
		}
		d.Places = append(d.Places, place)
		lists = append(lists, pass.Class.ID.String(), pass.Class.PilotID.String())
	}
	if d.Seen, err = q.NumbersSeen(person.CreatedAt, lists); err != nil {
		return d, err
	}
	if d.Agreed, err = q.Acknowledged(person.ID, models.PurposeVersion); err != nil && !errors.Is(err, store.ErrNotFound) {
		return d, err
	}
	d.Requests, err = p.requestsOf(q, person.ID)
	return d, err
}

func seqOf(pass store.TicketPage, session uuid.UUID) int {
	for _, s := range pass.Sessions {
		if s.ID == session {
			return s.Seq
		}
	}
	return 0
}

func (p *Pages) requestsOf(q store.Queries, participant uuid.UUID) ([]ownRequest, error) {
	rows, err := q.RequestsOf(participant)
	list := make([]ownRequest, len(rows))
	for i, r := range rows {
		list[i] = ownRequest{DataRequest: r, Overdue: r.Overdue(p.Now())}
		if list[i].Words, err = q.Said(r); err != nil {
			return nil, err
		}
	}
	return list, err
}

type ownDataView struct {
	ownData
	Link    string
	Purpose int
	Form    *page.Form
	Kinds   []templates.Option
}

// OwnDataPage shows participants what is stored of them.
func (p *Pages) OwnDataPage(c *gin.Context) { p.showOwnData(c, &page.Form{}) }

func (p *Pages) showOwnData(c *gin.Context, form *page.Form) {
	data, err := p.ownDataOf(c)
	if err != nil {
		p.failPass(c, err)
		return
	}
	view := ownDataView{ownData: data, Link: c.Param("link"), Purpose: models.PurposeVersion, Form: form}
	for _, kind := range models.RequestKinds() {
		view.Kinds = append(view.Kinds, templates.Option{Value: string(kind), Text: templates.Say("rights.ask_" + string(kind))})
	}
	p.privately(c)
	c.Header("Cache-Control", "no-store")
	page := templates.Page[ownDataView]{Frame: p.Frame(c, templates.Say("rights.title")), Body: view}
	if err := p.Set.Render(c.Writer, "ticket/data", page); err != nil {
		p.failPass(c, err)
	}
}

// Agree records that a participant agrees to what their data is for.
func (p *Pages) Agree(c *gin.Context) {
	ctx := c.Request.Context()
	person, err := p.Store.Read(ctx).ParticipantByLink(c.Param("link"))
	if err == nil {
		err = p.Privacy.Acknowledge(ctx, person.ID)
	}
	if err != nil {
		p.failPass(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, page.ParticipantRoot+c.Param("link")) // not where they came from: this link only
}

// SetReminders turns the mails on or off that remind of sessions.
func (p *Pages) SetReminders(c *gin.Context) {
	ctx := c.Request.Context()
	person, err := p.Store.Read(ctx).ParticipantByLink(c.Param("link"))
	if err == nil {
		err = p.Privacy.SetReminders(ctx, person.ID, c.PostForm("on") == "1")
	}
	if err != nil {
		p.failPass(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, page.ParticipantRoot+c.Param("link")+"/data#reminders")
}

// Ask puts a request before the office.
func (p *Pages) Ask(c *gin.Context) {
	ctx, f := c.Request.Context(), page.FormOf(c)
	person, err := p.Store.Read(ctx).ParticipantByLink(c.Param("link"))
	if err != nil {
		p.failPass(c, err)
		return
	}
	kind := models.RequestKind(f.Value("kind"))
	if !slices.Contains(models.RequestKinds(), kind) {
		f.Refuse("kind", "rights.choose")
	} else {
		err = p.Privacy.Ask(ctx, person.ID, kind, f.Value("said"))
	}
	if err != nil || !f.Ok() {
		p.Again(c, f, "said", err, func() { p.showOwnData(c, f) })
		return
	}
	c.Redirect(http.StatusSeeOther, page.ParticipantRoot+c.Param("link")+"/data#asked")
}

// hasAgreed says that a participant agrees to what their data is for, as it is now.
func (p *Pages) hasAgreed(c *gin.Context, participant uuid.UUID) (bool, error) {
	row, err := p.Store.Read(c.Request.Context()).Acknowledged(participant, models.PurposeVersion)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return row.WithdrawnAt == 0, err
}
