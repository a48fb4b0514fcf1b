package plan

import (
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// Feed is a schedule under its unguessable address.
func (p *Pages) Feed(c *gin.Context) {
	q := p.Store.Read(c.Request.Context())
	s, err := q.FeedByLink(strings.TrimSuffix(c.Param("link"), ".ics"))
	if err != nil {
		p.Fail(c, err)
		return
	}
	name, err := q.ListSubjects(s.Kind, store.SubjectFilter{Subject: s.SubjectID}, store.Slice{Limit: 1})
	if err == nil && len(name.Rows) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	rows, err := q.ScheduleOf(s.Kind, s.SubjectID, p.Now().Add(-page.Remembered))
	if err == nil && p.Now().Sub(s.LastRead) > time.Hour {
		err = p.Plan.FeedRead(c.Request.Context(), s.ID)
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.SendCalendar(c, name.Rows[0].Name, rows)
}

// subjectLine is something with a schedule, and the address of it.
type subjectLine struct {
	store.SubjectEntry
	Kind      models.FeedKind
	Address   string
	Subscribe template.URL // the address, as calendar programs take it
}

type feedsView struct {
	Form     *page.Form
	Kind     models.FeedKind
	Kinds    []page.Tab
	Subjects []subjectLine
	Pages    templates.Pagination
	Here     string // the address of this page, to come back to
}

// feedKindsFor are the schedules whose addresses a visitor looks after: at a site, several
// institutions teach.
func feedKindsFor(v page.Visitor) []models.FeedKind {
	kinds := models.FeedKinds()
	if v.Scope.Provider() != nil {
		kinds = kinds[:len(kinds)-1]
	}
	return kinds
}

// FeedsPage lists the calendar addresses.
func (p *Pages) FeedsPage(c *gin.Context) {
	v, slice := page.VisitorOf(c), page.SliceOf(c)
	view := feedsView{Form: &page.Form{Values: c.Request.URL.Query()}, Here: c.Request.URL.RequestURI()}
	for _, kind := range feedKindsFor(v) {
		if view.Kind == "" || string(kind) == c.Query("kind") {
			view.Kind = kind
		}
	}
	for _, kind := range feedKindsFor(v) {
		view.Kinds = append(view.Kinds, page.Tab{Text: templates.Say("feed.kind_" + string(kind)), Href: feedsHref(kind, ""), Now: kind == view.Kind})
	}
	var err error
	var total int64
	view.Subjects, total, err = p.subjectLines(c, view.Kind, store.SubjectFilter{Words: c.Query("q")}, slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Pages = page.Paging(c, slice, len(view.Subjects), total)
	f := p.Frame(c, templates.Say("feed.title"))
	f.Crumbs = page.Crumbs("/calendar", "calendar.title")
	page.Show(p.Kit, c, "plan/feeds", f, view)
}

// subjectLines list what has a schedule, within the visitor's scope.
func (p *Pages) subjectLines(c *gin.Context, kind models.FeedKind, f store.SubjectFilter, s store.Slice) ([]subjectLine, int64, error) {
	q := p.Store.Read(c.Request.Context())
	f.Provider = page.VisitorOf(c).Scope.Provider()
	list, err := q.ListSubjects(kind, f, s)
	if err != nil {
		return nil, 0, err
	}
	lines := make([]subjectLine, len(list.Rows))
	for i, row := range list.Rows {
		lines[i] = subjectLine{SubjectEntry: row, Kind: kind}
		if row.Open() {
			link := q.FeedLink(models.Feed{Kind: kind, SubjectID: row.SubjectID, Version: row.Version})
			at := p.PublicURL.JoinPath(page.FeedRoot, link+".ics")
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

// OpenFeed makes a calendar address; one that was there ends.
func (p *Pages) OpenFeed(c *gin.Context) {
	p.changeFeed(c, "feed.opened", func(kind models.FeedKind, subject uuid.UUID) error {
		return p.Plan.OpenFeed(c.Request.Context(), page.VisitorOf(c).Actor(), kind, subject)
	})
}

// RevokeFeed ends a calendar address.
func (p *Pages) RevokeFeed(c *gin.Context) {
	p.changeFeed(c, "feed.revoked", func(kind models.FeedKind, subject uuid.UUID) error {
		return p.Plan.RevokeFeed(c.Request.Context(), page.VisitorOf(c).Actor(), kind, subject)
	})
}

func (p *Pages) changeFeed(c *gin.Context, done string, change func(models.FeedKind, uuid.UUID) error) {
	f := page.FormOf(c)
	kind := models.FeedKind(f.Value("kind"))
	subject, err := uuid.Parse(f.Value("subject"))
	if err != nil {
		p.Fail(c, store.ErrNotFound)
		return
	}
	back := page.Local(f.Value("back"))
	err = change(kind, subject)
	if _, refused := office.RefusalOf(err); refused {
		p.Refused(c, back, err)
		return
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.Done(c, back, done)
}

// classSubjects are a class and its instructors.
func (p *Pages) classSubjects(c *gin.Context, class uuid.UUID) ([]subjectLine, error) {
	var lines []subjectLine
	for _, kind := range []models.FeedKind{models.FeedClass, models.FeedInstructor} {
		some, _, err := p.subjectLines(c, kind, store.SubjectFilter{Class: class}, store.Slice{Limit: page.Beside})
		if err != nil {
			return nil, err
		}
		lines = append(lines, some...)
	}
	return lines, nil
}
