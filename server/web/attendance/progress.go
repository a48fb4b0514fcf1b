package attendance

import (
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/figures"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type progressLine struct {
	figures.ProgressLine
	Badge templates.Badge
}

type progressView struct {
	Standings []page.Tab
	Lines     []progressLine
	Pages     templates.Pagination
	Send      string
}

// ProgressPage lists who can still complete their class and who cannot.
func (p *Pages) ProgressPage(c *gin.Context) {
	wanted, slice := figures.Standing(c.DefaultQuery("standing", string(figures.StandingLost))), page.SliceOf(c)
	if !slices.Contains(figures.Standings(), wanted) {
		wanted = figures.StandingLost
	}
	lines, counts, err := figures.Progress(p.Store.Read(c.Request.Context()), page.VisitorOf(c).Scope.Provider(), wanted)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := progressView{Send: p.SendHref(c)}
	for _, s := range figures.Standings() {
		view.Standings = append(view.Standings, page.Tab{
			Text: templates.Say("progress.tab_"+string(s), "Count", counts[s]), Href: "/progress?standing=" + string(s), Now: s == wanted})
	}
	from := min(slice.Offset, len(lines))
	shown := lines[from:min(from+slice.Limit, len(lines))]
	if err := figures.NameProgress(p.Store.Read(c.Request.Context()), shown); err != nil {
		p.Fail(c, err)
		return
	}
	for _, l := range shown {
		view.Lines = append(view.Lines, progressLine{l, page.ProgressBadge(l.Progress)})
	}
	view.Pages = page.Paging(c, slice, len(view.Lines), int64(len(lines)))
	page.Show(p.Kit, c, "attendance/progress", p.Frame(c, templates.Say("progress.title")), view)
}

// addProgress adds to each row of a class how far its person is.
func (p *Pages) addProgress(c *gin.Context, view *classAttendanceView) error {
	people := make([]uuid.UUID, 0, len(view.Rows))
	for _, r := range view.Rows {
		if r.Role == models.PersonParticipant {
			people = append(people, r.Enrollment)
		}
	}
	progress, err := p.Store.Read(c.Request.Context()).Progress(view.Class.ID, people...)
	if err != nil {
		return err
	}
	for i, r := range view.Rows {
		if x, ok := progress[r.Enrollment]; ok {
			badge := page.ProgressBadge(x)
			view.Rows[i].Standing, view.Rows[i].Tasks = &badge, x.TasksDone
		}
	}
	view.MayMark = page.VisitorOf(c).May(account.ManagePlan) && view.Class.ClosedAt == 0
	return nil
}
