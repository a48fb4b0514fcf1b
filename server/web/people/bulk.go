package people

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/bulk"
	"buktihadir/server/office"
	"buktihadir/server/seating"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// enrollmentsView is the list of participants' places, from which many are changed at once.
type enrollmentsView struct {
	Form                           *page.Form
	Rows                           []store.EnrolledPerson
	Pages                          templates.Pagination
	Pilots, Sites, States, Tickets []templates.Option
	Filter                         string // the list's address, without its path
}

func rollFilter(q url.Values) store.EnrolledFilter {
	f := store.EnrolledFilter{Words: q.Get("q"), Ticket: q.Get("ticket")}
	f.Status = models.EnrollmentStatus(q.Get("status"))
	f.Pilot, _ = uuid.Parse(q.Get("pilot")) // the zero id narrows nothing
	f.Site, _ = uuid.Parse(q.Get("site"))
	f.Class, _ = uuid.Parse(q.Get("class"))
	f.Wave, _ = strconv.Atoi(q.Get("wave"))
	return f
}

// EnrollmentsPage lists enrolments, to change many of them.
func (p *Pages) EnrollmentsPage(c *gin.Context) {
	p.showEnrollments(c, c.Request.URL.Query(), &page.Form{})
}

func (p *Pages) showEnrollments(c *gin.Context, query url.Values, form *page.Form) {
	slice := page.SliceOf(c)
	view := enrollmentsView{Form: form.Over(query), Filter: query.Encode(),
		States: page.Choices("enrollment.", "active", "cancelled"), Tickets: page.Choices("roll.ticket_", "with", "without")}
	list, err := p.Store.Read(c.Request.Context()).ListEnrolled(rollFilter(query), slice)
	if err == nil {
		view.Pilots, err = p.PilotOptions(c)
	}
	if err == nil {
		view.Sites, err = p.SiteOptions(c)
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Rows, view.Pages = list.Rows, page.Paging(c, slice, len(list.Rows), list.Total)
	page.Show(p.Kit, c, "people/roll", p.Frame(c, templates.Say("roll.title")), view)
}

// DraftRoll previews a change of the places that were chosen: those ticked, or all
// that the filter finds.
func (p *Pages) DraftRoll(c *gin.Context) {
	f := page.FormOf(c)
	query, err := url.ParseQuery(f.Value("filter"))
	if err != nil {
		p.Fail(c, store.ErrNotFound)
		return
	}
	r := seating.BulkRequest{Kind: models.BulkKind(f.Value("kind")), Places: f.IDs("chosen"), Reason: f.Trimmed("reason")}
	if r.Kind != models.BulkTransfer {
		r.Kind = models.BulkCancel
	}
	if f.Checked("all") {
		r.Places, err = p.Store.Read(c.Request.Context()).EnrolledIDs(rollFilter(query), bulk.Most+1)
	}
	if err == nil && r.Kind == models.BulkTransfer {
		r.Class, err = p.classNamed(c, f)
	}
	p.draft(c, f, r, err, func() { p.showEnrollments(c, query, f) })
}

// DraftPeople previews places in a class for the participants that were chosen.
func (p *Pages) DraftPeople(c *gin.Context) {
	f := page.FormOf(c)
	query, err := url.ParseQuery(f.Value("filter"))
	if err != nil {
		p.Fail(c, store.ErrNotFound)
		return
	}
	r := seating.BulkRequest{Kind: models.BulkEnroll, People: f.IDs("chosen"), Waiting: f.Checked("waiting")}
	filter := participantFilter(query)
	if f.Checked("all") {
		r.People, err = p.Store.Read(c.Request.Context()).ParticipantIDs(filter, bulk.Most+1)
	}
	if err == nil {
		r.Class, err = p.classNamed(c, f)
	}
	p.draft(c, f, r, err, func() { p.showParticipants(c, filter, query, f) })
}

// DraftClass previews filling a class from its waiting list.
func (p *Pages) DraftClass(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	r := seating.BulkRequest{Kind: models.BulkFill, Class: class.ID, Reason: f.Trimmed("reason")}
	if f.Value("kind") == string(models.BulkReplace) {
		r.Kind = models.BulkReplace
	}
	p.draft(c, f, r, nil, func() { p.showClassPeople(c, f) })
}

// EndWaiting takes somebody off the waiting list of a class.
func (p *Pages) EndWaiting(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	person, err := uuid.Parse(page.FormOf(c).Value("participant"))
	if err != nil {
		p.Fail(c, store.ErrNotFound)
		return
	}
	if err := p.Seating.EndWaiting(c.Request.Context(), page.VisitorOf(c).Actor(), class.ID, person); err != nil {
		p.Fail(c, err)
		return
	}
	p.Done(c, page.ClassHref(class.ID, "people"), "waiting.ended")
}

func (p *Pages) draft(c *gin.Context, f *page.Form, r seating.BulkRequest, err error, again func()) {
	var b models.BulkChange
	if err == nil && f.Ok() {
		b, err = p.Seating.DraftBulk(c.Request.Context(), page.VisitorOf(c).Actor(), r)
	}
	if err != nil || !f.Ok() {
		p.Again(c, f, "chosen", err, again)
		return
	}
	c.Redirect(http.StatusSeeOther, page.BulkHref(b.ID))
}

// classNamed finds the class whose code was typed.
func (p *Pages) classNamed(c *gin.Context, f *page.Form) (uuid.UUID, error) {
	class, err := p.Store.Read(c.Request.Context()).ClassByCode(f.Trimmed("to"))
	if errors.Is(err, store.ErrNotFound) {
		f.Refuse("to", "bulk.no_class")
		return uuid.Nil, nil
	}
	return class.ID, err
}

// bulkAsked finds the bulk change that the address names. A user who may not correct
// attendance does not find one that does.
func (p *Pages) bulkAsked(c *gin.Context) (models.BulkChange, error) {
	id, err := page.IDParam(c)
	if err != nil {
		return models.BulkChange{}, err
	}
	b, err := p.Store.Read(c.Request.Context()).Bulk(id)
	if err == nil && (b.Kind == models.BulkCorrect || b.Carry) && !page.VisitorOf(c).May(account.CorrectAttendance) {
		err = store.ErrNotFound
	}
	return b, err
}

type bulksView struct {
	Changes []store.BulkEntry
	Pages   templates.Pagination
}

// BulksPage lists the changes to many.
func (p *Pages) BulksPage(c *gin.Context) {
	slice := page.SliceOf(c)
	list, err := p.Store.Read(c.Request.Context()).ListBulk(slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := p.Frame(c, templates.Say("bulk.title"))
	f.Crumbs = page.Crumbs("/enrollments", "roll.title")
	page.Show(p.Kit, c, "people/bulks", f, bulksView{list.Rows, page.Paging(c, slice, len(list.Rows), list.Total)})
}

// bulkView is a bulk change: before it is done its expected result, then its result.
type bulkView struct {
	Change models.BulkChange
	Class  *store.ClassEntry
	Over   int  // sessions of the class that are over
	Alike  bool // a transfer within one course: attendance can be taken along
	Notice *page.BudgetNotice
	Counts []bulkCount
	Will   int // how many it would change
	Items  []bulkLine
	Pages  templates.Pagination
	Form   *page.Form
}

type bulkCount struct {
	State models.BulkItemState
	Count int
}

type bulkLine struct {
	store.BulkItemEntry
	Why templates.Text
}

// BulkPage shows a change to many, line by line, before and after it is done.
func (p *Pages) BulkPage(c *gin.Context) { p.showBulk(c, &page.Form{}) }

func (p *Pages) showBulk(c *gin.Context, form *page.Form) {
	view, err := p.bulkOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Form = form
	f := p.Frame(c, templates.Say("bulk.kind_"+string(view.Change.Kind)))
	f.Crumbs = page.Crumbs("/enrollments", "roll.title", "/bulk", "bulk.title")
	if view.Change.Kind == models.BulkCorrect {
		f.Crumbs = page.Crumbs("/attendance", "visits.title", "/bulk", "bulk.title")
	}
	page.Show(p.Kit, c, "people/bulk", f, view)
}

func (p *Pages) bulkOf(c *gin.Context) (view bulkView, err error) {
	if view.Change, err = p.bulkAsked(c); err != nil {
		return view, err
	}
	q, slice, id := p.Store.Read(c.Request.Context()), page.SliceOf(c), view.Change.ID
	if to := view.Change.ClassID; to != nil {
		class, err := q.ClassEntry(*to)
		if err != nil {
			return view, err
		}
		sessions, err := q.SessionsOf(*to)
		if err != nil {
			return view, err
		}
		for _, s := range sessions {
			if s.Status == models.SessionPlanned && s.EndsAt < p.Now() {
				view.Over++
			}
		}
		view.Class = &class
		if view.Notice, err = p.NoticeOf(c, class.PilotID); err != nil {
			return view, err
		}
	}
	if view.Change.Kind == models.BulkTransfer && view.Over > 0 && page.VisitorOf(c).May(account.CorrectAttendance) {
		if view.Alike, err = q.TransfersWithin(id); err != nil {
			return view, err
		}
	}
	counts, err := q.CountBulkItems(id)
	if err != nil {
		return view, err
	}
	for _, state := range []models.BulkItemState{models.BulkItemGood, models.BulkItemWaits, models.BulkItemDone, models.BulkItemWaiting,
		models.BulkItemUndone, models.BulkItemStuck, models.BulkItemRefused, models.BulkItemSkipped} {
		if n := counts[state]; n > 0 {
			view.Counts = append(view.Counts, bulkCount{state, n})
		}
	}
	view.Will = counts[models.BulkItemGood] + counts[models.BulkItemWaits]
	list, err := q.ListBulkItems(id, slice)
	if err != nil {
		return view, err
	}
	for _, row := range list.Rows {
		line := bulkLine{BulkItemEntry: row}
		if row.Problem != "" {
			var problem office.Problem
			if err := json.Unmarshal([]byte(row.Problem), &problem); err != nil {
				return view, err
			}
			line.Why = templates.Say(problem.Key, page.Anys(problem.Args)...)
		}
		view.Items = append(view.Items, line)
	}
	view.Pages = page.Paging(c, slice, len(list.Rows), list.Total)
	return view, nil
}

// WasWhen names the column of what there was, or is still.
func (v bulkView) WasWhen() string {
	if v.Change.State == models.BulkDraft {
		return "correct.was"
	}
	return "correct.before"
}

// UndoHint says what an undo takes back.
func (v bulkView) UndoHint() string {
	if v.Change.Kind == models.BulkCorrect {
		return "correct.undo_hint"
	}
	return "bulk.undo_hint"
}

// Back is where a change was chosen.
func (v bulkView) Back() string {
	if v.Change.Kind == models.BulkCorrect {
		return "/attendance"
	}
	return "/enrollments"
}

// ApplyBulk does a change to many.
func (p *Pages) ApplyBulk(c *gin.Context) {
	b, err := p.bulkAsked(c)
	if err == nil {
		err = p.Bulk.Apply(c.Request.Context(), page.VisitorOf(c).Actor(), b.ID)
	}
	if err != nil {
		p.Refused(c, page.BulkHref(b.ID), err)
		return
	}
	p.Done(c, page.BulkHref(b.ID), "bulk.done_now")
}

// SkipBulkItem leaves one line out of a change to many, or takes it in again.
func (p *Pages) SkipBulkItem(c *gin.Context) {
	b, err := p.bulkAsked(c)
	seq, bad := strconv.Atoi(page.FormOf(c).Value("seq"))
	if err == nil && bad != nil {
		err = store.ErrNotFound
	}
	if err == nil {
		err = p.Bulk.Skip(c.Request.Context(), b.ID, seq)
	}
	if err != nil {
		p.Refused(c, page.BulkHref(b.ID), err)
		return
	}
	c.Redirect(http.StatusSeeOther, page.BulkHref(b.ID)+"?page="+strconv.Itoa((seq-1)/page.PerPage+1))
}

// UndoBulk undoes a change to many, as far as it can be.
func (p *Pages) UndoBulk(c *gin.Context) {
	b, err := p.bulkAsked(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	if err := p.Bulk.Undo(c.Request.Context(), page.VisitorOf(c).Actor(), b.ID, f.Value("reason")); err != nil {
		p.Again(c, f, "reason", err, func() { p.showBulk(c, f) })
		return
	}
	p.Done(c, page.BulkHref(b.ID), "bulk.undone_now")
}

// CarryBulk says whether a transfer takes attendance along.
func (p *Pages) CarryBulk(c *gin.Context) {
	b, err := p.bulkAsked(c)
	if err == nil {
		err = p.Bulk.Carry(c.Request.Context(), b.ID, page.FormOf(c).Checked("carry"))
	}
	if err != nil {
		p.Refused(c, page.BulkHref(b.ID), err)
		return
	}
	c.Redirect(http.StatusSeeOther, page.BulkHref(b.ID))
}
