package autoplan

import (
	"cmp"
	"slices"
)

// layout rounds the current flow up to whole classes, and returns the cost. People of a
// site may sit in any of its buckets: they fill open classes first, and then as few
// further seats as possible.
func (s *search) layout(part *state) layout {
	l := layout{fromSite: make([]int64, len(s.buckets)), direct: make([]int64, len(s.buckets))}
	came := make([]int64, len(s.p.Sites))
	for g := range s.p.Groups {
		for _, r := range s.reach[g] {
			if r.arc >= 0 {
				n := s.flow(r.arc)
				came[r.site] += n
				l.cost += n * r.metres
			}
		}
		for _, b := range s.blocked[g] {
			n := s.flow(b.arc)
			l.direct[b.bucket] += n
			l.cost += n * b.metres
		}
		l.cost += s.p.Weights.Unplaced * s.flow(s.unplaced[g])
	}
	for site, n := range came {
		s.seat(&l, part, s.ofSite[site], n)
	}
	for i, b := range s.buckets {
		n := int(l.fromSite[i] + l.direct[i])
		l.cost += s.p.Weights.EmptySeat * int64(classes(n, b.seats)*b.seats-n)
	}
	return l
}

// seat spreads people over a site's buckets.
func (s *search) seat(l *layout, part *state, buckets []int, people int64) {
	fill := func(b int, upTo int64) {
		n := max(0, min(people, upTo-l.fromSite[b]-l.direct[b]))
		l.fromSite[b] += n
		people -= n
	}
	seats := func(b, classes int) int64 { return int64(s.buckets[b].seats * classes) }
	for _, b := range buckets {
		fill(b, seats(b, part.least[b]))
	}
	for _, b := range buckets {
		fill(b, seats(b, classes(int(l.direct[b]), s.buckets[b].seats)))
	}
	large := slices.Clone(buckets)
	slices.SortStableFunc(large, func(a, b int) int { return cmp.Compare(s.buckets[b].seats, s.buckets[a].seats) })
	for _, b := range large {
		have := int(l.fromSite[b]+l.direct[b]) / s.buckets[b].seats
		whole := min(part.most[b], have+int(people)/s.buckets[b].seats)
		fill(b, seats(b, whole))
	}
	for _, b := range slices.Backward(large) { // the smallest class that holds the rest
		if people > 0 && people <= int64(s.buckets[b].seats) {
			fill(b, seats(b, part.most[b]))
		}
	}
	for _, b := range large {
		fill(b, seats(b, part.most[b]))
	}
}

// flows stores who goes where, in the order of sent.
func (s *search) flows() []int64 {
	var out []int64
	for g := range s.p.Groups {
		for _, r := range s.reach[g] {
			if r.arc >= 0 {
				out = append(out, s.flow(r.arc))
			}
		}
		for _, b := range s.blocked[g] {
			out = append(out, s.flow(b.arc))
		}
	}
	return out
}

// parts gives the best plan's people by site and by bucket.
func (s *search) parts() (bySite, byBucket [][]Part) {
	bySite, byBucket = make([][]Part, len(s.p.Sites)), make([][]Part, len(s.buckets))
	next := 0
	add := func(list *[]Part, group int) {
		if n := int(s.best.arcs[next]); n > 0 {
			*list = append(*list, Part{group, n})
		}
		next++
	}
	for g := range s.p.Groups {
		for _, r := range s.reach[g] {
			if r.arc >= 0 {
				add(&bySite[r.site], g)
			}
		}
		for _, b := range s.blocked[g] {
			add(&byBucket[b.bucket], g)
		}
	}
	return bySite, byBucket
}

// plan writes the best plan out.
func (s *search) plan() Plan {
	plan := Plan{Bound: s.bound}
	bySite, byBucket := s.parts()
	held := make([]int, len(s.buckets)) // people
	left := make([]int, len(s.p.Groups))
	for g, group := range s.p.Groups {
		left[g] = max(0, group.People)
	}
	for i, b := range s.buckets {
		parts := slices.Concat(byBucket[i], deal(&bySite[b.site], int(s.best.fromSite[i])))
		for _, part := range parts {
			held[i] += part.People
			left[part.Group] -= part.People
		}
		n := classes(held[i], b.seats)
		for k := range n {
			size := held[i] / n
			if k < held[i]%n {
				size++
			}
			plan.Classes = append(plan.Classes, s.class(b.slots[k], deal(&parts, size)))
		}
	}
	slices.SortStableFunc(plan.Classes, func(a, b Class) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.Meetings[0].From, b.Meetings[0].From))
	})
	for _, c := range plan.Classes {
		plan.Cost.Placed += c.People
		plan.Cost.EmptySeats += c.Seats - c.People
		plan.Cost.Travel += c.Travel
	}
	for g, n := range left {
		if n > 0 {
			plan.Unplaced = append(plan.Unplaced, Unplaced{Part{g, n}, s.why(g, held, plan.Cost.Placed)})
			plan.Cost.Unplaced += n
		}
	}
	w := s.p.Weights
	plan.Cost.Total = plan.Cost.Travel + w.EmptySeat*int64(plan.Cost.EmptySeats) + w.Unplaced*int64(plan.Cost.Unplaced)
	return plan
}

// deal takes people from the front of a list.
func deal(list *[]Part, people int) []Part {
	var out []Part
	for people > 0 {
		first := &(*list)[0]
		n := min(people, first.People)
		out = append(out, Part{first.Group, n})
		people -= n
		if first.People -= n; first.People == 0 {
			*list = (*list)[1:]
		}
	}
	return out
}

func (s *search) class(slot int, parts []Part) Class {
	c := Class{Slot: s.slots[slot], Parts: parts}
	for _, part := range parts {
		c.People += part.People
		for _, r := range s.reach[part.Group] {
			if r.site == c.Site {
				c.Travel += r.metres * int64(part.People)
			}
		}
	}
	return c
}

// why says what kept a group's people from a place.
func (s *search) why(g int, held []int, placed int) Why {
	if s.p.Groups[g].Where == nil {
		return WhyNowhere
	}
	if len(s.reach[g]) == 0 {
		return WhyTooFar
	}
	var within []int // buckets
	for _, r := range s.reach[g] {
		if r.arc >= 0 {
			within = append(within, s.ofSite[r.site]...)
		}
	}
	for _, b := range s.blocked[g] {
		within = append(within, b.bucket)
	}
	if len(within) == 0 {
		return WhyBusy
	}
	if q := s.p.Quota.Pilot; q >= 0 && placed >= q {
		return WhyPilotFull
	}
	inProvince := map[string]int64{}
	for b, n := range held {
		inProvince[s.p.Sites[s.buckets[b].site].Province] += int64(n)
	}
	why := WhyProvinceFull
	for _, b := range within {
		province := s.p.Sites[s.buckets[b].site].Province
		if inProvince[province] >= s.p.Quota.of(province) {
			continue
		}
		if why = WhyFull; held[b] < s.buckets[b].seats*len(s.buckets[b].slots) {
			return WhyTooCostly
		}
	}
	return why
}
