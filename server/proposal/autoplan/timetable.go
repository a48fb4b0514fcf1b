package autoplan

import (
	"cmp"
	"slices"
	"time"

	"buktihadir/models"
)

// timetable lays the classes that could be held into the windows. A site's seats
// are split into rooms of one class each; a room's slots follow each other. A
// room counts only the seats that the classes already there leave to it, so all
// slots of a site together, held at once, still fit.
func timetable(p *Problem) []Slot {
	var slots []Slot
	if p.ClassSeats <= 0 || len(p.Courses) == 0 {
		return nil
	}
	windows := slices.Clone(p.Windows)
	slices.SortStableFunc(windows, func(a, b Window) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.From, b.From))
	})
	for site := range p.Sites {
		for first := 0; first < p.Sites[site].Seats; first += p.ClassSeats {
			r := room{p: p, site: site, first: first, turn: site + first/p.ClassSeats}
			for _, w := range windows {
				r.fill(w)
			}
			slots = append(slots, r.slots...)
		}
	}
	return slots
}

// room is the seats of a site from one number on, as many as a class has.
type room struct {
	p     *Problem
	site  int
	first int // seats of the rooms before it
	turn  int // index of the course whose turn is next
	slots []Slot
}

// fill puts as many classes into a window as fit one after the other.
func (r *room) fill(w Window) {
	meetings := r.meetings(w)
	for len(meetings) > 0 {
		used := 0
		for range r.p.Courses {
			hours := r.p.Courses[r.turn%len(r.p.Courses)].Hours
			if used = r.take(meetings, time.Duration(hours)*time.Hour); used > 0 {
				break
			}
			r.turn++
		}
		if used == 0 {
			return
		}
		meetings = meetings[used:]
		r.turn++
	}
}

// seat is a meeting that is possible, with the seats that it would have.
type seat struct {
	Span
	seats int
}

// meetings lists the days of a window on which the room is free.
func (r *room) meetings(w Window) []seat {
	var out []seat
	zone := r.p.Sites[r.site].Zone
	for day := w.First; day != "" && day <= w.Last; day = day.AddDays(1) {
		if !r.p.teaches(day) || w.To <= w.From {
			continue
		}
		at := Span{day.Start(zone).Add(w.From), day.Start(zone).Add(w.To)}
		if n := r.seats(at); n > 0 {
			out = append(out, seat{at, n})
		}
	}
	return out
}

// take makes a slot of the first meetings that together have a course's hours. It returns
// how many it took, or none if there are not enough.
func (r *room) take(meetings []seat, needed time.Duration) int {
	if needed <= 0 {
		return 0
	}
	slot := Slot{Site: r.site, Course: r.turn % len(r.p.Courses), Seats: r.p.ClassSeats}
	for i, m := range meetings {
		if length := m.To.Sub(m.From); length > needed { // the last meeting is as long as what is left
			m.To = m.From.Add(needed)
		}
		needed -= m.To.Sub(m.From)
		slot.Meetings, slot.Seats = append(slot.Meetings, m.Span), min(slot.Seats, m.seats)
		if needed == 0 {
			r.slots = append(r.slots, slot)
			return i + 1
		}
	}
	return 0
}

// seats is the number of the room's seats that are free at a time.
func (r *room) seats(at Span) int {
	for _, s := range r.slots {
		for _, m := range s.Meetings {
			if m.meets(at) {
				return 0
			}
		}
	}
	site := r.p.Sites[r.site]
	return min(r.p.ClassSeats, site.Seats-taken(site.Taken, at)-r.first)
}

// taken is the largest number of seats in use at any moment of a span.
func taken(uses []Use, at Span) int {
	most := 0
	for _, u := range uses {
		if !u.meets(at) {
			continue
		}
		moment, n := max(u.From, at.From), 0
		for _, v := range uses {
			if v.From <= moment && moment < v.To {
				n += v.Seats
			}
		}
		most = max(most, n)
	}
	return most
}

func (p *Problem) teaches(day models.LocalDate) bool {
	if p.Holidays[day] {
		return false
	}
	weekday := day.Weekday()
	if p.Weekdays == ([7]bool{}) {
		return weekday != time.Saturday && weekday != time.Sunday
	}
	return p.Weekdays[weekday]
}
