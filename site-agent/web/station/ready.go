package station

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/web/certificate"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// Line is one need of a desk in words, for a page and for a terminal.
type Line struct {
	Need  templates.Text
	Says  templates.Text
	Badge templates.Badge
	Href  string // where to put it right; empty: not on a page
	Go    templates.Text
}

// Lines puts a desk's readiness into words.
func Lines(r desk.Readiness, f templates.Formats) []Line {
	lines := make([]Line, 0, len(r.Checks))
	for _, c := range r.Checks {
		at := ""
		if c.At != 0 {
			at = f.DateTime(c.At, r.Zone)
		}
		key := "ready." + string(c.Need)
		l := Line{
			Need:  templates.Say(key),
			Says:  templates.Say(key+"."+string(c.Grade), "Count", c.Count, "Of", c.Of, "At", at, "Name", c.Name),
			Badge: gradeBadge(c.Grade),
		}
		if c.Grade != desk.Good {
			l.Href, l.Go = remedy(c.Need)
		}
		lines = append(lines, l)
	}
	return lines
}

func gradeBadge(g desk.Grade) templates.Badge {
	b := templates.Badge{Text: templates.Say("ready.grade." + string(g)), Tone: templates.Neutral, Icon: "circle-question-mark"}
	switch g {
	case desk.Good:
		b.Tone, b.Icon = templates.Good, "circle-check"
	case desk.Warn:
		b.Tone, b.Icon = templates.Warn, "triangle-alert"
	case desk.Bad:
		b.Tone, b.Icon = templates.Bad, "circle-x"
	case desk.Unknown:
	}
	return b
}

func remedy(n desk.Need) (href string, text templates.Text) {
	switch n {
	case desk.NeedClock:
		return "/clock", templates.Say("desk.setup.clock")
	case desk.NeedRoster, desk.NeedKeys, desk.NeedRhythm, desk.NeedJournal:
		return "/station", templates.Say("desk.station.sync")
	case desk.NeedPhones:
		return "/connect", templates.Say("desk.setup.phones")
	case desk.NeedEnrolment, desk.NeedTrust, desk.NeedSessions, desk.NeedOfficers, desk.NeedDisk, desk.NeedPower:
	}
	return "", templates.Text{}
}

// readyBody is the light and the checks behind it.
type readyBody struct {
	Light templates.Badge
	Lines []Line
}

func (h *Handlers) ready(ctx context.Context, lang templates.Lang) (readyBody, error) {
	on := desk.Machine{Disk: h.FreeDisk(), Phones: len(h.places())}
	if h.Battery != nil {
		on.Battery = h.Battery()
	}
	r, err := h.Desk.Readiness(ctx, on)
	if err != nil {
		return readyBody{}, err
	}
	light := gradeBadge(r.Grade())
	light.Text = templates.Say("ready." + string(r.Grade()))
	return readyBody{light, Lines(r, h.Pages.Texts.Formats(lang))}, nil
}

// Addresses counts those under which phones reach this computer.
func Addresses() int { return len(certificate.LANAddresses()) }

// SetupPage is for whoever sets this computer up, before anybody signs in.
func (h *Handlers) SetupPage(c *gin.Context, v page.Visitor) {
	body, err := h.ready(c.Request.Context(), templates.ChooseLang(c.Writer, c.Request))
	if err != nil {
		h.Internal(c, "read the desk's status", err)
		return
	}
	page := templates.Page[readyBody]{Frame: h.Frame(c, "desk.setup", v), Body: body}
	if name := c.Query("enrolled"); name != "" && page.Desk != nil {
		page.Flash = []templates.Flash{{Tone: templates.Good, Text: templates.Say("first.done", "Site", page.Desk.Site)}}
	}
	h.Render(c, http.StatusOK, "agent/setup", "layout", page)
}
