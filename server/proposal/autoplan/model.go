package autoplan

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// bucket is a set of equal slots of a site: with the same number of seats, and free for
// the same people.
type bucket struct {
	site  int
	seats int
	slots []int // by time
	free  []bool
	in    int32    // arc from the site
	arcs  [2]int32 // to the quota: classes that must be held, then those that may
	node  int
}

// reach is a site that a group may travel to.
type reach struct {
	site   int
	metres int64
	arc    int32
}

// origin is a group that may travel to a site.
type origin struct {
	group  int
	metres int64
	arc    int32
}

// blocked is a group that is busy at times, and so goes to buckets, not to sites.
type blocked struct {
	group, bucket int
	metres        int64
	arc           int32
}

// model is a problem as a network: group → site → bucket → province → pilot → sink, and
// group → sink for people without a place. Every unit of flow is a person. On its way it
// passes one arc of a bucket or the arc of people without a place. All of these arcs cost
// EmptySeat more than they should. So a seat in a class that is held anyway can cost
// EmptySeat less and its cost is still not negative.
type model struct {
	*network
	p         *Problem
	slots     []Slot
	buckets   []bucket
	ofSite    [][]int // buckets
	reach     [][]reach
	into      [][]origin  // by site: reach, from the other end
	blocked   [][]blocked // by group
	unplaced  []int32     // arc of each group
	provinces map[string]int
	province  map[string]int32 // arc to the pilot
	pilot     int32            // arc
	sink      int
	people    int64
}

func newModel(p *Problem, slots []Slot) *model {
	m := &model{network: &network{}, p: p, slots: slots, provinces: map[string]int{}, province: map[string]int32{}}
	pattern, patterns := busyPatterns(p.Groups)
	m.bucket(patterns)
	nodes := len(p.Groups) + len(p.Sites)
	for i := range m.buckets {
		m.buckets[i].node = nodes
		nodes++
		if province := p.Sites[m.buckets[i].site].Province; m.provinces[province] == 0 {
			m.provinces[province] = -1
		}
	}
	names := make([]string, 0, len(m.provinces))
	for name := range m.provinces {
		names = append(names, name)
	}
	slices.Sort(names)
	pilot := nodes
	nodes++
	m.sink = nodes
	nodes++
	for _, name := range names {
		m.provinces[name] = nodes
		m.province[name] = m.link(nodes, pilot, m.p.Quota.of(name), 0)
		nodes++
	}
	m.pilot = m.link(pilot, m.sink, limit(p.Quota.Pilot), 0)
	for i := range m.buckets {
		b := &m.buckets[i]
		to := m.provinces[p.Sites[b.site].Province]
		b.arcs = [2]int32{m.link(b.node, to, 0, 0), m.link(b.node, to, 0, p.Weights.EmptySeat)}
		b.in = m.link(len(p.Groups)+b.site, b.node, unlimited, 0)
	}
	m.into = make([][]origin, len(p.Sites))
	for g := range p.Groups {
		m.group(g, pattern[g])
	}
	m.settle(nodes)
	return m
}

// of is how many places a province has left.
func (q Quota) of(province string) int64 {
	left, ok := q.Provinces[province]
	if !ok {
		if q.Provinces == nil {
			return unlimited
		}
		return 0
	}
	return limit(left)
}

func limit(left int) int64 {
	if left < 0 {
		return unlimited
	}
	return int64(left)
}

// busyPatterns numbers the different times at which groups are busy: -1 for never.
func busyPatterns(groups []Group) (of []int, patterns [][]Span) {
	known := map[string]int{}
	for _, g := range groups {
		if len(g.Busy) == 0 {
			of = append(of, -1)
			continue
		}
		key := fmt.Sprint(g.Busy)
		if _, ok := known[key]; !ok {
			known[key] = len(patterns)
			patterns = append(patterns, g.Busy)
		}
		of = append(of, known[key])
	}
	return of, patterns
}

// bucket sorts the slots into buckets.
func (m *model) bucket(patterns [][]Span) {
	m.ofSite = make([][]int, len(m.p.Sites))
	known := map[string]int{}
	for i, s := range m.slots {
		free := make([]bool, len(patterns))
		for j, busy := range patterns {
			free[j] = !slices.ContainsFunc(busy, func(b Span) bool { return slices.ContainsFunc(s.Meetings, b.meets) })
		}
		key := fmt.Sprint(s.Site, s.Seats, free)
		at, ok := known[key]
		if !ok {
			at = len(m.buckets)
			known[key] = at
			m.buckets = append(m.buckets, bucket{site: s.Site, seats: s.Seats, free: free})
			m.ofSite[s.Site] = append(m.ofSite[s.Site], at)
		}
		m.buckets[at].slots = append(m.buckets[at].slots, i)
	}
	for _, b := range m.buckets {
		slices.SortStableFunc(b.slots, func(x, y int) int {
			return cmp.Compare(m.slots[x].Meetings[0].From, m.slots[y].Meetings[0].From)
		})
	}
}

// group links a group to what is in its reach.
func (m *model) group(g, pattern int) {
	group := m.p.Groups[g]
	var near []reach
	var own []blocked
	for site, s := range m.p.Sites {
		if group.Where == nil || s.Where == nil || len(m.ofSite[site]) == 0 || group.People <= 0 {
			continue
		}
		metres := int64(math.Round(group.Where.MetresTo(*s.Where)))
		if m.p.MostMetres > 0 && metres > m.p.MostMetres {
			continue
		}
		r := reach{site: site, metres: metres, arc: -1}
		if pattern < 0 {
			r.arc = m.link(g, len(m.p.Groups)+site, unlimited, metres)
			m.into[site] = append(m.into[site], origin{g, metres, r.arc})
		} else {
			for _, b := range m.ofSite[site] {
				if m.buckets[b].free[pattern] {
					own = append(own, blocked{g, b, metres, m.link(g, m.buckets[b].node, unlimited, metres)})
				}
			}
		}
		near = append(near, r)
	}
	m.reach, m.blocked = append(m.reach, near), append(m.blocked, own)
	m.unplaced = append(m.unplaced, m.link(g, m.sink, unlimited, m.p.Weights.Unplaced+m.p.Weights.EmptySeat))
	m.people += int64(max(0, group.People))
}
