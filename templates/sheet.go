package templates

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/ticket"
	"buktihadir/templates/qr"
)

// Sheet is a session's attendance sheet as it is printed, to be signed by who comes.
type Sheet struct {
	Session                       uuid.UUID
	Class, Course, Provider, Site string
	Room                          string
	Seq                           int
	Start, End                    models.Millis
	Zone                          models.Zone
	Rows                          []SheetRow
}

// SheetRow is one person's.
type SheetRow struct {
	Enrollment   uuid.UUID
	Name, Number string
	Role         models.PersonRole
	No           int // from 1; set by Drawn, as Code is
	Code         template.HTML
}

// spareRows is how many empty rows a sheet ends with, for who is on no list.
const spareRows = 4

// Spare are the numbers of the empty rows.
func (s Sheet) Spare() (numbers []int) {
	for i := range spareRows {
		numbers = append(numbers, len(s.Rows)+1+i)
	}
	return numbers
}

// Instructors names them, to sign at the foot.
func (s Sheet) Instructors() string {
	var names []string
	for _, r := range s.Rows {
		if r.Role == models.PersonInstructor {
			names = append(names, r.Name)
		}
	}
	return strings.Join(names, ", ")
}

// Drawn is the sheet with each row's code.
func (s Sheet) Drawn() (Sheet, error) {
	rows := make([]SheetRow, len(s.Rows))
	for i, r := range s.Rows {
		code, err := qr.Encode(ticket.Row{Session: s.Session, Enrollment: r.Enrollment}.Text(), qr.Print)
		if err != nil {
			return s, fmt.Errorf("draw an attendance sheet: %w", err)
		}
		r.No = i + 1
		r.Code = template.HTML(code.SVG(r.Name)) //nolint:gosec // drawn by us, its title escaped
		rows[i] = r
	}
	s.Rows = rows
	return s, nil
}
