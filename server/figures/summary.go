package figures

import (
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// mostFacts is how many lines of a table a summary says.
const mostFacts = 15

// Summary is what a list comes to, in figures and without anybody's name, and how long
// it is.
func (l List) Summary(q store.Queries, provider *uuid.UUID, texts *templates.Texts, lang templates.Lang) (facts []templates.Fact, total int64, err error) {
	f := texts.Formats(lang)
	say := func(label string, n int64) {
		facts = append(facts, templates.Fact{Label: templates.Say(label), Value: f.Number(n)})
	}
	switch l.Page {
	case Visits:
		return l.visitFacts(q, provider, texts, lang)
	case Completing:
		lines, counts, err := Progress(q, provider, l.Standing)
		for _, s := range Standings() {
			say("subscription.standing_"+string(s), int64(counts[s]))
		}
		return facts, int64(len(lines)), err
	case Overview:
		all, err := Lines(q, provider, models.ByAll)
		if err != nil {
			return nil, 0, err
		}
		if len(all) > 0 {
			n := all[0].Counts
			facts = append(facts, templates.Fact{Label: templates.Say("figures.attended"), Value: attendedOf(f, n)})
			say("status.late", n.Late())
			say("status.absent", n.Absent())
			say("figures.excused", n.Excused())
			say("figures.by_hand", n.ByHand())
			say("figures.flagged", n.Flagged())
			say("figures.provisional", n.Provisional())
		}
	case ByKey:
	}
	lines, err := l.lines(q, provider)
	for _, x := range lines[:min(len(lines), mostFacts)] {
		facts = append(facts, templates.Fact{Plain: x.named(texts, lang), Value: attendedOf(f, x.Counts)})
	}
	return facts, int64(len(lines)), err
}

// attendedOf writes "92,5 % (185 / 200)".
func attendedOf(f templates.Formats, n Counts) string {
	return fmt.Sprintf("%s (%s / %s)", f.Percent(n.Share()), f.Number(n.Attended()), f.Number(n.All()))
}

// visitFacts are what a list of attendances is about, and how many there are of each status.
func (l List) visitFacts(q store.Queries, provider *uuid.UUID, texts *templates.Texts, lang templates.Lang) (facts []templates.Fact, total int64, err error) {
	f := texts.Formats(lang)
	if l.Dim != "" {
		lines, err := Lines(q, provider, l.Dim)
		if err != nil {
			return nil, 0, err
		}
		fact := templates.Fact{Label: templates.Say("figures.by_" + string(l.Dim)), Value: "–"}
		for _, x := range lines {
			if x.Key == l.Key {
				fact.Value = x.named(texts, lang)
			}
		}
		facts = append(facts, fact)
	}
	for _, d := range []struct {
		label string
		day   models.LocalDate
	}{{"visits.from", l.From}, {"visits.to", l.To}} {
		if d.day != "" {
			facts = append(facts, templates.Fact{Label: templates.Say(d.label), Value: f.Day(d.day)})
		}
	}
	counts, err := q.CountVisits(l.filter(provider))
	for _, s := range models.AttendanceStatuses() {
		if total += counts[s]; counts[s] > 0 {
			facts = append(facts, templates.Fact{Label: templates.Say("status." + string(s)), Value: f.Number(counts[s])})
		}
	}
	return append(facts, templates.Fact{Label: templates.Say("subscription.total"), Value: f.Number(total)}), total, err
}
