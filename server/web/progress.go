package web

import (
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/figures"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// progressBadge says it, with how often somebody may still stay away.
func progressBadge(p store.Progress) templates.Badge {
	s := figures.StandingOf(p)
	b := templates.Badge{Text: templates.Say("progress."+string(s), "Count", max(0, p.Missing))}
	switch s {
	case figures.StandingDone:
		b.Tone, b.Icon = templates.Good, "circle-check"
	case figures.StandingTasks:
		b.Tone, b.Icon = templates.Note, "clipboard-check"
	case figures.StandingLost:
		b.Tone, b.Icon = templates.Bad, "circle-x"
	case figures.StandingLast:
		b.Tone, b.Icon = templates.Warn, "triangle-alert"
	case figures.StandingWay:
		b.Tone, b.Icon = templates.Neutral, "hourglass"
	}
	return b
}

type progressLine struct {
	figures.ProgressLine
	Badge templates.Badge
}

type progressView struct {
	Standings []pageTab
	Lines     []progressLine
	Pages     templates.Pagination
	Send      string
}

// progressPage lists who can and who can't complete their class any more.
func (p *Pages) progressPage(c *gin.Context) {
	wanted, slice := figures.Standing(c.DefaultQuery("standing", string(figures.StandingLost))), sliceOf(c)
	if !slices.Contains(figures.Standings(), wanted) {
		wanted = figures.StandingLost
	}
	lines, counts, err := figures.Progress(p.Store.Read(c.Request.Context()), visitorOf(c).scope.Provider(), wanted)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := progressView{Send: p.sendHref(c)}
	for _, s := range figures.Standings() {
		view.Standings = append(view.Standings, pageTab{templates.Say("progress.tab_"+string(s), "Count", counts[s]), "/progress?standing=" + string(s), s == wanted})
	}
	from := min(slice.Offset, len(lines))
	shown := lines[from:min(from+slice.Limit, len(lines))]
	if err := figures.NameProgress(p.Store.Read(c.Request.Context()), shown); err != nil {
		p.fail(c, err)
		return
	}
	for _, l := range shown {
		view.Lines = append(view.Lines, progressLine{l, progressBadge(l.Progress)})
	}
	view.Pages = pages(c, slice, len(view.Lines), int64(len(lines)))
	show(p, c, "progress", p.frame(c, templates.Say("progress.title")), view)
}

// markTasks notes whether somebody has done what their class asks for besides coming.
func (p *Pages) markTasks(c *gin.Context) {
	view, err := p.enrollmentOf(c)
	if err == nil && view.Enrollment.Role != models.PersonParticipant {
		err = store.ErrNotFound
	}
	if err == nil {
		err = review.MarkTasks(c.Request.Context(), p.Store, visitorOf(c).user, view.Enrollment.ID, formOf(c).Value("done") != "", "")
	}
	if err != nil {
		p.refused(c, classHref(view.Class.ID, "attendance"), err)
		return
	}
	p.done(c, classHref(view.Class.ID, "attendance"), "progress.marked", "Name", view.Name)
}

// addProgress puts beside each row of a class where its person stands.
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
			badge := progressBadge(x)
			view.Rows[i].Standing, view.Rows[i].Tasks = &badge, x.TasksDone
		}
	}
	view.MayMark = visitorOf(c).may(account.ManagePlan) && view.Class.ClosedAt == 0
	return nil
}
