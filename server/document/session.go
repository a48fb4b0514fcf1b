package document

import (
	"strings"

	"buktihadir/models"
	"buktihadir/templates"
)

// Session draws the attendance sheet of the n-th session of a dossier, from 0.
func (r Renderer) Session(d Dossier, n int, stamp Stamp) ([]byte, error) {
	x := d.Sessions[n]
	d = d.at(x)
	title, seq := r.Texts.T(r.Lang, "paper.sheet"), r.Texts.T(r.Lang, "session.seq", "Number", x.Seq)
	s := r.sheet(d.Zone, stamp, upright, title+" "+d.Code+" · "+seq, title+" · "+d.Code+" · "+seq)
	s.letterhead(d.Provider, d.place(), strings.ToUpper(title), d.Course+"\n"+s.say("class.title", "Code", d.Code)+" · "+seq)
	s.facts([][2]string{
		{s.say("paper.day"), s.formats.Date(x.StartsAt, d.Zone)}, {s.say("paper.hours"), s.formats.Hours(x.StartsAt, x.EndsAt, d.Zone)},
		{s.say("session.site"), d.Site}, {s.say("paper.room"), orDash(x.Room)},
		{s.say("class.provider"), d.Provider}, {s.say("paper.pilot"), d.Pilot},
	})
	if x.Waiting {
		s.paragraph(s.say("paper.waiting"))
	}
	var instructors, participants []Person
	for _, person := range d.People {
		switch {
		case person.At[n].Status == "": // was not expected
		case person.Instructor:
			instructors = append(instructors, person)
		default:
			participants = append(participants, person)
		}
	}
	if len(instructors) > 0 {
		s.presences("paper.instructors", instructors, n)
	}
	s.presences("paper.participants", participants, n)
	s.counts(d, n)
	s.changes(d, x.Seq)
	s.heading(s.say("paper.signatures"))
	var who [][2]string
	for _, person := range instructors {
		if person.Outcome != Left {
			who = append(who, [2]string{s.say("person.instructor"), person.Name})
		}
	}
	s.signatures(append(who, [2]string{s.say("paper.sign_officer"), strings.Join(d.Officers, ", ")}, [2]string{s.say("paper.sign_provider"), ""}))
	return s.bytes()
}

func (d Dossier) place() string {
	text := d.Site + " (" + d.SiteCode + ")"
	if d.Address != "" {
		text += ", " + d.Address
	}
	return text
}

func (d Dossier) instructorsToSign(s *sheet) (who [][2]string) {
	for _, person := range d.People {
		if person.Instructor && person.Outcome != Left {
			who = append(who, [2]string{s.say("person.instructor"), person.Name})
		}
	}
	return who
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// presences draws how people were at the n-th session.
func (s *sheet) presences(key string, people []Person, n int) {
	s.heading(s.say(key, "Count", len(people)))
	t := s.table(8.5, column{s.say("paper.no"), 8, "C"},
		column{s.say("paper.number"), 25, "L"}, column{s.say("users.name"), 0, "L"}, column{s.say("session.status"), 33, "L"},
		column{s.say("session.first_in"), 13, "C"}, column{s.say("session.last_out"), 13, "C"}, column{s.say("session.minutes"), 12, "R"},
		column{s.say("paper.note"), 28, "L"})
	for i, person := range people {
		at := person.At[n]
		minutes, note := "", ""
		if at.Provisional {
			note = s.say("status.provisional")
		}
		if person.Outcome == Left {
			note = s.say("outcome.left")
		}
		if at.FirstIn != 0 {
			minutes = count(at.Minutes)
		}
		if at.Correction != 0 {
			note = s.say("paper.corrected", "Number", at.Correction, "Derived", s.say("status."+string(at.Derived)))
		}
		t.row(count(i+1), person.Number, person.Name, letter(at.Status)+"  "+s.say("status."+string(at.Status)), s.time(at.FirstIn), s.time(at.LastOut), minutes,
			note)
	}
}

// time is a time of day without its zone, which stands above.
func (s *sheet) time(at models.Millis) string {
	if at == 0 {
		return ""
	}
	clock, _, _ := strings.Cut(s.formats.Clock(at, s.zone), " ")
	return clock
}

func letter(status models.AttendanceStatus) string { return templates.StatusBadge(status).Letter }

// counts says how many have which status.
func (s *sheet) counts(d Dossier, n int) {
	by := d.count(n)
	var parts []string
	for _, status := range models.AttendanceStatuses() {
		if by[status] > 0 {
			parts = append(parts, s.say("status."+string(status))+" "+count(by[status]))
		}
	}
	s.Ln(1.5)
	s.font("B", 9)
	s.lines(s.width(), 5, strings.Join(parts, "  ·  "), "L")
	s.letters()
}

func (s *sheet) letters() {
	s.font("", 7.5)
	s.ink(70)
	s.lines(s.width(), 4, s.say("class.letters")+" · – "+strings.ToLower(s.say("status.pending")), "L")
	s.ink(0)
}

// count is how many participants have which status at a session.
func (d Dossier) count(n int) map[models.AttendanceStatus]int {
	by := map[models.AttendanceStatus]int{}
	for _, person := range d.People {
		if status := person.At[n].Status; person.counts() && status != "" {
			by[status]++
		}
	}
	return by
}

// changes lists the corrections of one session, or of all where it is 0, those since
// the last version first, and what changed after the class was closed without one.
func (s *sheet) changes(d Dossier, session int) {
	var fresh, older []Correction
	for _, c := range d.Corrections {
		switch {
		case session != 0 && c.Session != session:
		case c.New:
			fresh = append(fresh, c)
		default:
			older = append(older, c)
		}
	}
	var later []Later
	for _, l := range d.Later {
		if session == 0 || l.Session == session {
			later = append(later, l)
		}
	}
	if s.stamp.Last != nil && len(fresh)+len(later) > 0 {
		s.heading(s.say("paper.since", "Version", s.stamp.Last.Version))
	}
	s.corrections(fresh)
	s.later(later)
	if len(older) > 0 {
		key := "paper.corrections"
		if s.stamp.Last != nil {
			key = "paper.before"
		}
		s.heading(s.say(key))
		s.corrections(older)
	}
}

func (s *sheet) corrections(list []Correction) {
	if len(list) == 0 {
		return
	}
	t := s.table(8, column{s.say("paper.no"), 8, "C"}, column{s.say("paper.session"), 11, "C"}, column{s.say("users.name"), 0, "L"},
		column{s.say("paper.derived"), 20, "L"},
		column{s.say("paper.becomes"), 20, "L"}, column{s.say("paper.reason"), 0, "L"}, column{s.say("paper.by"), 34, "L"})
	for _, c := range list {
		t.row(count(c.No), count(c.Session), c.Name+"\n"+c.Number, s.say("status."+string(c.Derived)), s.say("status."+string(c.Status)), c.Reason,
			c.Author+"\n"+s.moment(c.At))
	}
}

// moment is a date and a time in few characters.
func (s *sheet) moment(at models.Millis) string {
	return s.formats.Day(s.zone.Date(at)) + ", " + s.formats.Clock(at, s.zone)
}

func (s *sheet) later(list []Later) {
	if len(list) == 0 {
		return
	}
	s.Ln(2)
	s.paragraph(s.say("paper.later"))
	t := s.table(8, column{s.say("paper.session"), 11, "C"}, column{s.say("paper.number"), 32, "L"}, column{s.say("users.name"), 0, "L"},
		column{s.say("paper.becomes"), 34, "L"})
	for _, l := range list {
		t.row(count(l.Session), l.Number, l.Name, s.say("status."+string(l.Status)))
	}
}
