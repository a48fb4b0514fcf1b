package main

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
)

type statusCmd struct {
	JSON bool `name:"json" help:"Print one JSON object."`
}

// statusAnswer is what status says with --json. Its names are stable.
type statusAnswer struct {
	Agent       uuid.UUID         `json:"agent"`
	Name        string            `json:"name"`
	Site        string            `json:"site"`
	SiteName    string            `json:"site_name"`
	Server      string            `json:"server"`
	Head        uint64            `json:"head"`
	Acked       uint64            `json:"acked"`
	Unsent      uint64            `json:"unsent"`
	Roster      rosterAnswer      `json:"roster"`
	Clock       models.Confidence `json:"clock"`
	ClockOffset int64             `json:"clock_offset_ms"`
	LastContact string            `json:"last_contact,omitempty"`
	Verified    bool              `json:"journal_verified"`
	OtherRecord bool              `json:"server_shows_other_record,omitempty"`
	Disk        *diskAnswer       `json:"disk,omitempty"` // absent: it can't be measured
}

type diskAnswer struct {
	Free   int64 `json:"free"` // bytes
	Total  int64 `json:"total"`
	Scans  int64 `json:"scans"` // for about how many more there is room
	Little bool  `json:"little"`
}

type rosterAnswer struct {
	Revision  uint64 `json:"revision"`
	People    int    `json:"people"`
	Confirmed string `json:"confirmed,omitempty"`
	AgeS      int64  `json:"age_s"` // -1: never complete
	Alarm     string `json:"alarm,omitempty"`
}

// Run reads the whole journal and checks every link of it, so that what status
// says about it has been proven.
func (c *statusCmd) Run(a *app) error {
	d, err := a.openDesk()
	if err != nil {
		return err
	}
	defer d.Close()
	s, err := d.Status(a.ctx)
	if err != nil {
		return err
	}
	if err := a.store.QuickCheck(a.ctx); err != nil {
		return a.explain(err)
	}
	if _, err := a.store.Verify(a.ctx); err != nil {
		return fmt.Errorf("%s: %w", a.text("terminal.tampered"), err)
	}
	disk := a.disk()
	if c.JSON {
		return writeLine(a, statusAnswerOf(s, a.clock().Wall, disk))
	}
	formats := a.pages.Texts.Formats(a.Lang)
	zone := s.Site.Zone
	for _, line := range []struct{ key, value string }{
		{"site", fmt.Sprintf("%s · %s", s.Site.Code, s.Site.Name)},
		{"agent", fmt.Sprintf("%s · %s", s.Name, s.Agent)},
		{"server", s.ServerURL},
		{"journal", a.text("terminal.status.events", "Head", s.Head, "Unsent", s.Unsent)},
		{"roster", a.text("terminal.status.people", "People", s.People, "At", formats.DateTime(s.RosterConfirmed, zone))},
		{"clock", a.confidence(s)},
		{"contact", formats.DateTime(s.LastContact, zone)},
		{"disk", a.diskWords(disk)},
	} {
		if _, err := fmt.Fprintf(a.stdout, "%-18s %s\n", a.text("terminal.status."+line.key), line.value); err != nil {
			return err
		}
	}
	if disk.Little() {
		if err := a.say("desk.disk_little", "Count", formats.Number(disk.Scans())); err != nil {
			return err
		}
	}
	if s.OtherRecord {
		if err := a.say("log.witness_alarm"); err != nil {
			return err
		}
	}
	if s.Restored != 0 {
		if err := a.say("log.witness_restored", "At", formats.DateTime(s.Restored, zone), "Reason", s.RestoredBy); err != nil {
			return err
		}
	}
	if s.RosterAlarm != "" {
		return a.say("terminal.status.alarm")
	}
	return nil
}

// diskWords say how much room there is.
func (a *app) diskWords(d models.Disk) string {
	formats := a.pages.Texts.Formats(a.Lang)
	if !d.Known() {
		return a.text("health.disk_unknown")
	}
	return a.text("health.disk_free", "Free", formats.Bytes(d.Free), "Total", formats.Bytes(d.Total)) + "; " +
		a.text("health.disk_scans", "Count", formats.Number(d.Scans()))
}

func statusAnswerOf(s desk.Status, now models.Millis, disk models.Disk) statusAnswer {
	zone := s.Site.Zone
	out := statusAnswer{
		Agent: s.Agent, Name: s.Name, Site: s.Site.Code, SiteName: s.Site.Name, Server: s.ServerURL,
		Head: s.Head, Acked: s.Acked, Unsent: s.Unsent, Clock: s.Clock, ClockOffset: s.ClockOffset, LastContact: local(s.LastContact, zone), Verified: true,
		OtherRecord: s.OtherRecord,
		Roster:      rosterAnswer{Revision: s.RosterRevision, People: s.People, Confirmed: local(s.RosterConfirmed, zone), AgeS: -1, Alarm: s.RosterAlarm},
	}
	if disk.Known() {
		out.Disk = &diskAnswer{disk.Free, disk.Total, disk.Scans(), disk.Little()}
	}
	if s.RosterConfirmed != 0 {
		out.Roster.AgeS = int64(max(0, now.Sub(s.RosterConfirmed)) / time.Second)
	}
	return out
}
