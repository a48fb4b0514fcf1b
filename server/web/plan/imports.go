package plan

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type importsView struct {
	Jobs   []models.ImportJob
	Kinds  []kindView
	Pilots []templates.Option // pilots whose schedule can be exported
}

// kindView is a kind of file with the columns it has.
type kindView struct {
	Kind             imports.Kind
	Needed, Optional string
}

// kindsFor are the kinds of files that a visitor may import: an institution plans
// its own classes, people and places are the programme office's.
func kindsFor(v page.Visitor) []imports.Kind {
	if v.Scope.Provider() != nil {
		return []imports.Kind{imports.KindSchedule}
	}
	return imports.Kinds()
}

func kindViews(kinds []imports.Kind) []kindView {
	var list []kindView
	for _, k := range kinds {
		needed, optional := imports.Columns(k)
		list = append(list, kindView{k, strings.Join(needed, ", "), strings.Join(optional, ", ")})
	}
	return list
}

// ImportsPage lists the imports.
func (p *Pages) ImportsPage(c *gin.Context) {
	v := page.VisitorOf(c)
	var author *uuid.UUID
	if v.Scope.Provider() != nil {
		author = &v.User.ID
	}
	jobs, err := p.Store.Read(c.Request.Context()).RecentImportJobs(author, page.PerPage)
	if err != nil {
		p.Fail(c, err)
		return
	}
	pilots, err := p.PilotOptions(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	pilots[0].Text = templates.Say("imports.export_all")
	page.Show(p.Kit, c, "plan/imports", p.Frame(c, templates.Say("imports.title")), importsView{jobs, kindViews(kindsFor(v)), pilots})
}

// ImportTemplate is a file with the right heads: an empty CSV, or a workbook with notes,
// choices and an example.
func (p *Pages) ImportTemplate(c *gin.Context) {
	name, xlsx := strings.CutSuffix(strings.TrimSuffix(c.Param("kind"), ".csv"), ".xlsx")
	kind := imports.Kind(name)
	needed, optional := imports.Columns(kind)
	if needed == nil {
		p.Fail(c, store.ErrNotFound)
		return
	}
	if xlsx {
		var b bytes.Buffer
		lang := templates.ChooseLang(c.Writer, c.Request)
		if err := imports.WriteTemplate(&b, kind, func(key string) string { return p.Set.Texts.T(lang, key) }); err != nil {
			p.Fail(c, err)
			return
		}
		p.Download(c, name+".xlsx", report.XLSX.MediaType(), b.Bytes())
		return
	}
	content, err := page.CSVOf([][]string{append(needed, optional...)})
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.Download(c, name+".csv", report.CSV.MediaType(), content)
}

type newImportView struct {
	Form          *page.Form
	Kinds, Pilots []templates.Option
}

// NewImportPage shows the form to import a file.
func (p *Pages) NewImportPage(c *gin.Context) {
	p.showNewImport(c, page.Filled("kind", c.Query("kind")))
}

func (p *Pages) showNewImport(c *gin.Context, f *page.Form) {
	view := newImportView{Form: f}
	for _, k := range kindsFor(page.VisitorOf(c)) {
		view.Kinds = append(view.Kinds, templates.Option{Value: string(k), Text: templates.Say("imports.kind_" + string(k))})
	}
	pilots, err := p.PilotOptions(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view.Pilots = slices.Concat([]templates.Option{{Text: templates.Say("choice.none")}}, pilots[1:])
	frame := p.Frame(c, templates.Say("imports.new"))
	frame.Crumbs = page.Crumbs("/imports", "imports.title")
	page.Show(p.Kit, c, "plan/import-new", frame, view)
}

// UploadImport takes a file and has it checked.
func (p *Pages) UploadImport(c *gin.Context) {
	f, file, err := page.UploadOf(c)
	if err != nil {
		p.UploadFailed(c, f, "file", err, func() { p.showNewImport(c, f) })
		return
	}
	if file == nil {
		f.Refuse("file", "imports.no_file")
	}
	if !slices.Contains(kindsFor(page.VisitorOf(c)), imports.Kind(f.Value("kind"))) {
		f.Refuse("kind", "imports.no_kind")
	}
	if !f.Ok() {
		p.Again(c, f, "", nil, func() { p.showNewImport(c, f) })
		return
	}
	in := imports.File{Kind: imports.Kind(f.Value("kind")), Name: file.Name, Content: file.Content}
	if pilot, err := uuid.Parse(f.Value("pilot")); err == nil {
		in.Pilot = &pilot
	}
	id, err := p.Imports.Upload(c.Request.Context(), page.VisitorOf(c).Actor(), in)
	if err != nil {
		p.Again(c, f, fieldOfImport(err), err, func() { p.showNewImport(c, f) })
		return
	}
	p.Flash(c, templates.Note, templates.Say("imports.uploaded", "Name", file.Name))
	c.Redirect(303, page.ImportHref(id))
}

func fieldOfImport(err error) string {
	if strings.Contains(err.Error(), "import.pilot_needed") {
		return "pilot"
	}
	return "file"
}

// importView is an uploaded file that is being imported: what was found, and its
// progress.
type importView struct {
	Job      imports.Job
	Errors   []rowError
	Warnings []rowWarning
	Problems []templates.Text
	Notices  []templates.Text
	Pages    templates.Pagination
}

// rowError is one thing that is wrong with a row, in words.
type rowError struct {
	Line   int
	Column string
	Text   templates.Text
	With   otherSession
	Moves  string // address of the page that would put it right; "": none
}

// rowWarning is a warning about some rows, as text, with a link to its subject.
type rowWarning struct {
	Text  templates.Text
	Named templates.Text   // whom it makes absent
	Day   models.LocalDate // "": of no day alone
	Href  string
	Lines string // the first few
	More  int    // number of further runs of lines
	With  otherSession
}

// otherSession names the other of two sessions: a line of the file, or one that is planned.
type otherSession struct {
	Text templates.Text
	Href string // "": of the file
}

func otherOf(b *imports.Beside) otherSession {
	switch {
	case b == nil:
		return otherSession{}
	case b.Session == nil:
		return otherSession{Text: templates.Say("imports.with_line", "Line", b.Line, "Class", b.Class, "Number", b.Number)}
	}
	return otherSession{templates.Say("imports.with_session", "Class", b.Class, "Number", b.Number), page.SessionHref(*b.Session)}
}

// runsShown is how many runs of lines a warning names; of a long file, thousands may have it.
const runsShown = 12

func rowWarnings(v page.Visitor, warnings []imports.RowWarning) []rowWarning {
	var list []rowWarning
	for _, w := range warnings {
		key, args := w.Message()
		shown := rowWarning{Text: templates.Say(key, args...), Day: w.Day, With: otherOf(w.With)}
		runs := w.Runs()
		shown.More = max(0, len(runs)-runsShown)
		shown.Lines = strings.Join(runs[:len(runs)-shown.More], ", ")
		switch {
		case w.Kind == plan.WarnHoliday:
			shown.Href = "/holidays?year=" + string(w.Day[:4])
		case w.Kind == plan.WarnNoAgent && v.May(account.SeeSites):
			shown.Href = "/sites/" + w.ID.String()
		case w.Kind == plan.WarnTickets, w.Kind == plan.WarnCapacity && w.ID != nil, w.Kind == plan.WarnCrowded:
			shown.Href = page.ClassHref(*w.ID, "")
		case w.Kind == plan.WarnPast:
			shown.Href = page.ClassHref(*w.ID, "people")
		}
		list = append(list, shown)
	}
	return list
}

// Running says that the file is being checked or applied, so that the page renews itself.
func (v importView) Running() bool {
	return v.Job.State == imports.JobChecking || v.Job.State == imports.JobApplying
}

// Done and Total are how far a running file is.
func (v importView) Done() int64 { return int64(v.Job.Done) }

// Total is the number of rows; 0 while it isn't known.
func (v importView) Total() int64 { return int64(v.Job.Report.Rows) }

// importOf finds the upload that the address names, within the scope.
func (p *Pages) importOf(c *gin.Context) (imports.Job, error) {
	id, err := page.IDParam(c)
	if err != nil {
		return imports.Job{}, err
	}
	job, err := p.Imports.Job(c.Request.Context(), id)
	if v := page.VisitorOf(c); err == nil && v.Scope.Provider() != nil && (job.Author == nil || *job.Author != v.User.ID) {
		err = store.ErrNotFound
	}
	return job, err
}

// ImportPage shows an import: what it would do, or has done.
func (p *Pages) ImportPage(c *gin.Context) {
	job, err := p.importOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view, slice := importView{Job: job}, page.SliceOf(c)
	errs := job.Report.Errors
	from := min(slice.Offset, len(errs))
	for _, e := range errs[from:min(from+slice.Limit, len(errs))] {
		line := rowError{e.Line, e.Column, templates.Say(e.Key, "Value", e.Value), otherOf(e.With), ""}
		if e.Moves != nil && page.VisitorOf(c).May(account.ManageSessions) {
			line.Moves = page.ClassHref(e.Moves.Class, "move") + "?site=" + e.Moves.Site.String()
		}
		view.Errors = append(view.Errors, line)
	}
	for _, problem := range job.Report.Problems {
		view.Problems = append(view.Problems, problemText(problem))
	}
	for _, notice := range job.Report.Notices {
		view.Notices = append(view.Notices, problemText(notice))
	}
	view.Warnings = rowWarnings(page.VisitorOf(c), job.Report.Warnings)
	for i, w := range job.Report.Warnings {
		if w.Kind != plan.WarnPast {
			continue
		}
		if view.Warnings[i].Named, err = p.absentText(c, w); err != nil {
			p.Fail(c, err)
			return
		}
	}
	view.Pages = page.Paging(c, slice, len(view.Errors), int64(len(errs)))
	f := p.Frame(c, templates.Say("imports.one", "Name", job.FileName))
	f.Crumbs = page.Crumbs("/imports", "imports.title")
	if c.GetHeader("HX-Request") != "" {
		page.ShowPart(p.Kit, c, "plan/import", "import-state", f, view)
		return
	}
	page.Show(p.Kit, c, "plan/import", f, view)
}

// absentText names whom a session of a file makes absent. No report keeps their names.
func (p *Pages) absentText(c *gin.Context, w imports.RowWarning) (templates.Text, error) {
	q := p.Store.Read(c.Request.Context())
	rows, err1 := q.EnrollmentsOf(*w.ID)
	rows = slices.DeleteFunc(rows, func(e models.Enrollment) bool {
		return e.Role != models.PersonParticipant || e.Status != models.EnrollmentActive
	})
	known, err2 := q.Names(rows)
	names := slices.Sorted(maps.Values(known))
	return peopleText(names[:min(len(names), plan.MostNamed)], w.Count), errors.Join(err1, err2)
}

// problemText is a refusal that was kept, in words.
func problemText(p office.Problem) templates.Text { return templates.Say(p.Key, page.Anys(p.Args)...) }

// ApplyImport does an import that was checked.
func (p *Pages) ApplyImport(c *gin.Context) {
	job, err := p.importOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	if err := p.Imports.Apply(c.Request.Context(), page.VisitorOf(c).Actor(), job.ID); err != nil {
		p.Refused(c, page.ImportHref(job.ID), err)
		return
	}
	c.Redirect(303, page.ImportHref(job.ID))
}
