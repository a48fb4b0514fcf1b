package document

import (
	"strings"

	"buktihadir/models"
)

// Report draws the report (berita acara) that a class is handed over with.
func (r Renderer) Report(d Dossier, stamp Stamp) ([]byte, error) {
	title := r.Texts.T(r.Lang, "paper.report")
	s := r.sheet(d.Zone, stamp, upright, title+" "+d.Code, title+" · "+d.Code)
	s.letterhead(d.Provider, d.place(), strings.ToUpper(title), s.say("paper.report_of")+"\n"+d.Course+" · "+s.say("class.title", "Code", d.Code))
	day := d.ClosedAt
	if day == 0 {
		day = stamp.At
	}
	s.paragraph(s.say("paper.preamble", "Day", s.formats.Date(day, d.Zone), "Course", d.Course, "Class", d.Code, "Provider", d.Provider, "Site", d.Site))
	s.facts(s.classFacts(d))
	s.held(d)
	s.result(d)
	s.accepted(d)
	s.changes(d, 0)
	s.heading(s.say("paper.people"))
	var instructors []string
	for _, who := range d.instructorsToSign(s) {
		instructors = append(instructors, who[1])
	}
	s.facts([][2]string{{s.say("paper.instructor_names"), orDash(strings.Join(instructors, ", "))},
		{s.say("paper.officer_names"), orDash(strings.Join(d.Officers, ", "))}})
	s.need(62) // the last sentence stays with its signatures
	s.paragraph(s.say("paper.closing"))
	s.Ln(1)
	s.paragraph(s.say("paper.where_when"))
	s.signatures([][2]string{{s.say("paper.hands_over"), ""}, {s.say("paper.takes_over"), ""}, {s.say("paper.witness"), ""}})
	return s.bytes()
}

// held says when the class met, and how many came.
func (s *sheet) held(d Dossier) {
	s.heading("1. " + s.say("paper.held"))
	t := s.table(8.5, column{s.say("paper.session"), 11, "C"}, column{s.say("paper.day"), 0, "L"}, column{s.say("paper.hours"), 33, "L"},
		column{s.say("class.enrolled"), 18, "R"}, column{s.say("paper.came"), 18, "R"}, column{s.say("paper.stayed_away"), 20, "R"},
		column{s.say("status.pending"), 15, "R"})
	for n, x := range d.Sessions {
		by := d.count(n)
		came := by[models.StatusPresent] + by[models.StatusLate] + by[models.StatusLeftEarly] + by[models.StatusInside]
		away := by[models.StatusExcused] + by[models.StatusSick] + by[models.StatusAbsent]
		open := by[models.StatusPending] + by[models.StatusUnverified]
		here := d.at(x)
		day := s.formats.Date(x.StartsAt, here.Zone)
		if x.Elsewhere != nil {
			day += ", " + here.Site
		}
		if x.Cancelled {
			day += " (" + s.say("session.cancelled") + ")"
		}
		t.row(count(x.Seq), day, s.formats.Hours(x.StartsAt, x.EndsAt, here.Zone), count(came+away+open), count(came), count(away), count(open))
	}
}

// result says whether a person completed the class, and if not, why.
func (s *sheet) result(d Dossier) {
	done, all := 0, 0
	for _, person := range d.People {
		if person.counts() {
			all++
			if person.Outcome == Completed {
				done++
			}
		}
	}
	s.heading("2. " + s.say("paper.result"))
	s.paragraph(s.say("paper.result_counts", "All", all, "Done", done, "Not", all-done))
	t := s.table(8.5, column{s.say("paper.no"), 8, "C"},
		column{s.say("paper.number"), 30, "L"}, column{s.say("users.name"), 0, "L"}, column{s.say("session.attended"), 16, "C"},
		column{s.say("paper.tasks"), 16, "C"}, column{s.say("paper.outcome"), 48, "L"})
	n := 0
	for _, person := range d.People {
		if person.counts() {
			n++
			t.row(count(n), person.Number, person.Name, count(person.Attended)+"/"+count(person.Sessions), s.tasks(person), s.outcome(person))
		}
	}
}

// accepted says what was open when the class was closed, and why that was accepted.
func (s *sheet) accepted(d Dossier) {
	if len(d.Open) == 0 {
		return
	}
	s.heading("3. " + s.say("paper.accepted"))
	for _, o := range d.Open {
		s.paragraph("•  " + s.say("closing.open_"+o.Key, "Count", o.Count))
	}
	s.paragraph(s.say("paper.accepted_reason", "Reason", d.Reason))
}
