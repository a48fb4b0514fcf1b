package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// personView is one person at one session: what the events say, what was decided,
// and what happened at the desks.
type personView struct {
	Session     store.SessionEntry
	Person      presence
	Corrections []decisionLine
	Events      []store.EventEntry
	MayCorrect  bool
	MaySee      bool // the papers of corrections
	Form        *Form
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

func (p *Pages) personPage(c *gin.Context) { p.showPerson(c, &Form{}) }

func (p *Pages) showPerson(c *gin.Context, form *Form) {
	s, enrollment, err := p.placeOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	all, err := p.sessionViewOf(c, s)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := personView{Session: s, MayCorrect: all.MayCorrect, MaySee: visitorOf(c).may(account.ReviewCases), Form: form}
	for _, line := range all.People {
		if line.Enrollment == enrollment {
			view.Person = line
		}
	}
	if view.Person.Enrollment == uuid.Nil {
		p.fail(c, store.ErrNotFound)
		return
	}
	q := p.Store.Read(c.Request.Context())
	said, err := q.CorrectionsOf(s.ID, enrollment)
	if err != nil {
		p.fail(c, err)
		return
	}
	view.Corrections = decisionLines(said)
	if view.Events, err = q.EventsOf(s.ID, enrollment); err != nil {
		p.fail(c, err)
		return
	}
	view.Statuses = correctable()
	f := p.frame(c, templates.Say("participant.title", "Name", view.Person.Name))
	f.Zone = s.Zone
	f.Crumbs = append(crumbs("/classes", "classes.title"), templates.Crumb{Href: classHref(s.ClassID, ""), Name: s.ClassCode},
		templates.Crumb{Href: sessionHref(s.ID), Text: templates.Say("session.seq", "Number", s.Seq)})
	show(p, c, "person", f, view)
}

func (p *Pages) correct(c *gin.Context) {
	s, enrollment, err := p.placeOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f, file, err := uploadOf(c)
	if err != nil {
		p.uploadFailed(c, f, "evidence", err, func() { p.showPerson(c, f) })
		return
	}
	err = review.CorrectBy(c.Request.Context(), p.Store, visitorOf(c).user, s.ID, enrollment, models.AttendanceStatus(f.Value("status")), f.Value("reason"), file.paper())
	if err = absorbCorrection(f, err); err != nil || !f.ok() {
		p.again(c, f, "", err, func() { p.showPerson(c, f) })
		return
	}
	p.done(c, personHref(s.ID, enrollment), "person.corrected")
}

// evidence gives the paper that a correction goes by.
func (p *Pages) evidence(c *gin.Context) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	d, err := p.Store.Read(c.Request.Context()).Evidence(id)
	if err != nil {
		p.fail(c, err)
		return
	}
	p.download(c, d.FileName, d.MediaType, d.Content)
}

// placeOf finds the session and the place that the address names, within the scope.
func (p *Pages) placeOf(c *gin.Context) (store.SessionEntry, uuid.UUID, error) {
	s, err := p.sessionOf(c)
	if err != nil {
		return s, uuid.Nil, err
	}
	enrollment, err := paramID(c, "enrollment")
	return s, enrollment, err
}

// exportSession gives a session's attendance as a file for a spreadsheet.
func (p *Pages) exportSession(c *gin.Context) {
	s, err := p.sessionOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	view, err := p.sessionViewOf(c, s)
	if err != nil {
		p.fail(c, err)
		return
	}
	texts, lang := p.Set.Texts, templates.ChooseLang(c.Writer, c.Request)
	var head []string
	for _, key := range []string{"participants.number", "users.name", "account.role", "session.status", "session.derived",
		"session.first_in", "session.last_out", "session.minutes", "session.flags"} {
		head = append(head, texts.T(lang, key))
	}
	rows := [][]string{head}
	for _, line := range view.People {
		var flags []string
		for _, flag := range line.Flags {
			flags = append(flags, texts.T(lang, "flag."+string(flag)))
		}
		rows = append(rows, []string{line.Number, line.Name, texts.T(lang, "person."+string(line.Role)), texts.T(lang, "status."+string(line.Status)),
			texts.T(lang, "status."+string(line.Derived)), localTime(line.FirstIn, s.Zone), localTime(line.LastOut, s.Zone), strconv.Itoa(line.Minutes), strings.Join(flags, "; ")})
	}
	content, err := csvOf(rows)
	if err != nil {
		p.fail(c, err)
		return
	}
	name := fmt.Sprintf("%s-%d-%s.csv", s.ClassCode, s.Seq, s.Zone.Date(s.StartsAt))
	p.download(c, name, "text/csv; charset=utf-8", content)
}

func localTime(at models.Millis, zone models.Zone) string {
	if at == 0 {
		return ""
	}
	return at.Time().In(zone.Location()).Format(time.RFC3339)
}

// csvOf writes a table that spreadsheets open without running anything in it:
// a cell that would begin a formula gets an apostrophe
// (https://owasp.org/www-community/attacks/CSV_Injection). The mark at the start
// tells Excel that it is UTF-8.
func csvOf(rows [][]string) ([]byte, error) {
	var buf bytes.Buffer
	buf.WriteString("\uFEFF")
	w := csv.NewWriter(&buf)
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			if safe[i] = cell; cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				safe[i] = "'" + cell
			}
		}
		if err := w.Write(safe); err != nil {
			return nil, fmt.Errorf("write a table: %w", err)
		}
	}
	w.Flush()
	return buf.Bytes(), w.Error()
}
