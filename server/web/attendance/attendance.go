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

// presence is one person's line at a session.
type presence struct{ review.Row }

// Overruled says that the status is the programme office's.
func (l presence) Overruled() bool { return l.Corrected }

// statusCount is how many have a status.
type statusCount struct {
	Status models.AttendanceStatus
	Count  int
	Tone   templates.Tone
}

type sessionView struct {
	Session    page.SessionLine
	Mark       models.Millis      // until when the site has reported
	FinalAt    models.Millis      // past when it has to report until nothing changes; 0 where nothing can
	WaitsFor   []store.AgentEntry // agents that have not told everything until its end
	Counts     []statusCount      // of participants
	People     []presence
	MayCorrect bool
	MayExport  bool
	MayPlan    bool
	MaySee     bool               // the pictures of sheets
	Sheets     []models.ScanEvent // of paper that were photographed
	Choose     *correctForm       // the form to correct many; nil: nobody is chosen
}

// Live says whether the page renews itself: until all is in, and not while somebody
// ticks people on it.
func (v sessionView) Live() bool {
	if v.Choose != nil {
		return false
	}
	key := v.Session.State.Text.Key
	return key == "state."+string(page.StateOpen) || key == "state."+string(page.StateWaiting) || key == "state."+string(page.StateProvisional)
}

// SessionPage shows a session: how many came, and who came when.
func (p *Pages) SessionPage(c *gin.Context) { p.showSession(c, nil) }

func (p *Pages) showSession(c *gin.Context, form *page.Form) {
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
	if view.MayCorrect && (form != nil || c.Query("correct") != "") {
		view.Choose = newCorrectForm("/sessions/"+s.ID.String()+"/corrections", form, int64(view.participants()))
	}
	f := p.Frame(c, templates.Say("session.title", "Class", s.ClassCode, "Number", s.Seq))
	f.Zone = s.Zone
	f.Crumbs = append(page.Crumbs("/classes", "classes.title"), templates.Crumb{Href: page.ClassHref(s.ClassID, ""), Name: s.ClassCode})
	if c.GetHeader("HX-Request") != "" {
		page.ShowPart(p.Kit, c, "attendance/session", "live", f, view)
		return
	}
	page.Show(p.Kit, c, "attendance/session", f, view)
}

// participants counts those with a place.
func (v sessionView) participants() (n int) {
	for _, c := range v.Counts {
		n += c.Count
	}
	return n
}

func (p *Pages) sessionViewOf(c *gin.Context, s store.SessionEntry) (sessionView, error) {
	q, v := p.Store.Read(c.Request.Context()), page.VisitorOf(c)
	rows, err := review.OfSession(q, s.Session, p.Now())
	if err != nil {
		return sessionView{}, err
	}
	marks, err := q.Watermarks()
	if err != nil {
		return sessionView{}, err
	}
	at := page.StateOf(s, marks[s.SiteID], p.Now())
	view := sessionView{Session: page.SessionLineOf(s, at), Mark: marks[s.SiteID].ReportedUntil,
		MayCorrect: v.May(account.CorrectAttendance), MayExport: v.May(account.ExportAttendance), MayPlan: v.May(account.ManageSessions),
		MaySee: v.May(account.ReviewCases)}
	if view.WaitsFor, err = waitsFor(q, s, p.Now()); err != nil {
		return view, err
	}
	if view.Sheets, err = q.SheetsOf(s.ID); err != nil {
		return view, err
	}
	counts := map[models.AttendanceStatus]int{}
	for _, row := range rows {
		view.People = append(view.People, presence{row})
		if row.Role == models.PersonParticipant && !row.Cancelled {
			counts[row.Status]++
		}
	}
	if at == page.StateOpen || at == page.StateWaiting || at == page.StateProvisional {
		if view.FinalAt, err = q.FinalAt(s.Session); err != nil {
			return view, err
		}
	}
	for _, status := range models.AttendanceStatuses() {
		always := status == models.StatusPresent || status == models.StatusLate || status == models.StatusAbsent || status == models.StatusPending
		if n := counts[status]; n > 0 || always {
			view.Counts = append(view.Counts, statusCount{status, n, templates.StatusBadge(status).Tone})
		}
	}
	return view, nil
}

// waitsFor lists the agents for whose word a session that is over still waits.
func waitsFor(q store.Queries, s store.SessionEntry, now models.Millis) ([]store.AgentEntry, error) {
	if s.EndsAt >= now || s.Status == models.SessionCancelled {
		return nil, nil
	}
	agents, err := q.ListAgents(store.AgentFilter{Site: s.SiteID}, store.Slice{Limit: mostAgents})
	var out []store.AgentEntry
	for _, a := range agents.Rows {
		if a.Status == models.AgentActive && a.ReportedUntil <= s.EndsAt {
			out = append(out, a)
		}
	}
	return out, err
}

// mostAgents is more than one site has.
const mostAgents = 200

type classAttendanceView struct {
	page.ClassView
	Sessions []store.SessionEntry
	Rows     []matrixRow
	MayMark  bool // may note that tasks are done
	Choose   *correctForm
}

// matrixRow is one person with a status for each session.
type matrixRow struct {
	Enrollment   uuid.UUID
	Role         models.PersonRole
	Name, Number string
	Cells        []matrixCell
	Attended     int
	Standing     *templates.Badge // progress to completion; nil for people who cannot complete anything
	Tasks        bool             // the required tasks are marked
}

// matrixCell is a status with the way to what it was derived from.
type matrixCell struct {
	Status      models.AttendanceStatus
	Derived     models.AttendanceStatus
	Corrected   bool
	Provisional bool
	Href        string
}

// mostSessions is how many a matrix shows.
const mostSessions = 100

// ClassAttendancePage shows the attendance of a class, person by session.
func (p *Pages) ClassAttendancePage(c *gin.Context) { p.showClassAttendance(c, nil) }

func (p *Pages) showClassAttendance(c *gin.Context, form *page.Form) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view, err := p.matrixOf(c, class)
	if err == nil {
		err = p.addProgress(c, &view)
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	if page.VisitorOf(c).May(account.CorrectAttendance) && len(view.Rows) > 0 {
		view.Choose = newCorrectForm(page.ClassHref(class.ID, "corrections"), form, int64(class.Enrolled))
	}
	page.Show(p.Kit, c, "attendance/class-attendance", p.ClassFrame(c, class), view)
}

func (p *Pages) matrixOf(c *gin.Context, class store.ClassEntry) (classAttendanceView, error) {
	view := classAttendanceView{ClassView: page.ClassViewOf(c, class, "attendance")}
	q := p.Store.Read(c.Request.Context())
	sessions, err := q.ListSessions(store.SessionFilter{Class: class.ID}, store.Slice{Limit: mostSessions})
	if err != nil {
		return view, err
	}
	view.Sessions = sessions.Rows
	at := map[uuid.UUID]int{}
	for n, s := range view.Sessions {
		people, err := review.OfSession(q, s.Session, p.Now())
		if err != nil {
			return view, err
		}
		for _, row := range people {
			i, ok := at[row.Enrollment]
			if !ok {
				i = len(view.Rows)
				at[row.Enrollment] = i
				view.Rows = append(view.Rows, matrixRow{
					Enrollment: row.Enrollment, Role: row.Role, Name: row.Name, Number: row.Number, Cells: make([]matrixCell, len(view.Sessions))})
			}
			view.Rows[i].Cells[n] = matrixCell{row.Status, row.Derived, row.Corrected, row.Provisional(), page.PersonHref(s.ID, row.Enrollment)}
			if row.Status.Came() {
				view.Rows[i].Attended++
			}
		}
	}
	return view, nil
}
