package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
)

type scanCmd struct {
	JSON      bool             `name:"json" help:"Print one JSON object per line."`
	Direction models.Direction `help:"Direction of the scans: auto, in or out." default:"auto" enum:"auto,in,out"`
	Class     string           `help:"Code of the only class that this desk admits."`
	Desk      string           `help:"Name of this desk." default:"terminal"`
}

// Run answers every line that is not blank, in order. After a spot check, a line
// of four digits is the answer to it.
func (c *scanCmd) Run(a *app) (err error) {
	d, err := a.openDesk()
	if err != nil {
		return err
	}
	defer d.Close()
	request := roster.ScanRequest{Method: models.MethodTerminal, Direction: c.Direction, Desk: c.Desk}
	if request.Classes, err = classesOf(a, d, c.Class); err != nil {
		return err
	}
	if err := a.warnOfClock(d); err != nil {
		return err
	}
	asked := "" // the code of a spot check that waits for its answer
	for in := range linesOf(a.ctx, a.stdin) {
		if in.err != nil {
			return fmt.Errorf("read standard input: %w", in.err)
		}
		line := in.text
		if strings.TrimSpace(line) == "" {
			continue
		}
		request.ID, request.Code, request.Digits = uuid.New(), line, ""
		if asked != "" && fourDigits.MatchString(line) {
			request.Code, request.Digits = asked, line
		}
		o, err := d.Scan(a.ctx, request)
		if err != nil {
			return err
		}
		asked = ""
		if o.Verdict == models.VerdictSpotCheck {
			asked = request.Code
		}
		if err := c.answer(a, o); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
	}
	if d.Withdrawn() { // what was scanned is recorded all the same
		return errors.New(a.text("terminal.withdrawn"))
	}
	return nil
}

var fourDigits = regexp.MustCompile(`^[0-9]{4}$`)

// classesOf is the class of a code as a list; an empty code gives an empty list, which
// means any class.
func classesOf(a *app, d *desk.Desk, code string) ([]uuid.UUID, error) {
	if code == "" {
		return nil, nil
	}
	classes := d.Classes()
	i := slices.IndexFunc(classes, func(c roster.ClassView) bool { return strings.EqualFold(c.Code, code) })
	if i < 0 {
		return nil, errors.New(a.text("terminal.no_class", "Code", code))
	}
	return []uuid.UUID{classes[i].ID}, nil
}

// maxLine is far longer than any code; the rest of a longer line is dropped.
const maxLine = 4096

type line struct {
	text string
	err  error
}

// linesOf reads until the input or ctx ends. A read from a terminal cannot be
// interrupted, so it goes on in a goroutine that nobody waits for.
func linesOf(ctx context.Context, input io.Reader) iter.Seq[line] {
	read := make(chan line)
	go func() {
		defer close(read)
		for r := bufio.NewReader(input); ; {
			text, err := readLine(r)
			if errors.Is(err, io.EOF) {
				return
			}
			select {
			case read <- line{text, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return func(yield func(line) bool) {
		for {
			select {
			case <-ctx.Done():
				return
			case l, ok := <-read:
				if !ok || !yield(l) {
					return
				}
			}
		}
	}
}

// readLine reads a line without its end, whatever its length and bytes.
func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part[:min(len(part), maxLine-len(line))]...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) > 0:
		case err != nil:
			return "", err
		}
		return strings.TrimRight(string(line), "\r\n"), nil
	}
}

// scanAnswer is the answer to a line with --json. Its names are stable.
type scanAnswer struct {
	Verdict     models.Verdict     `json:"verdict"`
	Direction   models.Direction   `json:"direction,omitempty"`
	Person      *scanPerson        `json:"person"`
	TicketName  string             `json:"ticket_name,omitempty"`
	Session     *scanSession       `json:"session"`
	Occurred    string             `json:"occurred"`
	OccurredMS  models.Millis      `json:"occurred_ms"`
	Seq         uint64             `json:"seq"`
	Earlier     string             `json:"earlier,omitempty"`
	Opens       string             `json:"opens,omitempty"`
	Closes      string             `json:"closes,omitempty"`
	Spot        models.SpotOutcome `json:"spot,omitempty"`
	Stale       bool               `json:"stale,omitempty"`
	Overridable bool               `json:"overridable,omitempty"`
	Receipt     string             `json:"receipt,omitempty"`
}

type scanPerson struct {
	Enrollment uuid.UUID         `json:"enrollment"`
	Name       string            `json:"name"`
	Number     string            `json:"number"`
	Role       models.PersonRole `json:"role"`
}

type scanSession struct {
	ID    uuid.UUID `json:"id"`
	Seq   int       `json:"seq"`
	Class string    `json:"class"`
	Start string    `json:"start"`
	End   string    `json:"end"`
	Site  string    `json:"site,omitempty"` // where it is held, if not here
}

func (c *scanCmd) answer(a *app, o roster.Outcome) error {
	if c.JSON {
		return writeLine(a, scanAnswerOf(o))
	}
	formats := a.pages.Texts.Formats(a.Lang)
	parts := []string{a.text("verdict." + string(o.Verdict))}
	switch {
	case o.Person != nil:
		parts = append(parts, o.Person.Name)
	case o.TicketName != "":
		parts = append(parts, o.TicketName)
	}
	if o.Session != nil {
		parts = append(parts, a.text("terminal.session", "Class", o.Session.ClassCode, "Seq", o.Session.Seq,
			"Hours", formats.Hours(o.Session.Start, o.Session.End, o.Zone)))
	}
	if where := roster.GatesFor(nil, o); where != "" {
		parts = append(parts, where)
	}
	switch {
	case o.Earlier != nil:
		parts = append(parts, a.text("terminal.earlier", "At", formats.Clock(o.Earlier.At, o.Zone), "Desk", o.Earlier.Where()))
	case o.Opens != 0:
		parts = append(parts, a.text("terminal.window", "Hours", formats.Hours(o.Opens, o.Closes, o.Zone)))
	case o.Verdict == models.VerdictSpotCheck:
		parts = append(parts, a.text("terminal.digits"))
	}
	if o.Receipt != "" {
		parts = append(parts, a.text("receipt.line", "Code", o.Receipt.String()))
	}
	_, err := fmt.Fprintf(a.stdout, "%s %s  %s\n", mark(o.Verdict), formats.Clock(o.Occurred, o.Zone), strings.Join(parts, " · "))
	return err
}

// mark tells a terminal's reader the verdict's colour.
func mark(v models.Verdict) string {
	switch {
	case v.Accepted():
		return "✓"
	case v.Repeated():
		return "="
	case v == models.VerdictSpotCheck:
		return "?"
	}
	return "✗"
}

func scanAnswerOf(o roster.Outcome) scanAnswer {
	s := scanAnswer{
		Verdict: o.Verdict, Direction: o.Direction, TicketName: o.TicketName, Occurred: local(o.Occurred, o.Zone), OccurredMS: o.Occurred, Seq: o.Seq,
		Opens: local(o.Opens, o.Zone), Closes: local(o.Closes, o.Zone), Spot: o.Spot, Stale: o.Stale, Overridable: o.Overridable,
		Receipt: o.Receipt.String(),
	}
	if p := o.Person; p != nil {
		s.Person = &scanPerson{p.Enrollment, p.Name, p.Number, p.Role}
	}
	if x := o.Session; x != nil {
		s.Session = &scanSession{x.ID, x.Seq, x.ClassCode, local(x.Start, o.Zone), local(x.End, o.Zone), x.Site}
	}
	if o.Earlier != nil {
		s.Earlier = local(o.Earlier.At, o.Zone)
	}
	return s
}
