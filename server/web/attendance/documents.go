package attendance

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// issuedLine is one paper of a class with all its versions, the newest first.
type issuedLine struct {
	store.Issued
	Name  templates.Text
	State templates.Badge
	Older []store.Issued
}

type documentsView struct {
	page.ClassView
	Lines    []issuedLine
	Sessions []store.SessionEntry // sessions whose sheets can be drafted
	Outdated int
	MayClose bool
	MayGet   bool
}

// DocumentsPage lists the documents of a class, with their versions.
func (p *Pages) DocumentsPage(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	q, v := p.Store.Read(c.Request.Context()), page.VisitorOf(c)
	view := documentsView{ClassView: page.ClassViewOf(c, class, "documents"), MayClose: v.May(account.CloseClasses), MayGet: v.May(account.ExportAttendance)}
	sessions, err := q.ListSessions(store.SessionFilter{Class: class.ID}, store.Slice{Limit: mostSessions})
	if err != nil {
		p.Fail(c, err)
		return
	}
	seq := map[uuid.UUID]int{}
	for _, s := range sessions.Rows {
		seq[s.ID] = s.Seq
		if s.Status != models.SessionCancelled {
			view.Sessions = append(view.Sessions, s)
		}
	}
	issued, err := q.IssuedOf(class.ID)
	if err != nil {
		p.Fail(c, err)
		return
	}
	for _, d := range issued {
		if !d.Newest { // the newest of its paper came right before
			last := &view.Lines[len(view.Lines)-1]
			last.Older = append(last.Older, d)
			continue
		}
		if d.Outdated {
			view.Outdated++
		}
		view.Lines = append(view.Lines, issuedLine{Issued: d, Name: paperName(d.Document, seq[d.EntityID]), State: paperState(d)})
	}
	page.Show(p.Kit, c, "attendance/class-documents", p.ClassFrame(c, class), view)
}

// paperName is what a paper is called: of a session, by its number.
func paperName(d models.Document, seq int) templates.Text {
	if d.Entity == models.OfSession {
		return templates.Say("documents.of_session", "Number", seq)
	}
	return templates.Say("documents.of_class_" + string(d.Kind))
}

func paperState(d store.Issued) templates.Badge {
	switch {
	case !d.Newest:
		return templates.Badge{Tone: templates.Neutral, Icon: "history", Text: templates.Say("documents.replaced")}
	case d.Outdated:
		return templates.Badge{Tone: templates.Warn, Icon: "triangle-alert", Text: templates.Say("documents.outdated")}
	}
	return templates.Badge{Tone: templates.Good, Icon: "circle-check", Text: templates.Say("documents.current")}
}

// Reissue issues outdated documents again.
func (p *Pages) Reissue(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	n, err := review.Reissue(c.Request.Context(), p.Store, page.VisitorOf(c).User, p.Printer(), class.ID)
	if err != nil {
		p.Refused(c, page.ClassHref(class.ID, "documents"), err)
		return
	}
	p.Done(c, page.ClassHref(class.ID, "documents"), "documents.reissued", "Count", n)
}

// IssuedPaper gives a paper that was issued, byte for byte.
func (p *Pages) IssuedPaper(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	id, err := page.ParamID(c, "document")
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.givePaper(c, class.ID, id)
}

func (p *Pages) givePaper(c *gin.Context, class, id uuid.UUID) {
	d, err := p.Store.Read(c.Request.Context()).Document(id)
	if err == nil && (d.ClassID == nil || *d.ClassID != class) {
		err = store.ErrNotFound
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.Download(c, d.FileName, d.MediaType, d.Content)
}

// DraftPaper gives a paper of an open class, as it would be now.
func (p *Pages) DraftPaper(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.giveDraft(c, class.ID, models.DocumentKind(c.Param("kind")), uuid.Nil)
}

func (p *Pages) giveDraft(c *gin.Context, class uuid.UUID, kind models.DocumentKind, session uuid.UUID) {
	name, content, err := review.Draft(p.Store.Read(c.Request.Context()), p.Renderer(c), class, kind, session, p.Now())
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.Download(c, name, "application/pdf", content)
}

// SessionSheet gives a session's attendance sheet: the one that was issued last, else a draft.
func (p *Pages) SessionSheet(c *gin.Context) {
	s, err := p.SessionOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	issued, err := p.Store.Read(c.Request.Context()).IssuedOf(s.ClassID)
	if err != nil {
		p.Fail(c, err)
		return
	}
	for _, d := range issued {
		if d.Newest && d.EntityID == s.ID {
			p.givePaper(c, s.ClassID, d.ID)
			return
		}
	}
	p.giveDraft(c, s.ClassID, models.DocumentSheet, s.ID)
}

// SigningSheet gives a session's attendance sheet to print and to sign with a pen.
func (p *Pages) SigningSheet(c *gin.Context) {
	s, err := p.SessionOf(c)
	if err == nil && s.Status == models.SessionCancelled {
		err = store.ErrNotFound
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	people, err := review.OfSession(p.Store.Read(c.Request.Context()), s.Session, p.Now())
	if err != nil {
		p.Fail(c, err)
		return
	}
	sheet := templates.Sheet{Session: s.ID, Class: s.ClassCode, Course: s.CourseTitle, Provider: s.ProviderName, Site: s.SiteName, Room: s.Room,
		Seq: s.Seq, Start: s.StartsAt, End: s.EndsAt, Zone: s.Zone}
	for _, x := range people {
		if !x.Cancelled {
			sheet.Rows = append(sheet.Rows, templates.SheetRow{Enrollment: x.Enrollment, Name: x.Name, Number: x.Number, Role: x.Role})
		}
	}
	if sheet, err = sheet.Drawn(); err != nil {
		p.Fail(c, err)
		return
	}
	f := p.Frame(c, templates.Say("documents.of_session", "Number", s.Seq))
	f.Crumbs = append(page.Crumbs("/classes", "classes.title"), templates.Crumb{Href: page.ClassHref(s.ClassID, ""), Name: s.ClassCode})
	page.Show(p.Kit, c, "attendance/sheet", f, sheet)
}
