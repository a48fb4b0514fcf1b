package web

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
	"buktihadir/server/review"
	"buktihadir/server/schedule"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// rollView is the list of participants' places, from which many are changed at once.
type rollView struct {
	Form                           *Form
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

func (p *Pages) rollPage(c *gin.Context) { p.showRoll(c, c.Request.URL.Query(), &Form{}) }

func (p *Pages) showRoll(c *gin.Context, query url.Values, form *Form) {
	slice := sliceOf(c)
	view := rollView{Form: form.over(query), Filter: query.Encode(),
		States: choices("enrollment.", "active", "cancelled"), Tickets: choices("roll.ticket_", "with", "without")}
	list, err := p.Store.Read(c.Request.Context()).ListEnrolled(rollFilter(query), slice)
	if err == nil {
		view.Pilots, err = p.pilotOptions(c)
	}
	if err == nil {
		view.Sites, err = p.siteOptions(c)
	}
	if err != nil {
		p.fail(c, err)
		return
	}
	view.Rows, view.Pages = list.Rows, pages(c, slice, len(list.Rows), list.Total)
	show(p, c, "roll", p.frame(c, templates.Say("roll.title")), view)
}

// draftRoll previews a change of the places that were chosen: those ticked, or all
// that the filter finds.
func (p *Pages) draftRoll(c *gin.Context) {
	f := formOf(c)
	query, err := url.ParseQuery(f.Value("filter"))
	if err != nil {
		p.fail(c, store.ErrNotFound)
		return
	}
	r := schedule.BulkRequest{Kind: models.BulkKind(f.Value("kind")), Places: f.ids("chosen"), Reason: f.trimmed("reason")}
	if r.Kind != models.BulkTransfer {
		r.Kind = models.BulkCancel
	}
	if f.checked("all") {
		r.Places, err = p.Store.Read(c.Request.Context()).EnrolledIDs(rollFilter(query), bulk.Most+1)
	}
	if err == nil && r.Kind == models.BulkTransfer {
		r.Class, err = p.classNamed(c, f)
	}
	p.draft(c, f, r, err, func() { p.showRoll(c, query, f) })
}

// draftPeople previews places in a class for the participants that were chosen.
func (p *Pages) draftPeople(c *gin.Context) {
	f := formOf(c)
	query, err := url.ParseQuery(f.Value("filter"))
	if err != nil {
		p.fail(c, store.ErrNotFound)
		return
	}
	r := schedule.BulkRequest{Kind: models.BulkEnroll, People: f.ids("chosen"), Waiting: f.checked("waiting")}
	filter := participantFilter(query)
	if f.checked("all") {
		r.People, err = p.Store.Read(c.Request.Context()).ParticipantIDs(filter, bulk.Most+1)
	}
	if err == nil {
		r.Class, err = p.classNamed(c, f)
	}
	p.draft(c, f, r, err, func() { p.showParticipants(c, filter, query, f) })
}

// draftClass previews filling a class from its waiting list.
func (p *Pages) draftClass(c *gin.Context) {
	class, err := p.classOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f := formOf(c)
	r := schedule.BulkRequest{Kind: models.BulkFill, Class: class.ID, Reason: f.trimmed("reason")}
	if f.Value("kind") == string(models.BulkReplace) {
		r.Kind = models.BulkReplace
	}
	p.draft(c, f, r, nil, func() { p.showClassPeople(c, f) })
}

func (p *Pages) endWaiting(c *gin.Context) {
	class, err := p.classOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	person, err := uuid.Parse(formOf(c).Value("participant"))
	if err != nil {
		p.fail(c, store.ErrNotFound)
		return
	}
	if err := p.Plan.EndWaiting(c.Request.Context(), visitorOf(c).actor(), class.ID, person); err != nil {
		p.fail(c, err)
		return
	}
	p.done(c, classHref(class.ID, "people"), "waiting.ended")
}

func (p *Pages) draft(c *gin.Context, f *Form, r schedule.BulkRequest, err error, again func()) {
	var b models.BulkChange
	if err == nil && f.ok() {
		b, err = p.Plan.DraftBulk(c.Request.Context(), visitorOf(c).actor(), r)
	}
	if err != nil || !f.ok() {
		p.again(c, f, "chosen", err, again)
		return
	}
	c.Redirect(http.StatusSeeOther, bulkHref(b.ID))
}

// classNamed finds the class whose code was typed.
func (p *Pages) classNamed(c *gin.Context, f *Form) (uuid.UUID, error) {
	class, err := p.Store.Read(c.Request.Context()).ClassByCode(f.trimmed("to"))
	if errors.Is(err, store.ErrNotFound) {
		f.refuse("to", "bulk.no_class")
		return uuid.Nil, nil
	}
	return class.ID, err
}

// bulkWorks says who does what a bulk change is about.
func bulkWorks(b models.BulkChange) []bulk.Work {
	switch {
	case b.Kind == models.BulkCorrect:
		return []bulk.Work{review.Corrections{}}
	case b.Carry:
		return []bulk.Work{schedule.Places{}, review.Carrying{}}
	}
	return []bulk.Work{schedule.Places{}}
}

// bulkAsked finds the bulk change that the address names; who may not correct
// attendance has nothing to do with one that does.
func (p *Pages) bulkAsked(c *gin.Context) (models.BulkChange, error) {
	id, err := idParam(c)
	if err != nil {
		return models.BulkChange{}, err
	}
	b, err := p.Store.Read(c.Request.Context()).Bulk(id)
	if err == nil && (b.Kind == models.BulkCorrect || b.Carry) && !visitorOf(c).may(account.CorrectAttendance) {
		err = store.ErrNotFound
	}
	return b, err
}

func bulkHref(id uuid.UUID) string { return "/bulk/" + id.String() }

type bulksView struct {
	Changes []store.BulkEntry
	Pages   templates.Pagination
}

func (p *Pages) bulksPage(c *gin.Context) {
	slice := sliceOf(c)
	list, err := p.Store.Read(c.Request.Context()).ListBulk(slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	f := p.frame(c, templates.Say("bulk.title"))
	f.Crumbs = crumbs("/enrollments", "roll.title")
	show(p, c, "bulks", f, bulksView{list.Rows, pages(c, slice, len(list.Rows), list.Total)})
}

// bulkView is a bulk change: before it is done what it would do, then what it did.
type bulkView struct {
	Change models.BulkChange
	Class  *store.ClassEntry
	Over   int  // sessions of the class that are over
	Alike  bool // a transfer within one course: attendance can be taken along
	Notice *budgetNotice
	Counts []bulkCount
	Will   int // how many it would change
	Items  []bulkLine
	Pages  templates.Pagination
	Form   *Form
}

type bulkCount struct {
	State models.BulkItemState
	Count int
}

type bulkLine struct {
	store.BulkItemEntry
	Why templates.Text
}

func (p *Pages) bulkPage(c *gin.Context) { p.showBulk(c, &Form{}) }

func (p *Pages) showBulk(c *gin.Context, form *Form) {
	view, err := p.bulkOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	view.Form = form
	f := p.frame(c, templates.Say("bulk.kind_"+string(view.Change.Kind)))
	f.Crumbs = crumbs("/enrollments", "roll.title", "/bulk", "bulk.title")
	if view.Change.Kind == models.BulkCorrect {
		f.Crumbs = crumbs("/attendance", "visits.title", "/bulk", "bulk.title")
	}
	show(p, c, "bulk", f, view)
}

func (p *Pages) bulkOf(c *gin.Context) (view bulkView, err error) {
	if view.Change, err = p.bulkAsked(c); err != nil {
		return view, err
	}
	q, slice, id := p.Store.Read(c.Request.Context()), sliceOf(c), view.Change.ID
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
		if view.Notice, err = p.noticeOf(c, class.PilotID); err != nil {
			return view, err
		}
	}
	if view.Change.Kind == models.BulkTransfer && view.Over > 0 && visitorOf(c).may(account.CorrectAttendance) {
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
			var problem bulk.Problem
			if err := json.Unmarshal([]byte(row.Problem), &problem); err != nil {
				return view, err
			}
			line.Why = templates.Say(problem.Key, anys(problem.Args)...)
		}
		view.Items = append(view.Items, line)
	}
	view.Pages = pages(c, slice, len(list.Rows), list.Total)
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

func (p *Pages) applyBulk(c *gin.Context) {
	b, err := p.bulkAsked(c)
	if err == nil {
		err = p.bulk.Apply(c.Request.Context(), visitorOf(c).bulkBy(), b.ID)
	}
	if err != nil {
		p.refused(c, bulkHref(b.ID), err)
		return
	}
	p.done(c, bulkHref(b.ID), "bulk.done_now")
}

func (p *Pages) skipBulkItem(c *gin.Context) {
	b, err := p.bulkAsked(c)
	seq, bad := strconv.Atoi(formOf(c).Value("seq"))
	if err == nil && bad != nil {
		err = store.ErrNotFound
	}
	if err == nil {
		err = p.bulk.Skip(c.Request.Context(), b.ID, seq)
	}
	if err != nil {
		p.refused(c, bulkHref(b.ID), err)
		return
	}
	c.Redirect(http.StatusSeeOther, bulkHref(b.ID)+"?page="+strconv.Itoa((seq-1)/perPage+1))
}

func (p *Pages) undoBulk(c *gin.Context) {
	b, err := p.bulkAsked(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	f := formOf(c)
	if err := p.bulk.Undo(c.Request.Context(), visitorOf(c).bulkBy(), b.ID, f.Value("reason")); err != nil {
		p.again(c, f, "reason", err, func() { p.showBulk(c, f) })
		return
	}
	p.done(c, bulkHref(b.ID), "bulk.undone_now")
}

// carryBulk says whether a transfer takes attendance along.
func (p *Pages) carryBulk(c *gin.Context) {
	b, err := p.bulkAsked(c)
	if err == nil {
		err = p.bulk.Carry(c.Request.Context(), b.ID, formOf(c).checked("carry"))
	}
	if err != nil {
		p.refused(c, bulkHref(b.ID), err)
		return
	}
	c.Redirect(http.StatusSeeOther, bulkHref(b.ID))
}
