package autoplan

import "slices"

// polish improves the best plan. It takes the held classes as given, so their empty seats
// cost nothing more, and everybody goes to the best of them. Then it tries to close one
// class after the other, the emptiest first; the network only has to move those few
// people.
func (s *search) polish() error {
	held := state{least: make([]int, len(s.buckets))}
	for i, b := range s.buckets {
		held.least[i] = classes(int(s.best.fromSite[i]+s.best.direct[i]), b.seats)
	}
	held.most = held.least
	if err := s.relax(&held); err != nil {
		return err
	}
	for better := true; better && !s.spent(); {
		better = false
		var open []int
		for b, n := range held.least {
			if n > 0 {
				open = append(open, b)
			}
		}
		slices.SortStableFunc(open, func(a, b int) int { return int(s.spare(b, held) - s.spare(a, held)) })
		for _, b := range open {
			closed, err := s.close(b, &held)
			if err != nil {
				return err
			}
			better = better || closed
		}
	}
	if l := s.layout(&held); l.cost < s.best.cost {
		l.arcs = s.flows()
		s.best = l
	}
	return nil
}

// spare is how many seats of a bucket's classes are empty.
func (s *search) spare(b int, held state) int64 {
	return int64(held.least[b]*s.buckets[b].seats) - s.flow(s.buckets[b].arcs[0])
}

// close takes one class of a bucket away if that makes the plan cheaper.
func (s *search) close(b int, held *state) (bool, error) {
	at := &s.buckets[b]
	province := s.province[s.p.Sites[at.site].Province]
	homeless := int64(at.seats) - s.spare(b, *held)
	if s.spent() || homeless > s.flow(at.in) || homeless > 0 && (s.capacity[province] == 0 || s.capacity[s.pilot] == 0) {
		return false, nil // a full quota has a price of its own, which the potentials of this flow don't know
	}
	capacity, potential := slices.Clone(s.capacity), slices.Clone(s.potential)
	change := -s.p.Weights.EmptySeat * int64(at.seats)
	for _, from := range s.into[at.site] {
		n := max(0, min(homeless, s.flow(from.arc)))
		if n == 0 {
			continue
		}
		for _, arc := range []int32{from.arc, at.in, at.arcs[0], province, s.pilot} {
			s.capacity[arc] += n
			s.capacity[arc^1] -= n
		}
		homeless -= n
		change -= n * from.metres
		s.moved = append(s.moved, Part{from.group, int(n)})
	}
	s.capacity[at.arcs[0]] = max(0, s.capacity[at.arcs[0]]-int64(at.seats))
	moved := s.moved
	s.moved = s.moved[:0]
	for _, part := range moved {
		cost, err := s.send(s.ctx, part.Group, s.sink, int64(part.People))
		if err != nil {
			return false, err
		}
		change += cost
	}
	if change >= 0 {
		s.capacity, s.potential = capacity, potential
		return false, nil
	}
	held.least = slices.Clone(held.least)
	held.least[b]--
	held.most = held.least
	return true, nil
}
