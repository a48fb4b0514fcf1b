package figures

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"buktihadir/server/report"
	"buktihadir/server/store"
)

// VisitColumns are the columns of attendance as a file.
func VisitColumns(texts func(string) string) []report.Column {
	var out []report.Column
	for _, c := range []struct {
		name, key string
		width     float64
	}{
		{"number", "participants.number", 18}, {"name", "users.name", 30}, {"class", "session.class", 20}, {"session", "report.session", 8},
		{"site", "session.site", 30}, {"starts_at", "session.when", 17}, {"status", "session.status", 14}, {"derived", "session.derived", 14},
		{"first_in", "session.first_in", 17}, {"last_out", "session.last_out", 17}, {"minutes", "session.minutes", 8}, {"flags", "session.flags", 30},
		{"final", "session.final", 10},
	} {
		out = append(out, report.Column{Name: c.name, Title: texts(c.key), Width: c.width})
	}
	return out
}

// WriteVisits writes a list of attendances, all of it, and says how many there are.
func WriteVisits(q store.Queries, f store.VisitFilter, format report.Format, file io.Writer, say func(key string) string) (int, error) {
	word := say
	if format == report.JSON {
		word = func(key string) string { _, name, _ := strings.Cut(key, "."); return name } // for programs
	}
	t, err := report.New(format, file, VisitColumns(say))
	if err != nil {
		return 0, err
	}
	return FillVisits(q, f, t, word)
}

// FillVisits writes attendances into a table and closes it; word puts flags and states
// into words. It says how many there are.
func FillVisits(q store.Queries, f store.VisitFilter, t report.Table, word func(key string) string) (int, error) {
	n, err := q.EachVisit(f, func(v store.VisitEntry) error {
		var flags []string
		for _, f := range v.FlagList() {
			flags = append(flags, word("flag."+string(f)))
		}
		return t.Row(report.Text(v.Number), report.Text(v.Name), report.Text(v.ClassCode), report.Number(int64(v.Seq)), report.Text(v.SiteName),
			report.Instant(v.StartsAt, v.Zone),
			report.Text(word("status."+string(v.Status))),
			report.Text(word("status."+string(v.Derived))), report.Instant(v.FirstIn, v.Zone), report.Instant(v.LastOut, v.Zone),
			report.Number(int64(v.Minutes)), report.Text(strings.Join(flags, "; ")), report.Text(word("final."+strconv.FormatBool(v.Final))))
	})
	return n, errors.Join(err, t.Close())
}
