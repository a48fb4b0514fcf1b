package plan

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/office"
	"buktihadir/server/proposal"
	"buktihadir/server/proposal/autoplan"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// windowsOffered is how many windows the form has.
const windowsOffered = 3

type proposalsView struct {
	Plans []proposalEntry
}

type proposalEntry struct {
	models.AutoPlan
	Pilot string
}

// ProposalsPage lists the proposals of classes.
func (p *Pages) ProposalsPage(c *gin.Context) {
	q := p.Store.Read(c.Request.Context())
	plans, err := q.RecentAutoPlans(page.PerPage)
	if err != nil {
		p.Fail(c, err)
		return
	}
	pilots, err := q.Pilots()
	if err != nil {
		p.Fail(c, err)
		return
	}
	codes := map[uuid.UUID]string{}
	for _, pilot := range pilots {
		codes[pilot.ID] = pilot.Code
	}
	var view proposalsView
	for _, plan := range plans {
		view.Plans = append(view.Plans, proposalEntry{plan, codes[plan.PilotID]})
	}
	page.Show(p.Kit, c, "plan/proposals", p.Frame(c, templates.Say("autoplan.title")), view)
}

type newProposalView struct {
	Form     *page.Form
	Pilots   []templates.Option
	Courses  []chosen
	Weekdays []chosen
	Windows  []windowView
}

// chosen is a checkbox.
type chosen struct {
	Value, Name string
	Text        templates.Text
	On          bool
}

// windowView is the fields of one window.
type windowView struct {
	Number                          string
	First, Last, From, To           string // names
	FirstDay, LastDay, Begins, Ends string // values
}

// NewProposalPage shows the form that asks for a proposal.
func (p *Pages) NewProposalPage(c *gin.Context) {
	f := page.Filled("class_seats", "40", "most_km", "100", "empty_km", "5", "unplaced_km", "1000", "from1", "08:00", "to1", "16:00", "pilot", c.Query("pilot"))
	for day := time.Monday; day <= time.Friday; day++ {
		f.Values.Add("weekday", strconv.Itoa(int(day)))
	}
	p.showNewProposal(c, f)
}

func (p *Pages) showNewProposal(c *gin.Context, f *page.Form) {
	view := newProposalView{Form: f}
	pilots, err := p.PilotOptions(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Pilots = append([]templates.Option{{Text: templates.Say("choice.none")}}, pilots[1:]...)
	courses, err := p.Store.Read(c.Request.Context()).Courses()
	if err != nil {
		p.Fail(c, err)
		return
	}
	for _, course := range courses {
		if course.Mode != models.ModeOnline {
			view.Courses = append(view.Courses, chosen{Value: course.ID.String(), Name: course.Code + " · " + course.Title, On: f.Ticked("course", course.ID.String())})
		}
	}
	for _, day := range page.WeekdayOptions() {
		view.Weekdays = append(view.Weekdays, chosen{Value: day.Value, Text: day.Text, On: f.Ticked("weekday", day.Value)})
	}
	for i := range windowsOffered {
		n := strconv.Itoa(i + 1)
		w := windowView{Number: n, First: "first" + n, Last: "last" + n, From: "from" + n, To: "to" + n}
		w.FirstDay, w.LastDay, w.Begins, w.Ends = f.Value(w.First), f.Value(w.Last), f.Value(w.From), f.Value(w.To)
		view.Windows = append(view.Windows, w)
	}
	frame := p.Frame(c, templates.Say("autoplan.new"))
	frame.Crumbs = page.Crumbs("/plan", "autoplan.title")
	page.Show(p.Kit, c, "plan/proposal-new", frame, view)
}

// planRequestOf reads the request for a proposal from its form.
func planRequestOf(f *page.Form) proposal.PlanRequest {
	r := proposal.PlanRequest{
		Weekdays: f.Weekdays("weekday"),
		Wave:     wholeOrNone(f, "wave", f.Trimmed("wave")), ClassSeats: wholeOrNone(f, "class_seats", f.Trimmed("class_seats")),
		MostKm: wholeOrNone(f, "most_km", f.Trimmed("most_km")), EmptySeatKm: wholeOrNone(f, "empty_km", f.Trimmed("empty_km")),
		UnplacedKm: wholeOrNone(f, "unplaced_km", f.Trimmed("unplaced_km")),
	}
	for _, text := range f.Values["course"] {
		if id, err := uuid.Parse(text); err == nil {
			r.Courses = append(r.Courses, id)
		}
	}
	if r.Weekdays == ([7]bool{}) {
		f.Refuse("weekday", "autoplan.no_weekday")
	}
	for i := range windowsOffered {
		n := strconv.Itoa(i + 1)
		if i > 0 && f.Trimmed("first"+n) == "" {
			continue
		}
		w := autoplan.Window{First: models.LocalDate(f.Trimmed("first" + n)), Last: models.LocalDate(f.Trimmed("last" + n))}
		w.From, w.To = clockOf(f.Trimmed("from"+n)), clockOf(f.Trimmed("to"+n))
		r.Windows = append(r.Windows, w)
	}
	return r
}

// clockOf reads a time of day. An invalid text gives midnight, when no class meets.
func clockOf(text string) time.Duration { return max(0, sinceMidnight(text)) }

// Propose asks for a proposal of classes.
func (p *Pages) Propose(c *gin.Context) {
	f := page.FormOf(c)
	r := planRequestOf(f)
	pilot, err := uuid.Parse(f.Value("pilot"))
	if err != nil {
		f.Refuse("pilot", "autoplan.no_pilot")
	}
	if !f.Ok() {
		p.Again(c, f, "", nil, func() { p.showNewProposal(c, f) })
		return
	}
	id, err := p.Proposals.Propose(c.Request.Context(), page.VisitorOf(c).Actor(), pilot, r)
	if err != nil {
		p.Again(c, f, "pilot", err, func() { p.showNewProposal(c, f) })
		return
	}
	c.Redirect(303, page.ProposalHref(id))
}

// proposalView is a proposal: its costs, the people who are left out, and its classes.
type proposalView struct {
	proposal.Proposal
	Pilot   string
	LeftOut []leftOut
	Classes []proposedClass
	Pages   templates.Pagination
	Failure templates.Text
	Notice  *page.BudgetNotice
}

type leftOut struct {
	Place  string
	People int
	Why    templates.Text
}

type proposedClass struct {
	store.ProposedEntry
	Place    string
	Sessions int
	First    [2]models.Millis // of the first session
	Problems []templates.Text
	NoAgent  bool // no agent at the site to scan with
}

// Open says that the class can be accepted.
func (c proposedClass) Open() bool {
	return c.State == models.Proposed || c.State == models.ProposalRefused
}

// DoneOf and TotalOf are how far what runs is.
func (v proposalView) DoneOf() int64 { return int64(v.Done) }

// TotalOf is 0 while it isn't known.
func (v proposalView) TotalOf() int64 { return int64(v.Total) }

// Left is the number of classes that can still be accepted.
func (v proposalView) Left() int { return v.Count[models.Proposed] + v.Count[models.ProposalRefused] }

// Accepted is how many classes are real.
func (v proposalView) Accepted() int { return v.Count[models.ProposalAccepted] }

// Km writes metres as kilometres.
func (proposalView) Km(metres int64) int64 { return (metres + 500) / 1000 }

// EmptyKm and UnplacedKm are what the empty seats and the people without a place weigh.
func (v proposalView) EmptyKm() int { return v.Costs.EmptySeats * v.Asked.EmptySeatKm }

// UnplacedKm is what the people without a place weigh.
func (v proposalView) UnplacedKm() int { return v.Costs.Unplaced * v.Asked.UnplacedKm }

// Average is the way of a person with a place, in kilometres.
func (v proposalView) Average() int64 {
	if v.Costs.Placed == 0 {
		return 0
	}
	return v.Km(v.Costs.Travel / int64(v.Costs.Placed))
}

// ProposalPage shows a proposal, or how far it has come.
func (p *Pages) ProposalPage(c *gin.Context) {
	view, err := p.proposalOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := p.Frame(c, templates.Say("autoplan.one", "Pilot", view.Pilot))
	f.Crumbs = page.Crumbs("/plan", "autoplan.title")
	if c.GetHeader("HX-Request") != "" {
		page.ShowPart(p.Kit, c, "plan/proposal", "proposal-state", f, view)
		return
	}
	page.Show(p.Kit, c, "plan/proposal", f, view)
}

func (p *Pages) proposalOf(c *gin.Context) (proposalView, error) {
	var view proposalView
	id, err := page.IDParam(c)
	if err != nil {
		return view, err
	}
	if view.Proposal, err = p.Proposals.Proposal(c.Request.Context(), id); err != nil {
		return view, err
	}
	q, slice := p.Store.Read(c.Request.Context()), page.SliceOf(c)
	pilot, err := q.Pilot(view.PilotID)
	if err != nil {
		return view, err
	}
	view.Pilot = pilot.Code
	if view.Notice, err = p.NoticeOf(c, pilot.ID); err != nil {
		return view, err
	}
	if failure := view.Costs.Failure; failure != nil {
		view.Failure = templates.Say(failure.Key, page.Anys(failure.Args)...)
	}
	for _, l := range view.Costs.LeftOut {
		view.LeftOut = append(view.LeftOut, leftOut{regencyName(l.Regency), l.People, templates.Say("autoplan.why_" + string(l.Why))})
	}
	list, err := q.ListProposed(id, slice)
	if err != nil {
		return view, err
	}
	marks, err := q.Watermarks()
	if err != nil {
		return view, err
	}
	for _, row := range list.Rows {
		class, err := proposedClassOf(row)
		if err != nil {
			return view, err
		}
		class.NoAgent = marks[row.SiteID].Agents == 0
		view.Classes = append(view.Classes, class)
	}
	view.Pages = page.Paging(c, slice, len(list.Rows), list.Total)
	return view, nil
}

func proposedClassOf(row store.ProposedEntry) (proposedClass, error) {
	class := proposedClass{ProposedEntry: row, Place: regencyName(row.Regency)}
	var meetings [][2]models.Millis
	if err := json.Unmarshal([]byte(row.Meetings), &meetings); err != nil {
		return class, err
	}
	if class.Sessions = len(meetings); len(meetings) > 0 {
		class.First = meetings[0]
	}
	if row.Problem == "" {
		return class, nil
	}
	var problems []office.Problem
	err := json.Unmarshal([]byte(row.Problem), &problems)
	for _, problem := range problems {
		class.Problems = append(class.Problems, problemText(problem))
	}
	return class, err
}

func regencyName(code string) string {
	if r, ok := region.RegencyByCode(code); ok {
		return r.Name
	}
	return code
}

// AcceptProposal takes the classes that were ticked, or all that are left.
func (p *Pages) AcceptProposal(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := page.FormOf(c)
	var seqs []int
	for _, text := range f.Values["class"] {
		if seq, err := strconv.Atoi(text); err == nil && len(seqs) < page.PerPage {
			seqs = append(seqs, seq)
		}
	}
	switch {
	case f.Checked("all"):
		seqs = nil
	case len(seqs) == 0:
		p.Flash(c, templates.Bad, templates.Say("autoplan.nothing_chosen"))
		c.Redirect(303, page.ProposalHref(id))
		return
	}
	if err := p.Proposals.Accept(c.Request.Context(), page.VisitorOf(c).Actor(), id, seqs); err != nil {
		p.Refused(c, page.ProposalHref(id), err)
		return
	}
	c.Redirect(303, page.ProposalHref(id))
}
