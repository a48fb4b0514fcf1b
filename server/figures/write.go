package figures

import (
	"errors"
	"io"

	"buktihadir/server/report"
	"buktihadir/templates"
)

// begin begins a table with a column for each pair of a name and a text.
func begin(format report.Format, w io.Writer, say func(string) string, columns ...string) (report.Table, error) {
	var out []report.Column
	for i := 0; i+1 < len(columns); i += 2 {
		c := report.Column{Name: columns[i], Title: say(columns[i+1]), Width: 14}
		if i == 0 {
			c.Width = 30
		}
		out = append(out, c)
	}
	return report.New(format, w, out)
}

func writeLines(lines []Line, format report.Format, w io.Writer, texts *templates.Texts, lang templates.Lang) error {
	t, err := begin(format, w, func(key string) string { return texts.T(lang, key) },
		"name", "figures.name", "attended", "figures.attended", "known", "subscription.known", "late", "status.late", "absent", "status.absent",
		"excused", "figures.excused", "by_hand", "figures.by_hand", "flagged", "figures.flagged")
	if err != nil {
		return err
	}
	for _, l := range lines {
		err = errors.Join(err, t.Row(report.Text(l.named(texts, lang)), report.Number(l.Attended()), report.Number(l.All()), report.Number(l.Late()),
			report.Number(l.Absent()), report.Number(l.Excused()), report.Number(l.ByHand()), report.Number(l.Flagged())))
	}
	return errors.Join(err, t.Close())
}

func (l Line) named(texts *templates.Texts, lang templates.Lang) string {
	if l.Name.Empty() {
		return l.Label
	}
	return texts.Say(lang, l.Name)
}

func writeProgress(lines []ProgressLine, format report.Format, w io.Writer, say func(string) string) error {
	t, err := begin(format, w, say, "name", "users.name", "number", "participants.number", "class", "session.class", "attended", "session.attended",
		"held", "subscription.held", "sessions", "class.sessions")
	if err != nil {
		return err
	}
	for _, l := range lines {
		err = errors.Join(err, t.Row(report.Text(l.Name), report.Text(l.Number), report.Text(l.ClassCode), report.Number(int64(l.Attended)),
			report.Number(int64(l.Held())), report.Number(int64(l.Sessions))))
	}
	return errors.Join(err, t.Close())
}
