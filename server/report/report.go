// Package report writes lists as files: for spreadsheets, and for programs. Rows
// are written as they come, so that five million of them need no more memory than
// five thousand.
package report

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"buktihadir/models"
)

// Format is a kind of file.
type Format string

// The formats.
const (
	CSV  Format = "csv"   // UTF-8 with a mark that tells Excel so
	XLSX Format = "xlsx"  // typed cells, a frozen head, filters
	JSON Format = "jsonl" // one object a line, by the columns' names
	PDF  Format = "pdf"   // to print, at most document.MostRows rows; see NewPDF
)

// Formats lists those that New begins: of any length.
func Formats() []Format { return []Format{XLSX, CSV, JSON} }

// MediaType is the media type of the file.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case JSON:
		return "application/jsonl; charset=utf-8"
	case PDF:
		return "application/pdf"
	}
	return "application/octet-stream"
}

// Column is one column: Name for programs, Title for people, Width in characters.
type Column struct {
	Name, Title string
	Width       float64
}

type kind int

const (
	empty kind = iota
	words
	number
	instant
)

// Cell is one value. The zero value is an empty one.
type Cell struct {
	kind   kind
	text   string
	number int64
	at     time.Time
}

// Text is a cell of words.
func Text(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{kind: words, text: s}
}

// Number is a cell that counts something.
func Number(n int64) Cell { return Cell{kind: number, number: n} }

// Instant is a time of day at a place; zero is empty.
func Instant(at models.Millis, z models.Zone) Cell {
	if at == 0 {
		return Cell{}
	}
	return Cell{kind: instant, at: at.Time().In(z.Location())}
}

// Table takes rows until it is closed.
type Table interface {
	Row(cells ...Cell) error
	Close() error
}

// ErrFormat says that there is no such format.
var ErrFormat = errors.New("no such format")

// New begins a file.
func New(f Format, w io.Writer, columns []Column) (Table, error) {
	switch f {
	case CSV:
		return newCSV(w, columns)
	case XLSX:
		return newXLSX(w, columns)
	case JSON:
		return &lines{w: w, columns: columns}, nil
	case PDF: // needs words of its own, see NewPDF
	}
	return nil, fmt.Errorf("%w: %q", ErrFormat, f)
}

type table struct {
	w   *csv.Writer
	row []string
}

func newCSV(w io.Writer, columns []Column) (*table, error) {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return nil, fmt.Errorf("write a table: %w", err)
	}
	t := &table{w: csv.NewWriter(w)}
	head := make([]Cell, len(columns))
	for i, c := range columns {
		head[i] = Text(c.Title)
	}
	return t, t.Row(head...)
}

// guarded puts an apostrophe before a text that would start a formula
// (https://owasp.org/www-community/attacks/CSV_Injection), and before a text that looks
// as if it had one already. So the apostrophe can be removed again without changing the
// text.
func guarded(text string) string {
	if bare := strings.TrimLeft(text, "'"); bare != "" && strings.ContainsRune("=+-@\t\r", rune(bare[0])) {
		return "'" + text
	}
	return text
}

// Row writes a row that spreadsheets open without running anything in it.
func (t *table) Row(cells ...Cell) error {
	t.row = t.row[:0]
	for _, c := range cells {
		text := ""
		switch c.kind {
		case words:
			text = guarded(c.text)
		case number:
			text = strconv.FormatInt(c.number, 10)
		case instant:
			text = c.at.Format(time.RFC3339)
		case empty:
		}
		t.row = append(t.row, text)
	}
	if err := t.w.Write(t.row); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

// Close ends the file.
func (t *table) Close() error {
	t.w.Flush()
	if err := t.w.Error(); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

type lines struct {
	w       io.Writer
	columns []Column
	line    []byte
}

// Row writes an object; empty values become null.
func (l *lines) Row(cells ...Cell) error {
	l.line = append(l.line[:0], '{')
	for i, c := range cells {
		if i > 0 {
			l.line = append(l.line, ',')
		}
		l.line = append(strconv.AppendQuote(l.line, l.columns[i].Name), ':')
		switch c.kind {
		case words:
			quoted, err := json.Marshal(c.text)
			if err != nil {
				return fmt.Errorf("write a line: %w", err)
			}
			l.line = append(l.line, quoted...)
		case number:
			l.line = strconv.AppendInt(l.line, c.number, 10)
		case instant:
			l.line = append(c.at.AppendFormat(append(l.line, '"'), time.RFC3339), '"')
		case empty:
			l.line = append(l.line, "null"...)
		}
	}
	if _, err := l.w.Write(append(l.line, "}\n"...)); err != nil {
		return fmt.Errorf("write a line: %w", err)
	}
	return nil
}

// Close ends the file.
func (l *lines) Close() error { return nil }
