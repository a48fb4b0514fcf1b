package document

import (
	"errors"

	"buktihadir/models"
)

// MostRows is the largest number of rows of a list: a PDF is made in memory, and nobody reads a longer one.
const MostRows = 2000

// ErrTooLong says that a list has more than MostRows rows.
var ErrTooLong = errors.New("too many rows for a PDF")

// Column is a column of a list, with its width in relation to the others.
type Column struct {
	Title string
	Width float64
	Right bool // aligned as figures are
}

// List is a table that grows row by row.
type List struct {
	t    *table
	rows int
}

// List begins a list: across the page, with its title, what it is of and when it was made.
func (r Renderer) List(title, of string, at models.Millis, columns []Column) *List {
	s := r.sheet(models.ZoneWIB, Stamp{Version: 1, At: at}, across, title, title+" · "+of)
	s.font("B", 14)
	s.lines(s.width(), 7, title, "L")
	s.font("", 9)
	s.lines(s.width(), 5, of, "L")
	s.lines(s.width(), 5, s.say("paper.list_at", "Time", s.formats.DateTime(at, models.ZoneWIB)), "L")
	s.Ln(2)
	sum := 0.0
	for _, c := range columns {
		sum += c.Width
	}
	var drawn []column
	for _, c := range columns {
		align := "L"
		if c.Right {
			align = "R"
		}
		drawn = append(drawn, column{c.Title, c.Width / sum * s.width(), align})
	}
	return &List{t: s.table(7, drawn...)}
}

// Row draws a row.
func (l *List) Row(cells ...string) error {
	if l.rows++; l.rows > MostRows {
		return ErrTooLong
	}
	l.t.row(cells...)
	return nil
}

// Bytes ends the list.
func (l *List) Bytes() ([]byte, error) { return l.t.bytes() }
