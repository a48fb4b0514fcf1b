package autoplan

import (
	"container/heap"
	"context"
	"math"
	"slices"
)

// state is a part of all plans: at least least and at most most classes of each
// bucket are held.
type state struct {
	least, most []int
	bound       int64 // no plan of this part costs less
	split       int   // the bucket to split it by; -1: the relaxation is a plan
	taken       []int // people by bucket in the relaxation
}

// layout is a whole plan in the network's words.
type layout struct {
	fromSite []int64 // by bucket: people who came over the site
	direct   []int64 // by bucket: of blocked groups
	arcs     []int64 // by reach and blocked arcs, see model.flows
	cost     int64
}

// search is the branch and bound.
type search struct {
	*model
	ctx      context.Context //nolint:containedctx // of one call of Solve
	progress func(spent, all int64)
	best     layout
	bound    int64
	open     states
	moved    []Part // scratch of close
}

func newSearch(ctx context.Context, p *Problem, slots []Slot, progress func(int64, int64)) *search {
	return &search{model: newModel(p, slots), ctx: ctx, progress: progress, best: layout{cost: math.MaxInt64}}
}

// run searches until nothing better can be, or the effort is spent.
func (s *search) run() error {
	root := state{least: make([]int, len(s.buckets)), most: make([]int, len(s.buckets))}
	for i, b := range s.buckets {
		root.most[i] = len(b.slots)
	}
	if err := s.relax(&root); err != nil {
		return err
	}
	s.bound = root.bound
	if root.bound < s.best.cost {
		if err := s.dive(root); err != nil {
			return err
		}
		if err := s.polish(); err != nil {
			return err
		}
	}
	s.open = states{root}
	for len(s.open) > 0 && s.open[0].bound < s.best.cost {
		s.bound = s.open[0].bound
		if s.spent() {
			return nil
		}
		part, _ := heap.Pop(&s.open).(state)
		for _, half := range s.halves(part) {
			if err := s.relax(&half); err != nil {
				return err
			}
			if half.bound < s.best.cost && half.split >= 0 {
				heap.Push(&s.open, half)
			}
		}
	}
	s.bound = s.best.cost
	return nil
}

func (s *search) spent() bool {
	s.progress(min(s.looked, s.p.Effort), s.p.Effort)
	return s.looked >= s.p.Effort
}

// halves splits a part in two: the bucket holds one class less than the
// relaxation fills in part, or it holds that class.
func (s *search) halves(part state) [2]state {
	whole := part.taken[part.split] / s.buckets[part.split].seats
	fewer, more := part, part
	fewer.most, more.least = slices.Clone(part.most), slices.Clone(part.least)
	fewer.most[part.split], more.least[part.split] = whole, whole+1
	return [2]state{fewer, more}
}

// relax finds the bound of a part: its cheapest flow. If that flow, rounded up to whole
// classes, is better than the best plan, it becomes the best plan.
func (s *search) relax(part *state) error {
	s.clear()
	empty := s.p.Weights.EmptySeat
	part.bound = -empty * s.people
	for i, b := range s.buckets {
		must := int64(part.least[i] * b.seats)
		s.capacity[b.arcs[0]], s.capacity[b.arcs[1]] = must, int64((part.most[i]-part.least[i])*b.seats)
		part.bound += empty * must
	}
	for g, group := range s.p.Groups {
		if group.People <= 0 {
			continue
		}
		cost, err := s.send(s.ctx, g, s.sink, int64(group.People))
		if err != nil {
			return err
		}
		part.bound += cost
	}
	l := s.layout(part)
	if l.cost < s.best.cost {
		l.arcs = s.flows()
		s.best = l
	}
	part.taken, part.split = make([]int, len(s.buckets)), -1
	widest := 0
	for i, b := range s.buckets {
		n := int(l.fromSite[i] + l.direct[i])
		part.taken[i] = n
		if gap := classes(n, b.seats)*b.seats - n; gap > widest && classes(n, b.seats) > part.least[i] {
			widest, part.split = gap, i
		}
	}
	return nil
}

// dive looks for a good plan fast: it forbids the emptiest classes, many at a
// time while that helps, then fewer.
func (s *search) dive(part state) error {
	for share := 2; share <= 64 && !s.spent(); {
		thin := s.thin(part)
		if len(thin) == 0 {
			return nil
		}
		next := part
		next.most = slices.Clone(part.most)
		for _, b := range thin[:(len(thin)+share-1)/share] {
			next.most[b] = part.taken[b] / s.buckets[b].seats
		}
		before := s.best.cost
		if err := s.relax(&next); err != nil {
			return err
		}
		if s.best.cost < before {
			part = next
		} else {
			share *= 2
		}
	}
	return nil
}

// thin lists the buckets whose last class is not full, the emptiest first.
func (s *search) thin(part state) []int {
	var list []int
	filled := func(b int) float64 {
		return float64(part.taken[b]%s.buckets[b].seats) / float64(s.buckets[b].seats)
	}
	for b := range s.buckets {
		if f := filled(b); f > 0 && part.taken[b]/s.buckets[b].seats >= part.least[b] {
			list = append(list, b)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int {
		if fa, fb := filled(a), filled(b); fa != fb {
			if fa < fb {
				return -1
			}
			return 1
		}
		return a - b
	})
	return list
}

// classes is how many classes of some seats people fill.
func classes(people, seats int) int { return (people + seats - 1) / seats }

// states is a heap of parts, the one with the lowest bound on top.
type states []state

func (s states) Len() int           { return len(s) }
func (s states) Less(i, j int) bool { return s[i].bound < s[j].bound }
func (s states) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }

// Push is heap.Interface's.
func (s *states) Push(x any) {
	if one, ok := x.(state); ok {
		*s = append(*s, one)
	}
}

// Pop is heap.Interface's.
func (s *states) Pop() any {
	old := *s
	last := old[len(old)-1]
	*s = old[:len(old)-1]
	return last
}
