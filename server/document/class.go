package document

import (
	"strings"

	"buktihadir/models"
)

// beside is how many sessions stand beside each other on a page; a class with more
// gets one table after the other.
const beside = 12

// Class draws the attendance sheet of a class: all people by all sessions, and who has
// completed the class.
func (r Renderer) Class(d Dossier, stamp Stamp) ([]byte, error) {
	title := r.Texts.T(r.Lang, "paper.class_sheet")
	s := r.sheet(d.Zone, stamp, across, title+" "+d.Code, title+" · "+d.Code)
	s.letterhead(d.Provider, d.place(), strings.ToUpper(title), d.Course+" · "+s.say("class.title", "Code", d.Code))
	s.facts(s.classFacts(d))
	if len(d.Sessions) == 0 {
		s.paragraph(s.say("class.no_sessions"))
	}
	for from := 0; from < len(d.Sessions); from += beside {
		s.matrix(d, from, min(from+beside, len(d.Sessions)))
	}
	s.letters()
	s.font("", 7.5)
	s.lines(s.width(), 4, s.say("paper.star"), "L")
	s.changes(d, 0)
	s.heading(s.say("paper.signatures"))
	s.signatures(append(d.instructorsToSign(s), [2]string{s.say("paper.sign_provider"), ""}, [2]string{s.say("paper.sign_office"), ""}))
	return s.bytes()
}

func (s *sheet) classFacts(d Dossier) [][2]string {
	facts := [][2]string{
		{s.say("paper.course"), d.Course}, {s.say("paper.hours_of"), s.hours(d)},
		{s.say("class.provider"), d.Provider}, {s.say("paper.pilot"), d.Pilot},
		{s.say("session.site"), d.Site}, {s.say("paper.period"), s.period(d)},
	}
	if d.ClosedAt != 0 {
		facts = append(facts, [2]string{s.say("paper.closed_at"), s.formats.DateTime(d.ClosedAt, d.Zone)}, [2]string{s.say("paper.closed_by"), orDash(d.ClosedBy)})
	}
	return facts
}

// hours are those of the course, and what the class gives of them.
func (s *sheet) hours(d Dossier) string {
	return s.say("paper.hours_count", "Count", d.Hours) + " (" + s.formats.Given(d.Given) + ")"
}

func (s *sheet) period(d Dossier) string {
	if len(d.Sessions) == 0 {
		return "–"
	}
	first, last := d.Sessions[0], d.Sessions[len(d.Sessions)-1]
	from, to := s.formats.Day(d.at(first).Zone.Date(first.StartsAt)), s.formats.Day(d.at(last).Zone.Date(last.StartsAt))
	if from == to {
		return from
	}
	return from + " – " + to
}

// matrix draws a letter for each person and session from..to-1.
func (s *sheet) matrix(d Dossier, from, to int) {
	columns := []column{{s.say("paper.no"), 8, "C"}, {s.say("paper.number"), 27, "L"}, {s.say("users.name"), 0, "L"}}
	for _, x := range d.Sessions[from:to] {
		date := x.StartsAt.Time().In(d.at(x).Zone.Location()).Format("02/01")
		columns = append(columns, column{count(x.Seq) + "\n" + date, 10, "C"})
	}
	columns = append(columns, column{s.say("session.attended"), 14, "C"}, column{s.say("paper.tasks"), 13, "C"}, column{s.say("paper.outcome"), 34, "L"})
	s.Ln(1)
	t := s.table(8.5, columns...)
	n := 0
	for _, person := range d.People {
		cells := []string{"", person.Number, person.Name}
		if person.Instructor {
			cells[2] += "\n" + s.say("person.instructor")
		} else {
			n++
			cells[0] = count(n)
		}
		for i, at := range person.At[from:to] {
			cells = append(cells, mark(at, d.Sessions[from+i]))
		}
		if person.Instructor {
			cells = append(cells, "", "", "")
		} else {
			cells = append(cells, count(person.Attended)+"/"+count(person.Sessions), s.tasks(person), s.outcome(person))
		}
		t.row(cells...)
	}
	s.Ln(2)
}

// mark is a status in one letter, with a star where the office has corrected it.
func mark(at Presence, x Session) string {
	switch {
	case x.Cancelled && at.Status == "", x.Cancelled && at.Status == models.StatusPending:
		return "×"
	case at.Status == "":
		return ""
	case at.Correction != 0:
		return letter(at.Status) + "*"
	}
	return letter(at.Status)
}

func (s *sheet) tasks(p Person) string {
	if p.Tasks {
		return s.say("paper.yes")
	}
	return s.say("paper.not_yet")
}

func (s *sheet) outcome(p Person) string { return s.say("outcome." + string(p.Outcome)) }
