package web

import (
	"cmp"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// standing is where somebody stands on the way to completing a class.
type standing string

const (
	standingDone  standing = "done"
	standingTasks standing = "tasks" // came often enough, and the tasks are not marked
	standingLost  standing = "lost"  // has missed too much
	standingLast  standing = "last"  // may miss nothing any more
	standingWay   standing = "way"
)

func standings() []standing {
	return []standing{standingLost, standingLast, standingTasks, standingWay, standingDone}
}

func standingOf(p store.Progress) standing {
	switch {
	case p.Completed:
		return standingDone
	case p.Missing < 0:
		return standingLost
	case p.Sessions > 0 && p.Attended+p.Missed == p.Sessions:
		return standingTasks
	case p.Missing == 0:
		return standingLast
	}
	return standingWay
}

// progressBadge says it, with how often somebody may still stay away.
func progressBadge(p store.Progress) templates.Badge {
	s := standingOf(p)
	b := templates.Badge{Text: templates.Say("progress."+string(s), "Count", max(0, p.Missing))}
	switch s {
	case standingDone:
		b.Tone, b.Icon = templates.Good, "circle-check"
	case standingTasks:
		b.Tone, b.Icon = templates.Note, "clipboard-check"
	case standingLost:
		b.Tone, b.Icon = templates.Bad, "circle-x"
	case standingLast:
		b.Tone, b.Icon = templates.Warn, "triangle-alert"
	case standingWay:
		b.Tone, b.Icon = templates.Neutral, "hourglass"
	}
	return b
}

type progressLine struct {
	store.CompletionFact
	Name  string
	Badge templates.Badge
}

// Held is how many of the sessions somebody was expected at are over.
func (l progressLine) Held() int { return l.Attended + l.Missed }

// Share is how many of those they came to.
func (l progressLine) Share() float64 { return share(l.Attended, l.Held()) }

type progressView struct {
	Standings []pageTab
	Lines     []progressLine
	Pages     templates.Pagination
}

// progressPage lists who can and who can't complete their class any more.
func (p *Pages) progressPage(c *gin.Context) {
	wanted, slice := standing(c.DefaultQuery("standing", string(standingLost))), sliceOf(c)
	if !slices.Contains(standings(), wanted) {
		wanted = standingLost
	}
	lines, counts, err := p.progressLines(c, wanted)
	if err != nil {
		p.fail(c, err)
		return
	}
	var view progressView
	for _, s := range standings() {
		view.Standings = append(view.Standings, pageTab{templates.Say("progress.tab_"+string(s), "Count", counts[s]), "/progress?standing=" + string(s), s == wanted})
	}
	from := min(slice.Offset, len(lines))
	view.Lines = lines[from:min(from+slice.Limit, len(lines))]
	if err := p.nameLines(c, view.Lines); err != nil {
		p.fail(c, err)
		return
	}
	view.Pages = pages(c, slice, len(view.Lines), int64(len(lines)))
	show(p, c, "progress", p.frame(c, templates.Say("progress.title")), view)
}

// progressLines are those who stand somewhere, who came least first, and how many
// stand where.
func (p *Pages) progressLines(c *gin.Context, wanted standing) (lines []progressLine, counts map[standing]int, err error) {
	counts = map[standing]int{}
	err = p.Store.Read(c.Request.Context()).EachCompletion(visitorOf(c).scope.Provider(), func(f store.CompletionFact) {
		s := standingOf(f.Progress)
		if counts[s]++; s == wanted {
			lines = append(lines, progressLine{CompletionFact: f, Badge: progressBadge(f.Progress)})
		}
	})
	slices.SortStableFunc(lines, func(a, b progressLine) int { return cmp.Compare(a.Share(), b.Share()) })
	return lines, counts, err
}

// nameLines says what the people of lines are called.
func (p *Pages) nameLines(c *gin.Context, lines []progressLine) error {
	rows := make([]models.Enrollment, len(lines))
	for i, l := range lines {
		rows[i] = models.Enrollment{ID: l.EnrollmentID, ClassID: l.ClassID, Role: models.PersonParticipant, ParticipantID: l.ParticipantID}
	}
	names, err := p.Store.Read(c.Request.Context()).Names(rows)
	for i := range lines {
		lines[i].Name = names[lines[i].EnrollmentID]
	}
	return err
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
		p.fail(c, err)
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
	view.MayMark = visitorOf(c).may(account.ManagePlan)
	return nil
}
