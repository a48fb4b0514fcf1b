package people

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/document"
	"buktihadir/server/office"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// perPrint is about how many tickets one file of a pilot has: 63 sheets.
const perPrint = 500

// ticketsPrinted is the history's word for tickets on paper.
const ticketsPrinted = "ticket.print"

// ClassTickets is the tickets of a class as PDF, to print.
func (p *Pages) ClassTickets(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.printTickets(c, store.PrintFilter{Class: class.ID}, class.Code, office.Done{Entity: "class", ID: class.ID.String(), Detail: class.Code})
}

// PilotTickets is a part of the tickets of a pilot as PDF, to print.
func (p *Pages) PilotTickets(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	part := store.PrintPart{From: c.Query("from"), To: c.Query("to")}
	p.printTickets(c, store.PrintFilter{Pilot: id, From: part.From, To: part.To}, part.From+"-"+part.To,
		office.Done{Entity: "pilot", ID: id.String(), Detail: nameOfPart(part)})
}

func nameOfPart(p store.PrintPart) string {
	if p.From == p.To {
		return p.From
	}
	return p.From + " – " + p.To
}

func (p *Pages) printTickets(c *gin.Context, f store.PrintFilter, name string, done office.Done) {
	rows, err := p.Store.Read(c.Request.Context()).TicketsToPrint(f, document.MostCards+1)
	if err == nil && len(rows) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	cards := make([]document.Card, len(rows))
	for i, r := range rows {
		cards[i] = document.Card{Class: r.ClassCode, Name: r.Name, Number: r.Number, Token: r.Token, Until: r.ValidUntil}
	}
	content, err := p.Printer().Tickets(name, p.Now(), cards)
	if errors.Is(err, document.ErrTooLong) {
		p.ShowError(c, http.StatusUnprocessableEntity, "too_long")
		return
	}
	if err == nil {
		done.Action = ticketsPrinted
		err = page.VisitorOf(c).Actor().Log(c.Request.Context(), p.Store, done)
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.Download(c, fmt.Sprintf("tiket-%s.pdf", plainName(name)), "application/pdf", content)
}

// printLine is one file of a pilot's tickets, with the user who downloaded it last.
type printLine struct {
	store.PrintPart
	Name, Href string
	Last       *models.HistoryEntry
}

type printsView struct {
	Pilot models.Pilot
	Lines []printLine
	Total int // tickets
	Had   int // files that somebody has had
}

// PilotPrints lists the files of a pilot's tickets, and which were had already.
func (p *Pages) PilotPrints(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	q := p.Store.Read(c.Request.Context())
	var view printsView
	if view.Pilot, err = q.Pilot(id); err != nil {
		p.Fail(c, err)
		return
	}
	parts, err := q.PrintParts(id, perPrint)
	if err != nil {
		p.Fail(c, err)
		return
	}
	had, err := p.printed(q, id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	for _, part := range parts {
		line := printLine{PrintPart: part, Name: nameOfPart(part), Last: had[nameOfPart(part)],
			Href: "/pilots/" + id.String() + "/tickets.pdf?" + url.Values{"from": {part.From}, "to": {part.To}}.Encode()}
		if view.Total += part.Count; line.Last != nil {
			view.Had++
		}
		view.Lines = append(view.Lines, line)
	}
	f := p.Frame(c, templates.Say("prints.title", "Pilot", view.Pilot.Code))
	f.Crumbs = append(page.Crumbs("/pilots", "pilots.title"), templates.Crumb{Href: "/pilots/" + id.String(), Name: view.Pilot.Code})
	page.Show(p.Kit, c, "people/prints", f, view)
}

// printed is who had which file of a pilot last.
func (p *Pages) printed(q store.Queries, pilot uuid.UUID) (map[string]*models.HistoryEntry, error) {
	const most = 1000
	list, err := q.ListHistory(store.HistoryFilter{Entity: "pilot", EntityID: pilot.String()}, store.Slice{Limit: most})
	had := map[string]*models.HistoryEntry{}
	for i, h := range list.Rows {
		if h.Action == ticketsPrinted && had[h.Detail] == nil { // the newest first
			had[h.Detail] = &list.Rows[i]
		}
	}
	return had, err
}
