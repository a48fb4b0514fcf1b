package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/agents"
	"buktihadir/server/office"
	"buktihadir/server/review"
	"buktihadir/server/store"
)

type agentCmd struct {
	Add    agentAddCmd    `cmd:"" help:"Create a one-time code that enrols a site-agent."`
	List   agentListCmd   `cmd:"" help:"List the agents and their state."`
	Rotate agentRotateCmd `cmd:"" help:"Give an agent a new bearer token the next time it connects."`
	Revoke agentRevokeCmd `cmd:"" help:"Deactivate an agent. What it has recorded is still accepted."`
}

type agentAddCmd struct {
	publicFlag
	Site string `required:"" help:"Code of the site." placeholder:"CODE"`
	Name string `help:"Name of the agent; default: the site's code."`
	// An invitation is for a site that has no network at all.
	Invite string `help:"Write an enrolment file for an agent without a network." type:"path" placeholder:"FILE"`
	JSON   bool   `name:"json" help:"Print one JSON object."`
}

// Run makes a code.
func (c *agentAddCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	site, err := st.Read(a.ctx).SiteByCode(c.Site)
	if site, err = found(a, site, err, "site", c.Site); err != nil {
		return err
	}
	code, err := agents.New(st).Add(a.ctx, byCLI(), site.ID, c.Name)
	if err != nil {
		return err
	}
	if c.Invite != "" {
		public, err := c.address(a, st)
		if err != nil {
			return err
		}
		if err := a.writeInvite(st, c.Invite, public, code.Text); err != nil {
			return err
		}
	}
	until := local(code.Expires, site.Zone)
	if c.JSON {
		return a.JSON(struct {
			Code    string `json:"code"`
			Site    string `json:"site"`
			Expires string `json:"expires"`
		}{code.Text, site.Code, until})
	}
	fmt.Fprintln(a.Stdout, a.Say("cli.agent_code", "Code", code.Text, "Until", until))
	return nil
}

// local writes an instant as RFC 3339 in a zone.
func local(m models.Millis, z models.Zone) string {
	return m.Time().In(z.Location()).Format(time.RFC3339)
}

// localOrNil is local, or null in JSON for no instant.
func localOrNil(m models.Millis, z models.Zone) *string {
	if m == 0 {
		return nil
	}
	s := local(m, z)
	return &s
}

type agentListCmd struct {
	JSON bool `name:"json" help:"Print one JSON object per line."`
}

// Run lists agents.
func (c *agentListCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	listed, err := st.Read(a.ctx).ListAgents(store.AgentFilter{}, everything())
	if err != nil {
		return err
	}
	type line struct {
		ID       uuid.UUID          `json:"agent"`
		Name     string             `json:"name"`
		Site     string             `json:"site"`
		Status   models.AgentStatus `json:"status"`
		Contact  *string            `json:"last_contact"`
		Reported *string            `json:"reported_until"`
		Unsent   int64              `json:"unsent"`
		Roster   int64              `json:"roster_revision"`
		Latest   int64              `json:"site_revision"`
		Offset   int64              `json:"clock_offset_ms"`
		Version  string             `json:"version"`
		Free     int64              `json:"disk_free,omitempty"`
		Total    int64              `json:"disk_total,omitempty"`
		Troubles []models.Ailment   `json:"troubles,omitempty"`
	}
	return list(a, form(c.JSON), listed.Rows, []string{"AGENT", "NAME", "SITE", "STATUS", "LAST CONTACT", "UNSENT", "ROSTER"},
		func(e store.AgentEntry) line {
			return line{e.ID, e.Name, e.SiteCode, e.Status, localOrNil(e.LastContact, e.Zone), localOrNil(e.ReportedUntil, e.Zone),
				e.Unsent, e.RosterRev, e.Revision, e.ClockOffset, e.Version, e.Disk.Free, e.Disk.Total, e.Ailing(a.Now())}
		},
		func(l line) []string {
			contact := ""
			if l.Contact != nil {
				contact = *l.Contact
			}
			return []string{l.ID.String(), l.Name, l.Site, string(l.Status), contact, strconv.FormatInt(l.Unsent, 10), fmt.Sprintf("%d/%d", l.Roster, l.Latest)}
		})
}

type agentRevokeCmd struct {
	agentChange
}

// Run revokes an agent.
func (c *agentRevokeCmd) Run(a *app) error {
	return c.change(a, "cli.agent_revoked", (*agents.Service).Revoke)
}

type agentRotateCmd struct {
	agentChange
}

// Run gives an agent another token; the present one works until the agent has it.
func (c *agentRotateCmd) Run(a *app) error {
	return c.change(a, "cli.agent_rotated", (*agents.Service).Rotate)
}

// agentChange is what commands that change one agent take.
type agentChange struct {
	Agent  string `required:"" help:"The agent's id." placeholder:"ID"`
	Reason string `help:"Reason."`
}

func (c *agentChange) change(a *app, done string, f func(*agents.Service, context.Context, office.Actor, uuid.UUID) (models.Agent, error)) error {
	id, err := uuid.Parse(c.Agent)
	if err != nil {
		return errors.New(a.Say("cli.not_found", "What", "agent", "Code", c.Agent))
	}
	st, err := a.Open()
	if err != nil {
		return err
	}
	agent, err := f(agents.New(st), a.ctx, byCLI().Because(c.Reason), id)
	if _, err = found(a, agent, err, "agent", c.Agent); err != nil {
		return err
	}
	fmt.Fprintln(a.Stdout, a.Say(done, "Agent", c.Agent))
	return nil
}

type attendanceCmd struct {
	Class string `required:"" help:"Code of the class." placeholder:"CODE"`
	JSON  bool   `name:"json" help:"Print one JSON object per line."`
}

// Run lists the attendance of everybody at every session of a class.
func (c *attendanceCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	q := st.Read(a.ctx)
	class, err := q.ClassByCode(c.Class)
	if class, err = found(a, class, err, "class", c.Class); err != nil {
		return err
	}
	site, err := q.Site(class.SiteID)
	if err != nil {
		return err
	}
	rows, err := review.OfClass(q, class.ID, a.Now())
	if err != nil {
		return err
	}
	type line struct {
		Person  ticketPerson            `json:"person"`
		Class   string                  `json:"class"`
		Session uuid.UUID               `json:"session"`
		Seq     int                     `json:"session_seq"`
		Status  models.AttendanceStatus `json:"status"`
		Derived models.AttendanceStatus `json:"derived"`
		FirstIn *string                 `json:"first_in"`
		LastOut *string                 `json:"last_out"`
		Minutes int                     `json:"minutes"`
		Flags   []models.Flag           `json:"flags"`
		Waiting bool                    `json:"waiting_for_site"`
		Final   bool                    `json:"final"`
	}
	return list(a, form(c.JSON), rows, []string{"SESSION", "NUMBER", "NAME", "STATUS", "IN", "OUT", "MINUTES"},
		func(r review.Row) line {
			return line{ticketPerson{r.Enrollment, r.Name, r.Number, r.Role}, class.Code, r.Session.ID, r.Session.Seq, r.Status, r.Derived,
				localOrNil(r.FirstIn, site.Zone), localOrNil(r.LastOut, site.Zone), r.Minutes, append([]models.Flag{}, r.Flags...), r.Waiting, r.Final}
		},
		func(l line) []string {
			text := func(s *string) string {
				if s == nil {
					return ""
				}
				return *s
			}
			return []string{strconv.Itoa(l.Seq), l.Person.Number, l.Person.Name, string(l.Status), text(l.FirstIn), text(l.LastOut), strconv.Itoa(l.Minutes)}
		})
}

type eventsCmd struct {
	Class string    `help:"Only of this class." placeholder:"CODE"`
	Agent uuid.UUID `help:"Only of this agent." placeholder:"ID"`
	Since time.Time `help:"Only received since this time." format:"2006-01-02T15:04:05Z07:00" placeholder:"2026-01-31T08:00:00+07:00"`
	JSON  bool      `name:"json" help:"Print one JSON object per line."`
}

// Run lists the stored events in the order in which they arrived.
func (c *eventsCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	q := st.Read(a.ctx)
	f := store.EventFilter{Agent: c.Agent}
	if !c.Since.IsZero() {
		f.Since = models.MillisOf(c.Since)
	}
	if c.Class != "" {
		row, err := q.ClassByCode(c.Class)
		if row, err = found(a, row, err, "class", c.Class); err != nil {
			return err
		}
		f.Class = row.ID
	}
	events, err := q.Events(f)
	if err != nil {
		return err
	}
	return list(a, form(c.JSON), events, []string{"AGENT", "SEQ", "OCCURRED", "KIND", "VERDICT", "ENROLLMENT"}, eventOf,
		func(l eventLine) []string {
			who := ""
			if l.Enrollment != nil {
				who = l.Enrollment.String()
			}
			return []string{l.Agent.String(), strconv.FormatInt(l.Seq, 10), l.Occurred, string(l.Kind), string(l.Verdict), who}
		})
}

type eventLine struct {
	Agent      uuid.UUID         `json:"agent"`
	Epoch      models.Epoch      `json:"epoch"`
	Seq        int64             `json:"seq"`
	Hash       models.Hash       `json:"hash"`
	Site       string            `json:"site"`
	Occurred   string            `json:"occurred"`
	OccurredMS models.Millis     `json:"occurred_ms"`
	ReceivedMS models.Millis     `json:"received_ms"`
	Confidence models.Confidence `json:"clock"`
	Kind       models.EventKind  `json:"kind"`
	Verdict    models.Verdict    `json:"verdict"`
	Method     models.Method     `json:"method"`
	Class      *uuid.UUID        `json:"class"`
	Session    *uuid.UUID        `json:"session"`
	Enrollment *uuid.UUID        `json:"enrollment"`
	Ticket     *models.Ref       `json:"ticket"`
	Desk       string            `json:"desk"`
	Reason     string            `json:"reason"`
	Target     int64             `json:"target,omitempty"`
	Quarantine string            `json:"quarantine,omitempty"`
	HandedMS   models.Millis     `json:"handed_ms,omitempty"` // of what a phone on its own held: when its agent got it
	Other      models.Verdict    `json:"other,omitempty"`     // and what the agent would have said
}

func eventOf(e store.EventAtSite) eventLine {
	return eventLine{e.AgentID, e.Epoch, e.Seq, e.Hash, e.SiteCode, local(e.Occurred, e.Zone), e.Occurred, e.Received, e.Confidence, e.Kind,
		e.Verdict, e.Method, e.ClassID, e.SessionID, e.EnrollmentID, e.TicketID, e.Desk, e.Reason, e.Target, e.Quarantine, e.HandedAt, e.Other}
}
