package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"buktihadir/models"
	"buktihadir/models/ledger"
	"buktihadir/server/office"
	"buktihadir/server/store"
	"buktihadir/server/web/admin"
)

type auditCmd struct {
	Head   auditHeadCmd   `cmd:"" help:"Sign the head of the log and print it."`
	Check  auditCheckCmd  `cmd:"" help:"Compare everything in the database with the log."`
	Export auditExportCmd `cmd:"" help:"Write the record to a file that anyone can verify."`
	Verify auditVerifyCmd `cmd:"" help:"Verify an exported file; needs no database."`
}

type auditHeadCmd struct {
	JSON bool `name:"json" help:"Print one JSON object."`
}

// headLine is what audit head says with --json. Its names are stable.
type headLine struct {
	Size     int64         `json:"size"`
	Root     string        `json:"root"`
	At       models.Millis `json:"at"`
	Note     string        `json:"note"`
	Verifier string        `json:"verifier"`
}

// Run signs and prints the head.
func (c *auditHeadCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	head, err := st.SignedHead(a.ctx)
	if err != nil {
		return a.auditError(err)
	}
	if c.JSON {
		return a.JSON(headLine{head.Size, head.Root.String(), head.At, string(head.Note), head.Verifier})
	}
	fmt.Fprint(a.Stdout, string(head.Note))
	fmt.Fprintln(a.Stderr, a.Say("log.key", "Key", head.Verifier))
	return nil
}

// auditError lists what was changed in the database without the server, one a line.
func (a *app) auditError(err error) error {
	if errors.Is(err, store.ErrEmptyLog) {
		return errors.New(a.Say("log.empty"))
	}
	bad, ok := errors.AsType[*store.LogError](err)
	if !ok {
		return err
	}
	for _, p := range bad.Problems {
		fmt.Fprintln(a.Stderr, a.Say(admin.LogFaultText(p.What).Key)+": "+p.Where)
	}
	return errors.New(a.Say("log.alarm"))
}

type auditCheckCmd struct{}

// Run checks the live database.
func (*auditCheckCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	found, err := office.CheckLog(a.ctx, st)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return a.auditError(&store.LogError{Problems: found})
	}
	fmt.Fprintln(a.Stdout, a.Say("log.checked"))
	return nil
}

type auditExportCmd struct {
	File  string `arg:"" type:"path" help:"Where to write the export."`
	Class string `help:"Only this class." placeholder:"CODE" xor:"scope"`
	Pilot string `help:"Only this pilot." placeholder:"CODE" xor:"scope"`
}

// Run writes an export.
func (c *auditExportCmd) Run(a *app) (err error) {
	st, err := a.Open()
	if err != nil {
		return err
	}
	scope, name, err := c.scope(a, st)
	if err != nil {
		return err
	}
	// #nosec G304 -- the command line names the file
	file, err := os.OpenFile(c.File, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	buffered := bufio.NewWriter(file)
	err = st.ExportLog(a.ctx, scope, name, ledger.NewWriter(buffered))
	if err = errors.Join(err, buffered.Flush(), file.Sync(), file.Close()); err != nil {
		return a.auditError(errors.Join(err, os.Remove(c.File))) // half an export proves nothing
	}
	fmt.Fprintln(a.Stdout, a.Say("log.exported", "File", c.File))
	return nil
}

func (c *auditExportCmd) scope(a *app, st *store.Store) (store.Scope, string, error) {
	q := st.Read(a.ctx)
	switch {
	case c.Class != "":
		class, err := q.ClassByCode(c.Class)
		class, err = found(a, class, err, "class", c.Class)
		return store.Scope{Class: class.ID}, "class " + c.Class, err
	case c.Pilot != "":
		pilot, err := q.PilotByCode(c.Pilot)
		pilot, err = found(a, pilot, err, "pilot", c.Pilot)
		return store.Scope{Pilot: pilot.ID}, "pilot " + c.Pilot, err
	}
	return store.Scope{}, "all", nil
}

type auditVerifyCmd struct {
	File string `arg:"" type:"existingfile" help:"The exported file."`
	Key  string `help:"The server's key as known from elsewhere, such as a printed page; default: the key in the export." placeholder:"VERIFIER"`
	JSON bool   `name:"json" help:"Print one JSON object."`
}

// verdictLine is what audit verify says with --json. Its names are stable.
type verdictLine struct {
	Proven      bool                `json:"proven"`
	Of          string              `json:"of"`
	Whole       bool                `json:"whole"`
	Size        int64               `json:"size"`
	Verifier    string              `json:"verifier"`
	Pinned      bool                `json:"pinned"`
	Events      int                 `json:"events"`
	Decisions   int                 `json:"decisions"`
	Journals    int                 `json:"journals"`
	Results     int                 `json:"results"`
	Differences []ledger.Difference `json:"differences"`
}

// Run verifies an export.
func (c *auditVerifyCmd) Run(a *app) error {
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("read the export: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	v, err := ledger.Verify(file, c.Key)
	if err != nil {
		return err
	}
	proven := len(v.Differences) == 0
	if c.JSON {
		err = a.JSON(verdictLine{proven, v.Of, v.Whole, v.Size, v.Verifier, c.Key != "", v.Events, v.Corrections, v.Journals, v.Results, v.Differences})
	} else {
		c.tell(a, v)
	}
	if !proven {
		err = errors.Join(err, errors.New(a.Say("log.not_proven")))
	}
	return err
}

// tell prints what is proven, or the first differences.
func (c *auditVerifyCmd) tell(a *app, v ledger.Verdict) {
	for _, d := range v.Differences {
		where := strings.TrimSpace(a.Say("log.line", "Line", d.Line) + " " + d.Where)
		if d.Line == 0 {
			where = d.Where
		}
		fmt.Fprintln(a.Stdout, a.Say("log.found_"+string(d.What))+" ("+where+")")
	}
	if v.More > 0 {
		fmt.Fprintln(a.Stdout, a.Say("log.more", "Count", v.More))
	}
	if len(v.Differences) > 0 {
		return
	}
	fmt.Fprintln(a.Stdout, a.Say("log.proven", "Of", v.Of, "Events", v.Events, "Decisions", v.Corrections, "Journals", v.Journals, "Results", v.Results, "Size",
		v.Size))
	if !v.Whole {
		fmt.Fprintln(a.Stdout, a.Say("log.proven_part"))
	}
	if c.Key == "" {
		fmt.Fprintln(a.Stdout, a.Say("log.own_key", "Key", v.Verifier))
	}
}
