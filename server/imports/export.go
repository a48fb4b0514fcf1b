package imports

import (
	"strings"

	"buktihadir/server/store"
)

// Field is one cell of a file that can be imported again: a number, or words.
type Field struct {
	Column  string
	Text    string
	Number  int
	Numeric bool
}

// Exported is a session as an import of schedules reads it: if nothing changed in
// between, the import finds no difference.
func Exported(e store.PlannedEntry) []Field {
	text := func(column, s string) Field { return Field{Column: column, Text: s} }
	number := func(column string, n int) Field { return Field{Column: column, Number: n, Numeric: true} }
	var codes, names []string
	for _, i := range e.Instructors {
		codes, names = append(codes, i.Code), append(names, i.Name)
	}
	return []Field{
		text("class_code", e.ClassCode), text("course_code", e.CourseCode), text("course_title", e.CourseTitle), number("hours", e.Hours),
		text("mode", string(e.Mode)),
		text("provider_code", e.ProviderCode), text("provider_name", e.ProviderName), text("site_code", e.SiteCode), number("capacity", e.Capacity),
		number("session", e.Seq), text("date", string(e.Zone.Date(e.StartsAt))), text("start", e.Zone.Clock(e.StartsAt)), text("end", e.Zone.Clock(e.EndsAt)),
		text("room", e.Room), text("instructor_code", strings.Join(codes, "; ")), text("instructor_name", strings.Join(names, "; ")),
	}
}
