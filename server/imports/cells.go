package imports

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"buktihadir/models"
)

// RowError is what is wrong with one row of a file. Key names its text.
type RowError struct {
	Line   int     `json:"line"`
	Column string  `json:"column"`
	Key    string  `json:"key"`
	Value  string  `json:"value,omitempty"` // the content, if it is not a personal number
	With   *Beside `json:"with,omitempty"`  // what it collides with
	Moves  *Moves  `json:"moves,omitempty"` // what would put it right
}

// Moves is a class that a row has at another site than the plan. Its page can move it there.
type Moves struct {
	Class uuid.UUID `json:"class"`
	Site  uuid.UUID `json:"site"`
}

// reading reads the cells of one row and collects what is wrong with them.
type reading struct {
	sheet  *sheet
	row    row
	errors *[]RowError
}

func (r reading) wrong(column, key, value string) {
	*r.errors = append(*r.errors, RowError{Line: r.row.line, Column: column, Key: key, Value: value})
}

func (r reading) text(column string) string { return r.sheet.cell(r.row, column) }

func (r reading) needed(column string) string {
	s := r.text(column)
	if s == "" {
		r.wrong(column, "import.needed", "")
	}
	return s
}

func (r reading) number(column string, least, most int) int {
	s := r.needed(column)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSuffix(s, ".0"))
	if err != nil || n < least || n > most {
		r.wrong(column, "import.bad_number", s)
	}
	return n
}

func (r reading) coordinate(column string, most float64) *float64 {
	s := strings.ReplaceAll(r.text(column), ",", ".")
	if s == "" {
		return nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < -most || f > most {
		r.wrong(column, "import.bad_coordinate", s)
		return nil
	}
	return &f
}

// date reads 2026-11-23, 23/11/2026, 23-11-2026, or a spreadsheet's serial day.
func (r reading) date(column string) models.LocalDate {
	s := r.needed(column)
	if s == "" {
		return ""
	}
	for _, layout := range []string{time.DateOnly, "02/01/2006", "2/1/2006", "02-01-2006", "02.01.2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return models.LocalDate(t.Format(time.DateOnly))
		}
	}
	if day, err := strconv.ParseFloat(s, 64); err == nil && day > 1 && day < 80_000 {
		if t, err := excelize.ExcelDateToTime(day, false); err == nil {
			return models.LocalDate(t.Format(time.DateOnly))
		}
	}
	r.wrong(column, "import.bad_date", s)
	return ""
}

// clock reads 08:00, 08.00, 8:00, or a spreadsheet's fraction of a day, as the
// time since midnight.
func (r reading) clock(column string) time.Duration {
	s := r.needed(column)
	if s == "" {
		return 0
	}
	h, m, ok := strings.Cut(strings.ReplaceAll(s, ".", ":"), ":")
	hours, err1 := strconv.Atoi(h)
	mins, err2 := strconv.Atoi(strings.TrimSuffix(m, ":00"))
	fraction := strings.HasPrefix(s, "0.") // 0.25 is a spreadsheet's 06:00
	if ok && !fraction && len(m) >= 2 && err1 == nil && err2 == nil && 0 <= hours && hours < 24 && 0 <= mins && mins < 60 {
		return time.Duration(hours)*time.Hour + time.Duration(mins)*time.Minute
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && f >= 0 && f < 1 {
		return (time.Duration(f*24*60+0.5) * time.Minute)
	}
	r.wrong(column, "import.bad_time", s)
	return 0
}

func (r reading) yes(column string, otherwise bool) bool {
	switch strings.ToLower(r.text(column)) {
	case "":
		return otherwise
	case "1", "y", "yes", "ya", "true":
		return true
	case "0", "n", "no", "tidak", "false":
		return false
	}
	r.wrong(column, "import.bad_yes", r.text(column))
	return otherwise
}
