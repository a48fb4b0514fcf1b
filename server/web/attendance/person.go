package attendance

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// personView is one person at one session: the result of the events, the decisions, and
// the events at the desks.
type personView struct {
	Session     store.SessionEntry
	Person      presence
	Corrections []decisionLine
	Events      []store.EventEntry
	MayCorrect  bool
	MaySee      bool // the papers of corrections
	Form        *page.Form
	Statuses    []templates.Option
}

// decisionLine is a decision about one attendance, and whether it was taken back.
type decisionLine struct {
	models.Correction
	Withdrawn bool
}

func decisionLines(said []models.Correction) []decisionLine {
	withdrawn := map[int64]bool{}
	for _, c := range said {
		if c.Withdraws != 0 {
			withdrawn[c.Withdraws] = true
		}
	}
	lines := make([]decisionLine, len(said))
	for i, c := range said {
		lines[i] = decisionLine{c, withdrawn[c.Order]}
	}
	return lines
}

// PersonPage shows the attendance of one person in one session, scan by scan.
func (p *Pages) PersonPage(c *gin.Context) { p.showPerson(c, &page.Form{}) }

func (p *Pages) showPerson(c *gin.Context, form *page.Form) {
	s, enrollment, err := p.placeOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	all, err := p.sessionViewOf(c, s)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := personView{Session: s, MayCorrect: all.MayCorrect, MaySee: page.VisitorOf(c).May(account.ReviewCases), Form: form}
	for _, line := range all.People {
		if line.Enrollment == enrollment {
			view.Person = line
		}
	}
	if view.Person.Enrollment == uuid.Nil {
		p.Fail(c, store.ErrNotFound)
		return
	}
	q := p.Store.Read(c.Request.Context())
	said, err := q.CorrectionsOf(s.ID, enrollment)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Corrections = decisionLines(said)
	if view.Events, err = q.EventsOf(s.ID, enrollment); err != nil {
		p.Fail(c, err)
		return
	}
	view.Statuses = correctable()
	f := p.Frame(c, templates.Say("participant.title", "Name", view.Person.Name))
	f.Zone = s.Zone
	f.Crumbs = append(page.Crumbs("/classes", "classes.title"), templates.Crumb{Href: page.ClassHref(s.ClassID, ""), Name: s.ClassCode},
		templates.Crumb{Href: page.SessionHref(s.ID), Text: templates.Say("session.seq", "Number", s.Seq)})
	page.Show(p.Kit, c, "attendance/person", f, view)
}

// Correct corrects the attendance of one person.
func (p *Pages) Correct(c *gin.Context) {
	s, enrollment, err := p.placeOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f, file, err := page.UploadOf(c)
	if err != nil {
		p.UploadFailed(c, f, "evidence", err, func() { p.showPerson(c, f) })
		return
	}
	err = review.CorrectBy(c.Request.Context(), p.Store, page.VisitorOf(c).User, s.ID, enrollment, models.AttendanceStatus(f.Value("status")), f.Value("reason"),
		file.Evidence())
	if err = absorbCorrection(f, err); err != nil || !f.Ok() {
		p.Again(c, f, "", err, func() { p.showPerson(c, f) })
		return
	}
	p.Done(c, page.PersonHref(s.ID, enrollment), "person.corrected")
}

// Evidence gives the paper that a correction goes by.
func (p *Pages) Evidence(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	d, err := p.Store.Read(c.Request.Context()).Evidence(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.Download(c, d.FileName, d.MediaType, d.Content)
}

// placeOf finds the session and the place that the address names, within the scope.
func (p *Pages) placeOf(c *gin.Context) (store.SessionEntry, uuid.UUID, error) {
	s, err := p.SessionOf(c)
	if err != nil {
		return s, uuid.Nil, err
	}
	enrollment, err := page.ParamID(c, "enrollment")
	return s, enrollment, err
}

// ExportSession gives a session's attendance as a file for a spreadsheet.
func (p *Pages) ExportSession(c *gin.Context) {
	s, err := p.SessionOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view, err := p.sessionViewOf(c, s)
	if err != nil {
		p.Fail(c, err)
		return
	}
	texts, lang := p.Set.Texts, templates.ChooseLang(c.Writer, c.Request)
	var head []string
	for _, key := range []string{"participants.number", "users.name", "account.role", "session.status", "session.derived",
		"session.first_in", "session.last_out", "session.minutes", "session.flags", "session.final"} {
		head = append(head, texts.T(lang, key))
	}
	rows := [][]string{head}
	for _, line := range view.People {
		var flags []string
		for _, flag := range line.Flags {
			flags = append(flags, texts.T(lang, "flag."+string(flag)))
		}
		rows = append(rows, []string{line.Number, line.Name, texts.T(lang, "person."+string(line.Role)), texts.T(lang, "status."+string(line.Status)),
			texts.T(lang, "status."+string(line.Derived)), page.LocalTime(line.FirstIn, s.Zone), page.LocalTime(line.LastOut, s.Zone), strconv.Itoa(line.Minutes),
			strings.Join(flags, "; "), texts.T(lang, "final."+strconv.FormatBool(line.Final))})
	}
	content, err := page.CSVOf(rows)
	if err != nil {
		p.Fail(c, err)
		return
	}
	name := fmt.Sprintf("%s-%d-%s.csv", s.ClassCode, s.Seq, s.Zone.Date(s.StartsAt))
	p.Download(c, name, "text/csv; charset=utf-8", content)
}
