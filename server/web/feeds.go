package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/server/web/ics"
	"buktihadir/templates"
)

// feedRoot is where subscribed calendars lie. Programs read them, which can't sign in:
// who knows the address is let in. It holds 128 bits that nobody guesses.
const feedRoot = "/feeds/"

// calendarRoutes are the schedule as calendars and as files.
func (p *Pages) calendarRoutes() []route {
	return []route{
		get(feedRoot+":link", account.Open, p.feed),
		get("/t/:link/calendar.ics", account.Open, p.passFeed),
		get("/schedule/:format", account.SeeClasses, p.scheduleFile),
		get("/calendar/feeds", account.ManageSessions, p.feedsPage),
		post("/calendar/feeds", account.ManageSessions, p.openFeed),
		post("/calendar/feeds/revoke", account.ManageSessions, p.sure("feed.revoke", p.revokeFeed)),
		post("/holidays/list", account.ManagePlan, p.addHolidays),
		post("/classes/:id/tickets/renew", account.ManageTickets, p.renewTickets),
	}
}

// remembered is how long a subscribed calendar keeps what is over.
const remembered = 180 * 24 * time.Hour

// feed is a schedule under its unguessable address.
func (p *Pages) feed(c *gin.Context) {
	q := p.Store.Read(c.Request.Context())
	s, err := q.FeedByLink(strings.TrimSuffix(c.Param("link"), ".ics"))
	if err != nil {
		p.fail(c, err)
		return
	}
	name, err := q.ListSubjects(s.Kind, store.SubjectFilter{Subject: s.SubjectID}, store.Slice{Limit: 1})
	if err == nil && len(name.Rows) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		p.fail(c, err)
		return
	}
	rows, err := q.ScheduleOf(s.Kind, s.SubjectID, p.Now().Add(-remembered))
	if err == nil && p.Now().Sub(s.LastRead) > time.Hour {
		err = p.Store.Write(c.Request.Context(), func(tx *store.Tx) error { return tx.ReadFeed(s.ID) })
	}
	if err != nil {
		p.fail(c, err)
		return
	}
	p.sendCalendar(c, name.Rows[0].Name, rows)
}

// passFeed is a participant's own schedule.
func (p *Pages) passFeed(c *gin.Context) {
	q := p.Store.Read(c.Request.Context())
	person, err := q.ParticipantByLink(c.Param("link"))
	if err != nil {
		p.failPass(c, err)
		return
	}
	rows, err := q.ScheduleOfParticipant(person.ID, p.Now().Add(-remembered))
	if err != nil {
		p.failPass(c, err)
		return
	}
	p.sendCalendar(c, p.Set.Texts.T(templates.ChooseLang(c.Writer, c.Request), "product.name"), rows)
}

func (p *Pages) sendCalendar(c *gin.Context, name string, rows []store.ScheduleEntry) {
	lang := templates.ChooseLang(c.Writer, c.Request)
	cal := ics.Calendar{Name: name, Lang: string(lang)}
	for _, s := range rows {
		cal.Events = append(cal.Events, p.eventOf(lang, s))
	}
	content, err := ics.Write(cal)
	if err != nil {
		p.fail(c, err)
		return
	}
	sum := sha256.Sum256(content)
	c.Header("ETag", `W/"`+hex.EncodeToString(sum[:16])+`"`) // weak: on its way it may be compressed
	c.Header("Cache-Control", "private, no-cache")
	c.Header("Referrer-Policy", "no-referrer")
	c.Header("Content-Type", ics.MediaType)
	c.Header("Content-Disposition", `inline; filename="jadwal.ics"`)
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(content))
}

func (p *Pages) eventOf(lang templates.Lang, s store.ScheduleEntry) ics.Event {
	say := func(key string) string {
		return p.Set.Texts.T(lang, key, "Course", s.CourseTitle, "Number", s.Seq, "Class", s.ClassCode, "Provider", s.ProviderName)
	}
	return ics.Event{UID: s.ID.String(), Sequence: s.Versions, Starts: s.StartsAt, Ends: s.EndsAt, Changed: s.Changed, Zone: s.Zone,
		Summary: say("feed.summary"), Description: say("feed.description"), Address: joined(s.Room, s.SiteName, s.SiteAddress),
		Latitude: s.Latitude, Longitude: s.Longitude, Cancelled: s.Status == models.SessionCancelled}
}

// joined lists what is known.
func joined(parts ...string) string {
	var known []string
	for _, s := range parts {
		if s != "" {
			known = append(known, s)
		}
	}
	return strings.Join(known, ", ")
}

// subjectLine is something with a schedule, and the address of it.
type subjectLine struct {
	store.SubjectEntry
	Kind      models.FeedKind
	Address   string
	Subscribe template.URL // the address, as calendar programs take it
}

type feedsView struct {
	Form     *Form
	Kind     models.FeedKind
	Kinds    []pageTab
	Subjects []subjectLine
	Pages    templates.Pagination
	Here     string // the address of this page, to come back to
}

// feedKindsFor are the schedules whose addresses a visitor looks after: at a site, several
// institutions teach.
func feedKindsFor(v visitor) []models.FeedKind {
	kinds := models.FeedKinds()
	if v.scope.Provider() != nil {
		kinds = kinds[:len(kinds)-1]
	}
	return kinds
}

func (p *Pages) feedsPage(c *gin.Context) {
	v, slice := visitorOf(c), sliceOf(c)
	view := feedsView{Form: &Form{values: c.Request.URL.Query()}, Here: c.Request.URL.RequestURI()}
	for _, kind := range feedKindsFor(v) {
		if view.Kind == "" || string(kind) == c.Query("kind") {
			view.Kind = kind
		}
	}
	for _, kind := range feedKindsFor(v) {
		view.Kinds = append(view.Kinds, pageTab{templates.Say("feed.kind_" + string(kind)), feedsHref(kind, ""), kind == view.Kind})
	}
	var err error
	var total int64
	view.Subjects, total, err = p.subjectLines(c, view.Kind, store.SubjectFilter{Words: c.Query("q")}, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view.Pages = pages(c, slice, len(view.Subjects), total)
	f := p.frame(c, templates.Say("feed.title"))
	f.Crumbs = crumbs("/calendar", "calendar.title")
	show(p, c, "feeds", f, view)
}

// subjectLines list what has a schedule, within the visitor's scope.
func (p *Pages) subjectLines(c *gin.Context, kind models.FeedKind, f store.SubjectFilter, s store.Slice) ([]subjectLine, int64, error) {
	q := p.Store.Read(c.Request.Context())
	f.Provider = visitorOf(c).scope.Provider()
	list, err := q.ListSubjects(kind, f, s)
	if err != nil {
		return nil, 0, err
	}
	lines := make([]subjectLine, len(list.Rows))
	for i, row := range list.Rows {
		lines[i] = subjectLine{SubjectEntry: row, Kind: kind}
		if row.Open() {
			link := q.FeedLink(models.Feed{Kind: kind, SubjectID: row.SubjectID, Version: row.Version})
			at := p.PublicURL.JoinPath(feedRoot, link+".ics")
			lines[i].Address = at.String()
			at.Scheme = "webcal"
			lines[i].Subscribe = template.URL(at.String()) //nolint:gosec // of the server's own address
		}
	}
	return lines, list.Total, nil
}

func feedsHref(kind models.FeedKind, words string) string {
	query := url.Values{"kind": {string(kind)}}
	if words != "" {
		query.Set("q", words)
	}
	return "/calendar/feeds?" + query.Encode()
}

func (p *Pages) openFeed(c *gin.Context) {
	p.changeFeed(c, "feed.opened", func(kind models.FeedKind, subject uuid.UUID) error {
		return p.Plan.OpenFeed(c.Request.Context(), visitorOf(c).actor(), kind, subject)
	})
}

func (p *Pages) revokeFeed(c *gin.Context) {
	p.changeFeed(c, "feed.revoked", func(kind models.FeedKind, subject uuid.UUID) error {
		return p.Plan.RevokeFeed(c.Request.Context(), visitorOf(c).actor(), kind, subject)
	})
}

func (p *Pages) changeFeed(c *gin.Context, done string, change func(models.FeedKind, uuid.UUID) error) {
	f := formOf(c)
	kind := models.FeedKind(f.Value("kind"))
	subject, err := uuid.Parse(f.Value("subject"))
	if err != nil {
		p.fail(c, store.ErrNotFound)
		return
	}
	back := local(f.Value("back"))
	err = change(kind, subject)
	if _, refused := errors.AsType[refusal](err); refused {
		p.refused(c, back, err)
		return
	}
	if err != nil {
		p.fail(c, err)
		return
	}
	p.done(c, back, done)
}

// classSubjects are a class and who teaches it.
func (p *Pages) classSubjects(c *gin.Context, class uuid.UUID) ([]subjectLine, error) {
	var lines []subjectLine
	for _, kind := range []models.FeedKind{models.FeedClass, models.FeedInstructor} {
		some, _, err := p.subjectLines(c, kind, store.SubjectFilter{Class: class}, store.Slice{Limit: beside})
		if err != nil {
			return nil, err
		}
		lines = append(lines, some...)
	}
	return lines, nil
}
