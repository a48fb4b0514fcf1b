package imports

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/store"
)

// Kind is what a file holds.
type Kind string

// The kinds of files that can be imported.
const (
	KindSites        Kind = "sites"
	KindSchedule     Kind = "schedule"
	KindParticipants Kind = "participants"
)

// Kinds lists every kind, in the order in which a pilot needs them.
func Kinds() []Kind { return []Kind{KindSites, KindSchedule, KindParticipants} }

// File is something to import.
type File struct {
	Kind    Kind
	Name    string
	Content []byte
	Pilot   *uuid.UUID // of a schedule or of participants
	Agreed  *string    // to which warnings, see [Report.Agreement]; nil: to any
}

// Report is what a file comes to.
type Report struct {
	Rows     int              `json:"rows"`
	New      int              `json:"new"`
	Changed  int              `json:"changed"`
	Errors   []RowError       `json:"errors"`
	Problems []office.Problem `json:"problems,omitempty"` // with the plan as a whole
	Notices  []office.Problem `json:"notices,omitempty"`  // that keep nothing from being done
	Warnings []RowWarning     `json:"warnings,omitempty"`
	Unseen   bool             `json:"unseen,omitempty"` // it was to be applied, and warned of something new
}

// OK says that the file may be applied.
func (r Report) OK() bool { return len(r.Errors) == 0 && len(r.Problems) == 0 }

// ErrRows says that a file was not imported because of what its Report lists.
var ErrRows = errors.New("the file has errors: nothing was imported")

// Columns names the columns that a kind of file must have, and may have.
func Columns(k Kind) (needed, optional []string) {
	for _, c := range columnsOf(k) {
		if c.optional {
			optional = append(optional, c.name)
		} else {
			needed = append(needed, c.name)
		}
	}
	return needed, optional
}

func columnsOf(k Kind) []column {
	switch k {
	case KindSites:
		return siteColumns()
	case KindSchedule:
		return scheduleColumns()
	case KindParticipants:
		return participantColumns()
	}
	return nil
}

// Import applies a whole file or nothing. A file that cannot be read is a refusal. A file
// with bad rows gives ErrRows, and its report lists each of them. A file with warnings
// that nobody agreed to gives ErrWarned.
func (p *Service) Import(ctx context.Context, by office.Actor, f File, mode plan.Mode, progress office.Progress) (Report, error) {
	var rep Report
	columns := columnsOf(f.Kind)
	if columns == nil {
		return rep, office.Refuse("import.unknown_kind", "Kind", f.Kind)
	}
	s, err := readSheet(f.Name, f.Content, columns)
	if err != nil {
		return rep, err
	}
	rep.Rows = len(s.rows)
	if progress == nil {
		progress = func(int, int) {}
	}
	progress(0, rep.Rows)
	if by.Provider != nil && f.Kind != KindSchedule {
		return rep, office.Refuse("import.not_yours")
	}
	err = p.st.Write(ctx, func(tx *store.Tx) error {
		im := importer{tx: tx, by: by, sheet: s, report: &rep, progress: progress, now: tx.Now()}
		if f.Pilot != nil {
			if im.pilot, err = tx.Pilot(*f.Pilot); err != nil {
				return err
			}
		} else if f.Kind != KindSites {
			return office.Refuse("import.pilot_needed")
		}
		if err := im.run(f.Kind); err != nil {
			return err
		}
		if !rep.OK() {
			return ErrRows
		}
		if mode == plan.Check {
			return plan.ErrDry
		}
		if f.Agreed != nil && *f.Agreed != rep.Agreement() {
			return plan.ErrWarned
		}
		return by.Record(tx, office.Done{Action: "import." + string(f.Kind), Entity: "import", ID: f.Name,
			Detail: fmt.Sprintf("%d rows, %d new, %d changed", rep.Rows, rep.New, rep.Changed)})
	})
	if errors.Is(err, plan.ErrDry) {
		err = nil
	}
	return rep, err
}

// importer is one file that is being imported. Faults go into the report. Rows are stored
// as long as there is no fault; if there is one, the caller undoes everything.
type importer struct {
	tx       *store.Tx
	by       office.Actor
	pilot    models.Pilot
	sheet    *sheet
	report   *Report
	progress office.Progress
	now      models.Millis
}

func (im *importer) run(k Kind) error {
	switch k {
	case KindSites:
		return im.sites()
	case KindSchedule:
		return im.schedule()
	case KindParticipants:
		return im.participants()
	}
	return nil
}

// each reads every row. A row that ends early is an error of its own.
func (im *importer) each(read func(r reading)) {
	for i, row := range im.sheet.rows {
		if i%1000 == 0 {
			im.progress(i/2, len(im.sheet.rows)) // reading is the first half
		}
		r := reading{im.sheet, row, &im.report.Errors}
		if im.sheet.short(row) {
			r.wrong("", "import.short_row", "")
			continue
		}
		read(r)
	}
}

// refused keeps a refusal of the plan as a whole in the report.
func (im *importer) refused(err error) error {
	problems, err := office.ProblemsOf(err)
	im.report.Problems = append(im.report.Problems, problems...)
	return err
}
