package attendance

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/anomaly"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// kindCount is how many cases of a kind are open.
type kindCount struct {
	Kind  models.CaseKind
	Count int64
	Href  string
	Now   bool // the list shows this kind
}

type casesView struct {
	Form     *page.Form
	Counts   []kindCount
	Sites    []templates.Option
	States   []templates.Option
	Cases    []store.CaseEntry
	Pages    templates.Pagination
	Open     bool            // the list shows open cases
	Kind     models.CaseKind // of all that it shows, which can be decided together; "" where they differ
	Choices  []templates.Option
	Chosen   []uuid.UUID
	Filter   string         // the list's address, without its path
	Choice   templates.Text // the decision to confirm: the page asks again
	Counting bool           // something will count by it
	First    []siteRisk
}

// siteRisk is a site with what makes it worth a look.
type siteRisk struct {
	Site  store.SiteCases
	Score int
	Why   []store.SiteCases
}

// looksFirst are the sites at which there is most to look at, with every reason.
func looksFirst(rows []store.SiteCases) []siteRisk {
	var list []siteRisk
	for _, r := range rows {
		if len(list) == 0 || list[len(list)-1].Site.SiteID != r.SiteID {
			list = append(list, siteRisk{Site: r})
		}
		last := &list[len(list)-1]
		last.Score += int(r.Count) * anomaly.Weight(r.Kind)
		last.Why = append(last.Why, r)
	}
	slices.SortStableFunc(list, func(a, b siteRisk) int { return cmp.Compare(b.Score, a.Score) })
	return list[:min(len(list), page.Beside)]
}

func caseFilter(q url.Values) store.CaseFilter {
	f := store.CaseFilter{Kind: models.CaseKind(q.Get("kind")), State: models.CaseState(q.Get("state"))}
	if f.State == "" {
		f.State = models.CaseOpen
	}
	f.Site, _ = uuid.Parse(q.Get("site")) // the zero id narrows nothing
	return f
}

// CasesPage lists the cases that a person has to decide.
func (p *Pages) CasesPage(c *gin.Context) { p.showCases(c, c.Request.URL.Query(), nil, &page.Form{}) }

func (p *Pages) showCases(c *gin.Context, query url.Values, chosen []uuid.UUID, form *page.Form) {
	view, err := p.casesViewOf(c, query, chosen)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Form, view.Chosen = form.Over(query), chosen
	if d, ok := chosenOf(form); ok && len(chosen) > 0 && view.Kind != "" {
		view.Choice, view.Counting = choiceOf(view.Kind, d.State), view.Kind.Counts() && d.State == models.CaseConfirmed
		for _, o := range view.Choices {
			if o.Value == form.Value("decision") {
				view.Choice = o.Text
			}
		}
	}
	page.Show(p.Kit, c, "attendance/cases", p.Frame(c, templates.Say("cases.title")), view)
}

// oneKind is the kind of all cases of a list; "" where they differ.
func oneKind(list []store.CaseEntry) models.CaseKind {
	if len(list) == 0 || slices.ContainsFunc(list, func(k store.CaseEntry) bool { return k.Kind != list[0].Kind }) {
		return ""
	}
	return list[0].Kind
}

// choiceOf is a decision in the words of a kind.
func choiceOf(kind models.CaseKind, state models.CaseState) templates.Text {
	return templates.Say("cases." + string(state) + "." + string(kind))
}

// moveTo begins the value of a choice that counts what was recorded at another session.
const moveTo = "move:"

// choicesOf are the decisions for some cases of one kind. For several at once they leave out
// the one that needs an answer for each.
func (p *Pages) choicesOf(c *gin.Context, cases []store.CaseEntry) ([]templates.Option, error) {
	kind, several := cases[0].Kind, len(cases) > 1
	var list []templates.Option
	if !several || !kind.AboutWhom() || kind == models.CaseUnknownSession {
		list = append(list, templates.Option{Value: string(models.CaseConfirmed), Text: choiceOf(kind, models.CaseConfirmed)})
	}
	of := make([]models.Case, len(cases))
	for i, k := range cases {
		of[i] = k.Case
	}
	fit, err := p.Store.Read(c.Request.Context()).SessionsToMoveTo(of...)
	formats := p.Set.Texts.Formats(templates.ChooseLang(c.Writer, c.Request))
	for _, s := range fit {
		on := formats.DateTime(s.StartsAt, cases[0].Zone)
		list = append(list, templates.Option{Value: moveTo + s.ID.String(), Text: templates.Say("cases.move_to", "Number", s.Seq, "Time", on)})
	}
	return append(list, templates.Option{Value: string(models.CaseDismissed), Text: choiceOf(kind, models.CaseDismissed)}), err
}

// chosenOf reads a choice: a state, or a session to move to.
func chosenOf(f *page.Form) (d review.Decision, ok bool) {
	choice := f.Value("decision")
	if id, moves := strings.CutPrefix(choice, moveTo); moves {
		var err error
		d.State = models.CaseConfirmed
		d.MoveTo, err = uuid.Parse(id)
		return d, err == nil
	}
	d.State = models.CaseState(choice)
	return d, d.State == models.CaseConfirmed || d.State == models.CaseDismissed
}

func (p *Pages) casesViewOf(c *gin.Context, query url.Values, chosen []uuid.UUID) (casesView, error) {
	q, f, slice := p.Store.Read(c.Request.Context()), caseFilter(query), page.SliceOf(c)
	view := casesView{Open: f.State == models.CaseOpen, Filter: query.Encode()}
	if len(chosen) > 0 { // these, wherever they stand in the list
		f = store.CaseFilter{IDs: chosen}
	}
	list, err := q.ListCases(f, slice)
	if err != nil {
		return view, err
	}
	view.Cases, view.Pages = list.Rows, page.Paging(c, slice, len(list.Rows), list.Total)
	if view.Kind = oneKind(list.Rows); view.Open && view.Kind != "" {
		if view.Choices, err = p.choicesOf(c, list.Rows); err != nil {
			return view, err
		}
	}
	counts, err := q.CaseCounts()
	if err != nil {
		return view, err
	}
	for _, kind := range models.CaseKinds() {
		if n := counts[kind]; n > 0 || kind == f.Kind {
			view.Counts = append(view.Counts, kindCount{kind, n, "/cases?" + url.Values{"kind": {string(kind)}}.Encode(), kind == f.Kind})
		}
	}
	for _, s := range models.CaseStates() {
		view.States = append(view.States, templates.Option{Value: string(s), Text: templates.Say("case_state." + string(s))})
	}
	bySite, err := p.Store.Read(c.Request.Context()).CasesBySite()
	if err != nil {
		return view, err
	}
	view.First = looksFirst(bySite)
	view.Sites, err = p.SiteOptions(c)
	return view, err
}

// DecideCases decides several cases in the same way. It first shows what it would decide;
// after the user has agreed it decides.
func (p *Pages) DecideCases(c *gin.Context) {
	f := page.FormOf(c)
	query, err := url.ParseQuery(f.Value("filter"))
	if err != nil {
		query = url.Values{}
	}
	chosen := f.IDs("case")
	kinds, err := p.Store.Read(c.Request.Context()).KindsOfCases(chosen)
	switch _, chose := chosenOf(f); {
	case err != nil:
		p.Fail(c, err)
		return
	case len(kinds) == 0:
		f.Refuse("", "cases.none_chosen")
	case len(kinds) > 1:
		f.Refuse("", "cases.many_kinds")
	case !chose:
		f.Refuse("", "cases.no_decision")
	case f.Value("sure") == "":
		p.showCases(c, query, chosen, f)
		return
	}
	if !f.Ok() {
		p.Again(c, f, "", nil, func() { p.showCases(c, query, nil, f) })
		return
	}
	back := (&url.URL{Path: "/cases", RawQuery: query.Encode()}).String()
	p.decideAll(c, f, chosen, func() { p.showCases(c, query, chosen, f) }, back)
}

// decideAll decides and returns to the list. With a fault it shows the form again.
func (p *Pages) decideAll(c *gin.Context, f *page.Form, cases []uuid.UUID, again func(), next string) {
	d, chose := chosenOf(f)
	d.Reason, d.Number = f.Value("reason"), cmp.Or(f.Value("number"), f.Value("whose"))
	if !chose {
		f.Refuse("decision", "cases.no_decision")
		p.Again(c, f, "", nil, again)
		return
	}
	_, err := review.Decide(c.Request.Context(), p.Store, page.VisitorOf(c).User, cases, d)
	switch {
	case errors.Is(err, review.ErrNoReason):
		f.Refuse("reason", "plan.reason_needed")
	case errors.Is(err, review.ErrManyKinds):
		f.Refuse("", "cases.many_kinds")
	case errors.Is(err, review.ErrNoPlace):
		f.Refuse("number", "cases.no_place")
	case errors.Is(err, store.ErrUndecidable):
		f.Refuse("decision", "cases.undecidable")
	case err != nil:
		p.Fail(c, err)
		return
	}
	if !f.Ok() {
		p.Again(c, f, "", nil, again)
		return
	}
	p.Done(c, next, "cases.decided")
}

type caseView struct {
	Case      store.CaseEntry
	Form      *page.Form
	Event     *models.ScanEvent
	Events    []store.EventEntry // at the session, of the person
	Entries   []store.EntryEntry // at the session, where it is about all of it
	Seen      templates.Text     // the figures of what is unlikely
	Rejected  *models.RejectedBatch
	Batch     *exchange.Batch // content of the rejected bytes, if they can be read
	Countable bool
	Decisions []models.CaseDecision
	Choices   []templates.Option
	Attached  journal.Attachment // the attachment of the event, if the server has it
	Whose     []templates.Option // of a walk-in: the people it may have been
}

// CasePage shows one case with what is known of it.
func (p *Pages) CasePage(c *gin.Context) { p.showCase(c, &page.Form{}) }

func (p *Pages) showCase(c *gin.Context, form *page.Form) {
	id, err := page.ParamID(c, "id")
	if err != nil {
		p.Fail(c, err)
		return
	}
	view, err := p.caseViewOf(c, id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Form = form
	if view.Choices, err = p.choicesOf(c, []store.CaseEntry{view.Case}); err != nil {
		p.Fail(c, err)
		return
	}
	f := p.Frame(c, templates.Say("case."+string(view.Case.Kind)))
	f.Zone = view.Case.Zone
	f.Crumbs = page.Crumbs("/cases", "cases.title")
	page.Show(p.Kit, c, "attendance/case", f, view)
}

func (p *Pages) caseViewOf(c *gin.Context, id uuid.UUID) (caseView, error) {
	q := p.Store.Read(c.Request.Context())
	entry, err := q.CaseEntry(id)
	view := caseView{Case: entry}
	if err != nil {
		return view, err
	}
	if view.Decisions, err = q.DecisionsOf(id); err != nil {
		return view, err
	}
	switch r, err := q.CaseEvent(entry.Case); {
	case err == nil:
		view.Event, view.Countable = &r, store.Countable(r)
		if view.Attached, err = q.Attachment(r); err != nil && !errors.Is(err, store.ErrNotFound) {
			return view, err
		}
	case !errors.Is(err, store.ErrNotFound):
		return view, err
	}
	if entry.SessionID != nil && entry.EnrollmentID != nil {
		if view.Events, err = q.EventsOf(*entry.SessionID, *entry.EnrollmentID); err != nil {
			return view, err
		}
	}
	if entry.Kind == models.CaseWalkIn && entry.SessionID != nil {
		session, err := q.Session(*entry.SessionID)
		if err == nil {
			view.Whose, err = whose(q, session, view.Attached)
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return view, err
		}
	}
	if slices.Contains(models.Anomalies(), entry.Kind) {
		var count, of int
		if _, err := fmt.Sscan(entry.Detail, &count, &of); err == nil {
			view.Seen = templates.Say("cases.seen."+string(entry.Kind), "Count", count, "Of", of)
		}
		if view.Entries, err = q.EntriesOf(*entry.SessionID, page.PerPage); err != nil {
			return view, err
		}
	}
	if entry.RejectedID != nil {
		rejected, err := q.RejectedBatch(*entry.RejectedID)
		if err != nil {
			return view, err
		}
		view.Rejected = &rejected
		if b, err := exchange.Unpack[exchange.Batch](rejected.Bytes); err == nil {
			view.Batch = &b
		}
	}
	return view, nil
}

// DecideCase takes the decision of a case.
func (p *Pages) DecideCase(c *gin.Context) {
	id, err := page.ParamID(c, "id")
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	p.decideAll(c, f, []uuid.UUID{id}, func() { p.showCase(c, f) }, "/cases/"+id.String())
}

// CaseBytes gives what an agent sent and no journal takes, as it came.
func (p *Pages) CaseBytes(c *gin.Context) {
	id, err := page.ParamID(c, "id")
	if err != nil {
		p.Fail(c, err)
		return
	}
	view, err := p.caseViewOf(c, id)
	if err == nil && view.Rejected == nil {
		err = store.ErrNotFound
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.Download(c, view.Rejected.ID.String()+".bin", "application/octet-stream", view.Rejected.Bytes)
}
