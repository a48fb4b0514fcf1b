package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/seating"
	"buktihadir/server/store"
	"buktihadir/templates/qr"
)

type ticketCmd struct {
	Issue  ticketIssueCmd  `cmd:"" help:"Issue tickets to everybody who has none."`
	List   ticketListCmd   `cmd:"" help:"List a class's tickets with their tokens and links."`
	Render ticketRenderCmd `cmd:"" help:"Write QR codes to files."`
	Renew  ticketRenewCmd  `cmd:"" help:"Replace the tickets that aren't accepted at every session: they end too early, or have a fixed code where that is refused."`
	Revoke ticketRevokeCmd `cmd:"" help:"Revoke a ticket."`
}

type ticketIssueCmd struct {
	Class string `xor:"of" required:"" help:"Code of a class." placeholder:"CODE"`
	Pilot string `xor:"of" required:"" help:"Code of a pilot." placeholder:"CODE"`
	JSON  bool   `name:"json" help:"Print one JSON object."`
}

// Run signs tickets.
func (c *ticketIssueCmd) Run(a *app) error {
	return a.sign(*c, "issued", "cli.tickets_issued", func(st *store.Store, classes []uuid.UUID) (int, error) {
		return seating.New(st).IssueTickets(a.ctx, byCLI(), classes...)
	})
}

type ticketRenewCmd struct{ ticketIssueCmd }

// Run replaces tickets.
func (c *ticketRenewCmd) Run(a *app) error {
	return a.sign(c.ticketIssueCmd, "renewed", "class.renewed", func(st *store.Store, classes []uuid.UUID) (int, error) {
		return seating.New(st).RenewTickets(a.ctx, byCLI(), classes...)
	})
}

// sign signs tickets of classes, and prints how many.
func (a *app) sign(of ticketIssueCmd, done, text string, sign func(*store.Store, []uuid.UUID) (int, error)) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	classes, err := a.classes(st, of.Class, of.Pilot)
	if err != nil {
		return err
	}
	n, err := sign(st, classes)
	if err != nil {
		return err
	}
	if of.JSON {
		return a.JSON(map[string]int{done: n})
	}
	fmt.Fprintln(a.Stdout, a.Say(text, "Count", n))
	return nil
}

func (a *app) classes(st *store.Store, class, pilot string) ([]uuid.UUID, error) {
	q := st.Read(a.ctx)
	if class != "" {
		row, err := q.ClassByCode(class)
		row, err = found(a, row, err, "class", class)
		return []uuid.UUID{row.ID}, err
	}
	row, err := q.PilotByCode(pilot)
	if row, err = found(a, row, err, "pilot", pilot); err != nil {
		return nil, err
	}
	rows, err := q.ClassesOf(row.ID)
	var ids []uuid.UUID
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids, err
}

// ticketPerson is whom a ticket is for.
type ticketPerson struct {
	Enrollment uuid.UUID         `json:"enrollment"`
	Name       string            `json:"name"`
	Number     string            `json:"number"`
	Role       models.PersonRole `json:"role"`
}

type ticketLine struct {
	Participant  ticketPerson     `json:"participant"`
	Class        string           `json:"class"`
	Ticket       models.Ref       `json:"ticket"`
	Token        string           `json:"token"`
	ValidFrom    models.LocalDate `json:"valid_from"`
	ValidUntil   models.LocalDate `json:"valid_until"`
	Status       string           `json:"status"` // valid or revoked
	RevokeReason string           `json:"revoke_reason,omitempty"`
	Link         string           `json:"link,omitempty"` // the participant's page
}

type ticketListCmd struct {
	publicFlag
	Class string `required:"" help:"Code of the class." placeholder:"CODE"`
	JSON  bool   `name:"json" help:"Print one JSON object per line."`
}

// Run lists tickets.
func (c *ticketListCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	public, err := c.address(a, st)
	if err != nil {
		return err
	}
	lines, err := a.tickets(st, c.Class, public)
	if err != nil {
		return err
	}
	return list(a, form(c.JSON), lines, []string{"NUMBER", "NAME", "TICKET", "VALID", "STATUS"}, func(l ticketLine) ticketLine { return l },
		func(l ticketLine) []string {
			return []string{l.Participant.Number, l.Participant.Name, l.Ticket.String(), string(l.ValidFrom + "…" + l.ValidUntil), l.Status}
		})
}

func (a *app) tickets(st *store.Store, code, public string) ([]ticketLine, error) {
	q := st.Read(a.ctx)
	class, err := q.ClassByCode(code)
	if class, err = found(a, class, err, "class", code); err != nil {
		return nil, err
	}
	places, err := q.Places(class.ID)
	if err != nil {
		return nil, err
	}
	var lines []ticketLine
	for _, p := range places {
		link := ""
		if p.Link != "" {
			link = public + "/t/" + p.Link
		}
		for _, t := range p.Tickets {
			l := ticketLine{
				Participant: ticketPerson{p.Enrollment.ID, p.Name, p.Number, p.Enrollment.Role}, Class: class.Code, Ticket: t.ID, Token: t.Token,
				ValidFrom: t.ValidFrom, ValidUntil: t.ValidUntil, Status: "valid", RevokeReason: t.RevokeReason, Link: link,
			}
			if t.RevokedAt != 0 {
				l.Status = "revoked"
			}
			lines = append(lines, l)
		}
	}
	return lines, nil
}

type ticketRenderCmd struct {
	Class  string `xor:"of" required:"" help:"Code of a class: everybody's valid ticket." placeholder:"CODE"`
	Ticket string `xor:"of" required:"" help:"One ticket, by its 16 digits." placeholder:"ID"`
	Out    string `required:"" help:"Folder for the files." type:"path" placeholder:"DIR"`
	Format string `help:"svg or png." enum:"svg,png" default:"svg"`
}

// Run draws QR codes.
func (c *ticketRenderCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	tokens := map[string]string{}
	if c.Ticket != "" {
		id, err := models.ParseRef(c.Ticket)
		if err != nil {
			return err
		}
		t, err := st.Read(a.ctx).Ticket(id)
		if t, err = found(a, t, err, "ticket", c.Ticket); err != nil {
			return err
		}
		tokens[c.Ticket] = t.Token
	} else {
		lines, err := a.tickets(st, c.Class, "")
		if err != nil {
			return err
		}
		for _, l := range lines {
			if l.Status == "valid" {
				tokens[l.Participant.Number] = l.Token
			}
		}
	}
	if err := os.MkdirAll(c.Out, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", c.Out, err)
	}
	for name, token := range tokens {
		if err := render(filepath.Join(c.Out, filepath.Base(name)+"."+c.Format), token, c.Format); err != nil {
			return err
		}
	}
	fmt.Fprintln(a.Stdout, a.Say("cli.tickets_drawn", "Count", len(tokens), "Folder", c.Out))
	return nil
}

func render(path, token, format string) error {
	code, err := qr.Encode(token, qr.Print)
	if err != nil {
		return err
	}
	content := []byte(code.SVG(token))
	if format == "png" {
		if content, err = code.PNG(12); err != nil {
			return err
		}
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

type ticketRevokeCmd struct {
	Ticket  string `required:"" help:"The ticket, by its 16 digits." placeholder:"ID"`
	Reason  string `required:"" help:"Reason."`
	Reissue bool   `help:"Issue a new ticket in its place."`
}

// Run revokes a ticket.
func (c *ticketRevokeCmd) Run(a *app) error {
	id, err := models.ParseRef(c.Ticket)
	if err != nil {
		return err
	}
	st, err := a.Open()
	if err != nil {
		return err
	}
	end := seating.New(st).RevokeTicket
	if c.Reissue {
		end = seating.New(st).ReissueTicket
	}
	err = end(a.ctx, byCLI(), id, c.Reason)
	if errors.Is(err, store.ErrNotFound) {
		return errors.New(a.Say("cli.not_found", "What", "ticket", "Code", c.Ticket))
	}
	if err == nil {
		fmt.Fprintln(a.Stdout, a.Say("cli.ticket_revoked", "Ticket", c.Ticket))
	}
	return err
}
