// Package figures counts attendance and lists the people behind each figure. Pages and
// mails both use it, so they show the same.
//
// [Lines] are the figures by a dimension; [Progress] says who can still complete a class;
// a [List] is one of these, or the attendances behind a figure, as its page's address
// says.
package figures

import (
	"cmp"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// Counts are the figures of one key of a dimension.
type Counts map[models.Measure]int64

// Of is how many have one of some statuses.
func (n Counts) Of(statuses ...models.AttendanceStatus) (sum int64) {
	for _, s := range statuses {
		sum += n[models.Measure(s)]
	}
	return sum
}

// Attended is how often somebody was there.
func (n Counts) Attended() int64 {
	return n.Of(models.StatusPresent, models.StatusLate, models.StatusLeftEarly)
}

// Excused is how often somebody stayed away with leave.
func (n Counts) Excused() int64 { return n.Of(models.StatusExcused, models.StatusSick) }

// Absent is how often somebody was not there.
func (n Counts) Absent() int64 { return n.Of(models.StatusAbsent) }

// Late is how often somebody came late.
func (n Counts) Late() int64 { return n.Of(models.StatusLate) }

// ByHand is how many check-ins no ticket was read for.
func (n Counts) ByHand() int64 { return n[models.MeasureManual] }

// Flagged is how many attendances carry a flag.
func (n Counts) Flagged() int64 { return n[models.MeasureFlagged] }

// Provisional is how many attendances may still change; no other figure counts them.
func (n Counts) Provisional() int64 { return n[models.MeasureProvisional] }

// All is the number of attendances that are final, and so what every share is of.
func (n Counts) All() (sum int64) {
	for _, s := range models.AttendanceStatuses() {
		if s != models.StatusPending && s != models.StatusNotEnrolled {
			sum += n.Of(s)
		}
	}
	return sum
}

func share(of, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(of) / float64(whole)
}

// Share is how many of all were there.
func (n Counts) Share() float64 { return share(n.Attended(), n.All()) }

// HandShare is the share of people present without a scanned ticket.
func (n Counts) HandShare() float64 { return share(n.ByHand(), n.Attended()) }

// Line is a key of a dimension with its figures.
type Line struct {
	Counts
	Dim   models.Dimension
	Key   string
	Name  templates.Text // empty: Label is not one of our texts
	Label string
}

// Grade is its share in five steps, 0 to 4.
func (l Line) Grade() int { return LevelOf(l.Share()) }

// List is the address of the attendances that a figure counts.
func (l Line) List(measure string) string {
	q := url.Values{"by": {string(l.Dim)}, "key": {l.Key}}
	if measure != "" {
		q.Set("what", measure)
	}
	return "/attendance?" + q.Encode()
}

// AttendedStatuses are the statuses of a person who was there, as one measure.
const AttendedStatuses = "present,late,left_early"

// Lines gives the figures of a dimension, with names and sorted by name. Provider limits
// them to one institution; nil is no limit.
func Lines(q store.Queries, provider *uuid.UUID, dim models.Dimension) ([]Line, error) {
	whose := uuid.Nil
	if provider != nil {
		whose = *provider
	}
	tallies, err := q.Tallies(whose, dim)
	if err != nil {
		return nil, err
	}
	names, err := q.Named(dim, provider)
	if err != nil {
		return nil, err
	}
	var lines []Line
	for key, n := range tallies {
		l := Line{Counts: n, Dim: dim, Key: key, Label: names[key]}
		switch {
		case dim == models.ByWave:
			l.Name = templates.Say("figures.wave", "Number", key)
		case dim == models.BySex && key == "":
			l.Name = templates.Say("figures.sex_unknown")
		case dim == models.BySex:
			l.Name = templates.Say("sex." + key)
		case dim == models.ByProvince && l.Label == "":
			l.Name = templates.Say("figures.no_province")
		case l.Label == "":
			l.Label = key
		}
		if l.All() > 0 {
			lines = append(lines, l)
		}
	}
	slices.SortFunc(lines, func(a, b Line) int { return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Key, b.Key)) })
	return lines, nil
}

// Orders are the columns that figures can be sorted by, the most important first.
func Orders() map[string]func(a, b Line) int {
	return map[string]func(a, b Line) int{
		"share":   func(a, b Line) int { return cmp.Compare(a.Share(), b.Share()) },
		"absent":  func(a, b Line) int { return cmp.Compare(b.Absent(), a.Absent()) },
		"late":    func(a, b Line) int { return cmp.Compare(b.Late(), a.Late()) },
		"by_hand": func(a, b Line) int { return cmp.Compare(b.HandShare(), a.HandShare()) },
		"flagged": func(a, b Line) int { return cmp.Compare(b.Flagged(), a.Flagged()) },
	}
}

// LevelOf grades a share of attendance.
func LevelOf(share float64) int {
	for i, most := range []float64{.6, .7, .8, .9} {
		if share < most {
			return i
		}
	}
	return 4
}
