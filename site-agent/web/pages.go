package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/roster"
	"buktihadir/templates"
)

// count is a session of today as pages show it.
type count struct {
	roster.Count
	Now bool // it runs at this moment
}

// Out is who has come and left again.
func (n count) Out() int { return n.Came - n.In }

// Arrived is who has come at all.
func (n count) Arrived() int { return n.Came }

// entry is one request of the past as pages show it.
type entry struct {
	roster.Outcome
	Badge templates.Badge
}

func (e entry) person() roster.Person {
	if e.Person == nil {
		return roster.Person{Name: e.TicketName}
	}
	return *e.Person
}

// Name is empty where nobody is known, as Number and Class are.
func (e entry) Name() string { return e.person().Name }

// Number is the registration number.
func (e entry) Number() string { return e.person().Number }

// Class is the code of the person's class.
func (e entry) Class() string { return e.person().ClassCode }

// At is when it happened.
func (e entry) At() models.Millis { return e.Occurred }

// Voidable says that it counts and can be undone.
func (e entry) Voidable() bool {
	return e.Kind != models.EventVoid && e.Verdict.Accepted() && !e.Voided
}

func badgeOf(o roster.Outcome) templates.Badge {
	tone := templates.VerdictTone(o.Verdict)
	b := templates.Badge{Tone: tone, Icon: tone.Icon(), Text: templates.Say("verdict." + string(o.Verdict))}
	switch {
	case o.Kind == models.EventVoid, o.Voided:
		b = templates.Badge{Tone: templates.Neutral, Icon: "undo-2", Text: templates.Say("kind.void")}
	case o.Kind == models.EventNote:
		b = templates.Badge{Tone: templates.Note, Icon: "info", Text: templates.Say("kind.note")}
	case o.Kind == models.EventOverride, o.Kind == models.EventManual:
		b.Icon = "hand"
	}
	return b
}

func (s *Server) entries(n int) []entry {
	recent := s.Desk.Recent(n)
	out := make([]entry, 0, len(recent))
	for _, o := range recent {
		out = append(out, entry{o, badgeOf(o)})
	}
	return out
}

func (s *Server) counts() []count {
	now := s.Now()
	sessions := s.Desk.Sessions()
	out := make([]count, 0, len(sessions))
	for _, n := range sessions {
		out = append(out, count{n, n.Start <= now && now <= n.End})
	}
	return out
}

// screen is what the pages share that show verdicts.
type screen struct {
	Verdicts []models.Verdict
	Classes  []templates.Option
	Reasons  []templates.Option
	// Supervisors may admit against a refusal.
	Supervisors []templates.Option
	Live        live
	Alone       bool   // for a phone that is on its own
	Place       string // what this paired device is called; empty: its page says
	Labels      bool   // this device has a label printer
	PlaceFor    string // the classes that it is set to; empty: its page says
}

// reasons lists what staff may choose from. The journal keeps the Indonesian
// words, whatever language the page was in: the programme office reads them.
func (s *Server) reasons(keys ...string) []templates.Option {
	var out []templates.Option
	for _, key := range keys {
		text := templates.Say("desk.reason." + key)
		out = append(out, templates.Option{Value: s.Pages.Texts.Say(templates.Indonesian, text), Text: text})
	}
	return out
}

func (s *Server) screen(r *http.Request) screen {
	x := screen{
		Labels:   labels(r) != noLabels,
		Verdicts: slices.DeleteFunc(models.Verdicts(), func(v models.Verdict) bool { return v == models.VerdictNone }),
		Reasons:  s.reasons("phone_dead", "ticket_lost", "unreadable", "no_scanner"),
	}
	for _, o := range s.Desk.Officers() {
		if o.Supervisor {
			x.Supervisors = append(x.Supervisors, templates.Option{Value: o.ID.String(), Name: o.Name})
		}
	}
	for _, k := range s.Desk.Classes() {
		x.Classes = append(x.Classes, templates.Option{Value: k.ID.String(), Name: k.Code})
	}
	return x
}

func (s *Server) scanPage(c *gin.Context, v visitor) {
	if s.Desk.AsksForTime() {
		c.Redirect(http.StatusSeeOther, "/clock")
		return
	}
	body := s.screen(c.Request)
	body.Live, body.Place, body.PlaceFor = s.now(), v.device.Label(), s.classesOf(v.device.Preset)
	show(s, c, http.StatusOK, "scan", "desk.scan", v, body)
}

// found is how many people a search lists; the desk stops there too.
const found = 20

type searchBody struct {
	screen
	Query, Class string
	People       []roster.Person
	More         bool
}

func (s *Server) searchPage(c *gin.Context, v visitor) {
	body := searchBody{screen: s.screen(c.Request), Query: strings.TrimSpace(c.Query("q")), Class: c.Query("class")}
	class, err := uuid.Parse(body.Class)
	if err != nil {
		class, body.Class = uuid.Nil, ""
	}
	people := s.Desk.Search(body.Query, class)
	body.People, body.More = people[:min(len(people), found)], len(people) > found
	if c.GetHeader("HX-Request") != "" {
		s.render(c, http.StatusOK, "agent/search", "results", templates.Page[searchBody]{Frame: s.frame(c, "desk.search", v), Body: body})
		return
	}
	show(s, c, http.StatusOK, "search", "desk.search", v, body)
}

func (s *Server) sessionsPage(c *gin.Context, v visitor) {
	body := s.screen(c.Request)
	body.Live = s.now()
	show(s, c, http.StatusOK, "sessions", "desk.sessions", v, body)
}

func (s *Server) sessionPage(c *gin.Context, v visitor) {
	n, ok := s.session(c)
	if !ok {
		return
	}
	body := struct {
		screen
		Session          count
		Today            bool // who is missing can still be checked in
		Missing, Present []roster.Person
		WalkIns, Notes   []noteLine
		NoteReasons      []templates.Option
	}{screen: s.screen(c.Request), Session: count{Count: n}, Today: s.Desk.IsToday(n), Missing: s.Desk.Missing(n.ID), Present: s.Desk.Present(n.ID), NoteReasons: s.reasons("wrong_person", "mistaken")}
	body.WalkIns, body.Notes = s.notesOf(c, n.ID)
	show(s, c, http.StatusOK, "session", "desk.sessions", v, body)
}

// listed is how far back the page of recent requests goes.
const listed = 200

func (s *Server) recentPage(c *gin.Context, v visitor) {
	body := struct {
		screen
		Events []entry
	}{s.screen(c.Request), s.entries(listed)}
	body.Reasons = s.reasons("wrong_person", "mistaken", "left_at_once")
	show(s, c, http.StatusOK, "recent", "desk.recent", v, body)
}
