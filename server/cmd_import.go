package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"buktihadir/server/imports"
	"buktihadir/server/plan"
)

type importCmd struct {
	Sites        importSitesCmd        `cmd:"" help:"Training sites."`
	Schedule     importScheduleCmd     `cmd:"" help:"Classes with their sessions, courses, providers and instructors."`
	Participants importParticipantsCmd `cmd:"" help:"Participants, and their enrolments."`
}

type importFile struct {
	File   string `arg:"" type:"existingfile" help:"CSV (UTF-8) or XLSX file; server/README.md lists the columns."`
	DryRun bool   `help:"Only check the file."`
	JSON   bool   `name:"json" help:"Print the report as one JSON object."`
}

type importSitesCmd struct{ importFile }

// Run imports sites.
func (c *importSitesCmd) Run(a *app) error {
	return a.importFile(c.importFile, imports.File{Kind: imports.KindSites})
}

type importPlan struct {
	importFile
	Pilot string `required:"" help:"The pilot's code." placeholder:"CODE"`
}

type importScheduleCmd struct{ importPlan }

// Run imports a schedule.
func (c *importScheduleCmd) Run(a *app) error { return c.run(a, imports.KindSchedule) }

type importParticipantsCmd struct{ importPlan }

// Run imports participants.
func (c *importParticipantsCmd) Run(a *app) error { return c.run(a, imports.KindParticipants) }

func (c *importPlan) run(a *app, kind imports.Kind) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	pilot, err := st.Read(a.ctx).PilotByCode(c.Pilot)
	if pilot, err = found(a, pilot, err, "pilot", c.Pilot); err != nil {
		return err
	}
	return a.importFile(c.importFile, imports.File{Kind: kind, Pilot: &pilot.ID})
}

func (a *app) importFile(c importFile, f imports.File) error {
	content, err := readAtMost(c.File, imports.MaxFile)
	if err != nil {
		return err
	}
	f.Name, f.Content = c.File, content
	st, err := a.Open()
	if err != nil {
		return err
	}
	mode := plan.Apply
	if c.DryRun {
		mode = plan.Check
	}
	rep, err := imports.New(st).Import(a.ctx, byCLI(), f, mode, nil)
	if err != nil && !errors.Is(err, imports.ErrRows) {
		return err
	}
	if c.JSON {
		if jerr := a.JSON(rep); jerr != nil {
			return jerr
		}
	}
	for _, e := range rep.Errors {
		key := "import.row"
		if e.Column == "" {
			key = "import.whole_row"
		}
		fmt.Fprintln(a.Stderr, a.Say(key, "Line", e.Line, "Column", e.Column, "Problem", a.Say(e.Key, "Value", e.Value)))
	}
	for _, p := range slices.Concat(rep.Problems, rep.Notices) {
		args := make([]any, len(p.Args))
		for i, s := range p.Args {
			args[i] = s
		}
		fmt.Fprintln(a.Stderr, a.Say(p.Key, args...))
	}
	for _, w := range rep.Warnings {
		text, args := w.Message()
		text = strings.TrimSpace(string(w.Day) + " " + a.Say(text, args...))
		fmt.Fprintln(a.Stderr, a.Say("import.warned", "Lines", strings.Join(w.Runs(), ", "), "Warning", text))
	}
	switch {
	case err != nil:
		return errors.New(a.Say("import.nothing", "Count", len(rep.Errors)+len(rep.Problems)))
	case c.JSON:
		return nil
	case c.DryRun:
		fmt.Fprintln(a.Stdout, a.Say("import.would", "Rows", rep.Rows, "New", rep.New, "Changed", rep.Changed))
	default:
		fmt.Fprintln(a.Stdout, a.Say("import.done", "Rows", rep.Rows, "New", rep.New, "Changed", rep.Changed))
	}
	return nil
}

// readAtMost reads a file; of one that is larger than the limit just enough to
// be refused.
func readAtMost(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if info.Size() > limit {
		return make([]byte, limit+1), nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return content, nil
}
