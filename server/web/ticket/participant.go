package ticket

import (
	"encoding/hex"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
	"buktihadir/templates/qr"
)

// offlineScript is the address of the service worker: it must lie where the
// pages lie that it answers for.
const offlineScript = "sw.js"

type passBody struct {
	Name, Number, Link string
	Passes             []passView
	Agreed             bool             // to what the data is for
	Receipt            page.ReceiptView `json:"-"`
	Mark               string           `json:"-"` // changes with all that the page shows
}

type passView struct {
	store.TicketPage
	Next     *store.TicketSession
	Where    models.Site // of the next session
	State    string      // key of the sentence that stands in a missing code's place
	Standing passStanding
	Map      string
	Code     template.HTML // the static code; of a live ticket what is shown until the first rotating one
	Tail     string        // hex key of the rotating codes; empty for a static ticket
	now      models.Millis
}

// Unsaid says that a session is going on and what is recorded of it so far would read as a
// judgement: who is outside for a moment has not left early.
func (v passView) Unsaid(s store.TicketSession) bool {
	judged := []models.AttendanceStatus{models.StatusLeftEarly, models.StatusUnverified, models.StatusAbsent}
	return s.Provisional() && s.EndsAt > v.now && slices.Contains(judged, s.Attendance)
}

// Zone is that of the next session's site.
func (v passView) Zone() models.Zone { return v.Where.Zone }

// PassPage shows participants their ticket, their schedule and their attendance.
func (p *Pages) PassPage(c *gin.Context) {
	if c.Param("link") == offlineScript {
		p.Set.Assets.File("ticket/offline.js").ServeHTTP(c.Writer, c.Request)
		return
	}
	p.showPass(c, "ticket/pass", qr.Screen)
}

// PassPrint shows a ticket as it is printed.
func (p *Pages) PassPrint(c *gin.Context) { p.showPass(c, "ticket/print", qr.Print) }

func (p *Pages) showPass(c *gin.Context, file string, use qr.Use) {
	person, passes, err := p.passesOf(c)
	if err != nil {
		p.failPass(c, err)
		return
	}
	f := p.Frame(c, templates.Say("pass.title", "Name", person.Name))
	body := passBody{Name: person.Name, Number: person.Number, Link: c.Param("link"),
		Receipt: page.ReceiptView{Action: page.ParticipantRoot + c.Param("link") + "/receipt", Form: &page.Form{}}}
	if body.Agreed, err = p.hasAgreed(c, person.ID); err != nil {
		p.failPass(c, err)
		return
	}
	for _, pass := range passes {
		v, err := passViewOf(pass, p.Now(), p.Set.Texts.T(f.Lang, "pass.code_of", "Name", person.Name), use)
		if err != nil {
			p.failPass(c, err)
			return
		}
		body.Passes = append(body.Passes, v)
	}
	p.privately(c)
	if body.Mark, err = markOf(f.Lang, body); err != nil {
		p.failPass(c, err)
		return
	}
	c.Header("ETag", `"`+body.Mark+`"`)
	if c.Request.Method == http.MethodHead { // a page that asks whether it is still true
		return
	}
	if err := p.Set.Render(c.Writer, file, templates.Page[passBody]{Frame: f, Body: body}); err != nil {
		p.failPass(c, err)
	}
}

// privately keeps a page out of caches that are not the participant's own.
func (p *Pages) privately(c *gin.Context) {
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Header("Cache-Control", "private, no-cache")
	c.Header("Referrer-Policy", "no-referrer")
}

func (p *Pages) passesOf(c *gin.Context) (models.Participant, []store.TicketPage, error) {
	q := p.Store.Read(c.Request.Context())
	person, err := q.ParticipantByLink(c.Param("link"))
	if err != nil {
		return person, nil, err
	}
	passes, err := q.TicketPagesOf(person.ID, p.Now())
	return person, passes, err
}

func passViewOf(pass store.TicketPage, now models.Millis, title string, use qr.Use) (passView, error) {
	v := passView{TicketPage: pass, Next: pass.Next(now), Where: pass.Place(now), Standing: passStandingOf(pass), Tail: hex.EncodeToString(pass.TailKey), now: now}
	if v.Where.Latitude != nil && v.Where.Longitude != nil {
		q := url.Values{"mlat": {degrees(*v.Where.Latitude)}, "mlon": {degrees(*v.Where.Longitude)}}
		v.Map = "https://www.openstreetmap.org/?" + q.Encode()
	}
	switch {
	case pass.Ended():
		v.State = "pass.place_ended"
	case !pass.Phase.Open() && pass.Phase != models.PhaseClosed:
		v.State = "pass.pilot_closed"
	case pass.Revoked:
		v.State = "pass.revoked"
	case pass.Ticket == nil:
		v.State = "pass.no_ticket"
	default:
		code, err := qr.Encode(pass.Ticket.Token, use)
		if err != nil {
			return v, err
		}
		v.Code = template.HTML(code.SVG(title)) //nolint:gosec // drawn here; the title is escaped
	}
	return v, nil
}

func degrees(f float64) string { return strconv.FormatFloat(f, 'f', 5, 64) }

func (p *Pages) failPass(c *gin.Context, err error) {
	p.Log.Debug("participant's page", "error", err)
	if !errors.Is(err, store.ErrNotFound) {
		p.Fail(c, err)
		return
	}
	p.privately(c)
	c.Status(http.StatusNotFound)
	f := p.Frame(c, templates.Say("pass.gone"))
	body := templates.Empty{Icon: "link", Title: f.Title, Text: templates.Say("pass.gone_text"), Href: FindPath, Button: "find.title"}
	if err := p.Set.Render(c.Writer, "ticket/error", templates.Page[templates.Empty]{Frame: f, Body: body}); err != nil {
		p.Log.Error("show an error", "error", err)
	}
}

// PassImage is a participant's code as a file.
func (p *Pages) PassImage(c *gin.Context) {
	_, passes, err := p.passesOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	name := c.Param("ticket")
	for _, pass := range passes {
		if pass.Ticket == nil || pass.Ticket.ID.String()+".png" != name {
			continue
		}
		code, err := qr.Encode(pass.Ticket.Token, qr.Print)
		if err != nil {
			p.Fail(c, err)
			return
		}
		png, err := code.PNG(12)
		if err != nil {
			p.Fail(c, err)
			return
		}
		c.Header("Cache-Control", "private, no-store")
		c.Header("Content-Disposition", `attachment; filename="`+pass.Class.Code+`.png"`)
		c.Data(http.StatusOK, "image/png", png)
		return
	}
	p.Fail(c, store.ErrNotFound)
}

type sheetBody struct {
	Class store.ClassEntry
	Cards []sheetCard
}

type sheetCard struct {
	Name, Number string
	Code         template.HTML
	Until        models.LocalDate
}

// ClassSheet is every valid ticket of a class on paper, eight to an A4 sheet.
func (p *Pages) ClassSheet(c *gin.Context) {
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		p.Fail(c, store.ErrNotFound)
		return
	}
	q := p.Store.Read(c.Request.Context())
	class, err := q.ClassEntry(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	places, err := q.Places(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	body := sheetBody{Class: class}
	for _, place := range places {
		for _, t := range place.Tickets {
			if t.RevokedAt != 0 {
				continue
			}
			code, err := qr.Encode(t.Token, qr.Print)
			if err != nil {
				p.Fail(c, err)
				return
			}
			svg := template.HTML(code.SVG(place.Name)) //nolint:gosec // drawn here; the title is escaped
			body.Cards = append(body.Cards, sheetCard{place.Name, place.Number, svg, t.ValidUntil})
		}
	}
	f := p.Frame(c, templates.Say("pass.sheet_title", "Class", class.Code))
	c.Header("Content-Type", "text/html; charset=utf-8")
	if err := p.Set.Render(c.Writer, "ticket/sheet", templates.Page[sheetBody]{Frame: f, Body: body}); err != nil {
		p.Fail(c, err)
	}
}
