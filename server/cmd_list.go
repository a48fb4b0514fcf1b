package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/plan"
	"buktihadir/server/store"
)

type siteCmd struct {
	List siteListCmd `cmd:"" help:"List the sites."`
}

type siteListCmd struct {
	JSON bool `name:"json" help:"Print one JSON object per line."`
}

// Run lists sites.
func (c *siteListCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	sites, err := st.Read(a.ctx).Sites()
	if err != nil {
		return err
	}
	type line struct {
		Code     string        `json:"site"`
		Name     string        `json:"name"`
		Regency  string        `json:"regency"`
		Zone     models.Zone   `json:"zone"`
		Capacity int           `json:"capacity"`
		Remote   bool          `json:"disadvantaged"`
		Rhythm   models.Rhythm `json:"rhythm"`
	}
	return list(a, form(c.JSON), sites, []string{"SITE", "NAME", "REGENCY", "ZONE", "CAPACITY", "RHYTHM"},
		func(s models.Site) line {
			return line{s.Code, s.Name, s.Regency, s.Zone, s.Capacity, s.Disadvantaged, s.Rhythm}
		},
		func(l line) []string {
			return []string{l.Code, l.Name, l.Regency, string(l.Zone), strconv.Itoa(l.Capacity), string(l.Rhythm)}
		})
}

type classCmd struct {
	List classListCmd `cmd:"" help:"List the classes."`
}

type classListCmd struct {
	JSON bool `name:"json" help:"Print one JSON object per line."`
}

// everything is a list without an end.
func everything() store.Slice { return store.Slice{Limit: 1 << 30} }

// Run lists classes.
func (c *classListCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	classes, err := st.Read(a.ctx).ListClasses(store.ClassFilter{}, everything())
	if err != nil {
		return err
	}
	type line struct {
		Code     string `json:"class"`
		Course   string `json:"course"`
		Provider string `json:"provider"`
		Site     string `json:"site"`
		Pilot    string `json:"pilot"`
		Capacity int    `json:"capacity"`
		Enrolled int    `json:"enrolled"`
		Sessions int    `json:"sessions"`
	}
	return list(a, form(c.JSON), classes.Rows, []string{"CLASS", "COURSE", "SITE", "ENROLLED", "SESSIONS"},
		func(e store.ClassEntry) line {
			return line{e.Code, e.CourseTitle, e.ProviderName, e.SiteCode, e.PilotCode, e.Capacity, e.Enrolled, e.Sessions}
		},
		func(l line) []string {
			return []string{l.Code, l.Course, l.Site, fmt.Sprintf("%d/%d", l.Enrolled, l.Capacity), strconv.Itoa(l.Sessions)}
		})
}

type sessionCmd struct {
	List sessionListCmd `cmd:"" help:"List a class's sessions."`
}

type sessionListCmd struct {
	Class string `required:"" help:"Code of the class." placeholder:"CODE"`
	JSON  bool   `name:"json" help:"Print one JSON object per line."`
}

// Run lists sessions.
func (c *sessionListCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	q := st.Read(a.ctx)
	class, err := q.ClassByCode(c.Class)
	if class, err = found(a, class, err, "class", c.Class); err != nil {
		return err
	}
	sessions, err := q.ListSessions(store.SessionFilter{Class: class.ID}, everything())
	if err != nil {
		return err
	}
	type line struct {
		ID     uuid.UUID            `json:"session"`
		Class  string               `json:"class"`
		Seq    int                  `json:"session_seq"`
		Start  string               `json:"start"`
		End    string               `json:"end"`
		Room   string               `json:"room"`
		Status models.SessionStatus `json:"status"`
	}
	return list(a, form(c.JSON), sessions.Rows, []string{"SEQ", "START", "END", "ROOM", "STATUS"},
		func(e store.SessionEntry) line {
			local := func(m models.Millis) string { return m.Time().In(e.Zone.Location()).Format(time.RFC3339) }
			return line{e.ID, e.ClassCode, e.Seq, local(e.StartsAt), local(e.EndsAt), e.Room, e.Status}
		},
		func(l line) []string { return []string{strconv.Itoa(l.Seq), l.Start, l.End, l.Room, string(l.Status)} })
}

type participantCmd struct {
	List participantListCmd `cmd:"" help:"List participants. ID and phone numbers are masked."`
}

type participantListCmd struct {
	JSON bool `name:"json" help:"Print one JSON object per line."`
}

// Run lists participants.
func (c *participantListCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	q := st.Read(a.ctx)
	people, err := q.ListParticipants(store.ParticipantFilter{}, everything())
	if err != nil {
		return err
	}
	type line struct {
		Number string `json:"number"`
		Name   string `json:"name"`
		NIK    string `json:"nik"`
		Phone  string `json:"phone"`
		Wave   int    `json:"wave"`
	}
	return list(a, form(c.JSON), people.Rows, []string{"NUMBER", "NAME", "NIK", "PHONE", "WAVE"},
		func(e store.ParticipantEntry) line {
			nik, phone, err := q.MaskedNumbers(e.Participant)
			if err != nil {
				nik, phone = "?", "?"
			}
			return line{e.Number, e.Name, nik, phone, e.Wave}
		},
		func(l line) []string { return []string{l.Number, l.Name, l.NIK, l.Phone, strconv.Itoa(l.Wave)} })
}

type officerCmd struct {
	Add officerAddCmd `cmd:"" help:"Add an officer for a site's desks and print the PIN."`
}

type officerAddCmd struct {
	Site       string `required:"" help:"Code of the site." placeholder:"CODE"`
	Name       string `required:"" help:"Name."`
	PIN        string `name:"pin" help:"Six digits; chosen at random if left out." placeholder:"PIN"`
	Supervisor bool   `help:"Supervisor: may admit people whom the desk refuses."`
	JSON       bool   `name:"json" help:"Print one JSON object."`
}

// Run adds an officer.
func (c *officerAddCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	site, err := st.Read(a.ctx).SiteByCode(c.Site)
	if site, err = found(a, site, err, "site", c.Site); err != nil {
		return err
	}
	o, pin, err := plan.New(st).AddOfficer(a.ctx, byCLI(), site.ID, c.Name, c.PIN, c.Supervisor)
	if err != nil {
		return err
	}
	if c.JSON {
		return a.JSON(struct {
			ID   uuid.UUID `json:"officer"`
			Name string    `json:"name"`
			PIN  string    `json:"pin"`
		}{o.ID, o.Name, pin})
	}
	fmt.Fprintln(a.Stdout, a.Say("cli.officer_added", "Name", o.Name, "PIN", pin))
	return nil
}
