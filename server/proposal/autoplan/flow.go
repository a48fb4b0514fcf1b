package autoplan

import (
	"context"
	"math"
)

// network is a minimum-cost flow problem without negative costs. Arc i and arc i^1 are
// each other's reverse arc.
type network struct {
	to       []int32
	capacity []int64 // the remaining capacity
	full     []int64 // the capacity without any flow
	cost     []int64
	first    []int32 // of a node's arcs in byNode
	byNode   []int32

	potential []int64
	distance  []int64
	round     []int32 // in which a node's distance was set
	by        []int32 // the arc over which
	settled   []bool
	turn      int32
	heap      []mark
	seen      []int32 // the nodes with a distance in this round
	looked    int64   // arcs, since the start
}

const unlimited = math.MaxInt64 / 4

// link adds an arc and gives its number. Call settle before the first flow.
func (n *network) link(from, to int, capacity, cost int64) int32 {
	at := int32(len(n.to))                      //nolint:gosec // two arcs for each pair of a group and a site: millions
	n.to = append(n.to, int32(to), int32(from)) //nolint:gosec // as many nodes as groups, sites and slots
	n.full = append(n.full, capacity, 0)
	n.cost = append(n.cost, cost, -cost)
	return at
}

// settle puts the arcs in order by the node they leave.
func (n *network) settle(nodes int) {
	n.first = make([]int32, nodes+1)
	for i := range n.to {
		n.first[n.to[i^1]+1]++
	}
	for v := range nodes {
		n.first[v+1] += n.first[v]
	}
	next := append([]int32{}, n.first[:nodes]...)
	n.byNode = make([]int32, len(n.to))
	for i := range n.to {
		from := n.to[i^1]
		n.byNode[next[from]] = int32(i)
		next[from]++
	}
	n.capacity = make([]int64, len(n.to))
	n.potential, n.distance = make([]int64, nodes), make([]int64, nodes)
	n.round, n.by, n.settled = make([]int32, nodes), make([]int32, nodes), make([]bool, nodes)
}

// clear takes all flow away.
func (n *network) clear() {
	copy(n.capacity, n.full)
	clear(n.potential)
}

// flow is what passes an arc.
func (n *network) flow(arc int32) int64 { return n.capacity[arc^1] }

// send sends an amount from a node to the sink at the lowest cost, given the flow so far,
// and returns the cost. The network must have room for all of it.
func (n *network) send(ctx context.Context, from, sink int, amount int64) (cost int64, err error) {
	for amount > 0 {
		if err := ctx.Err(); err != nil {
			return cost, err
		}
		n.shortest(from, sink)
		part := amount
		for v := sink; v != from; v = int(n.to[n.by[v]^1]) {
			part = min(part, n.capacity[n.by[v]])
		}
		for v := sink; v != from; v = int(n.to[n.by[v]^1]) {
			n.capacity[n.by[v]] -= part
			n.capacity[n.by[v]^1] += part
			cost += part * n.cost[n.by[v]]
		}
		amount -= part
	}
	return cost, nil
}

// shortest finds the cheapest way (Dijkstra over reduced costs, which potentials
// keep from being negative) and stops at the sink.
func (n *network) shortest(from, sink int) {
	n.turn++
	n.heap, n.seen = n.heap[:0], n.seen[:0]
	n.reach(int32(from), 0, -1) //nolint:gosec // see link
	for len(n.heap) > 0 {
		m := n.pop()
		if n.settled[m.node] || m.distance > n.distance[m.node] {
			continue
		}
		n.settled[m.node] = true
		if int(m.node) == sink {
			break
		}
		arcs := n.byNode[n.first[m.node]:n.first[m.node+1]]
		n.looked += int64(len(arcs))
		for _, a := range arcs {
			if n.capacity[a] > 0 {
				v := n.to[a]
				n.reach(v, m.distance+n.cost[a]+n.potential[m.node]-n.potential[v], a)
			}
		}
	}
	// Nodes nearer than the sink move up. The reduced costs of the other nodes keep their
	// sign.
	for _, v := range n.seen {
		if n.settled[v] {
			n.potential[v] += n.distance[v] - n.distance[sink]
		}
	}
}

func (n *network) reach(v int32, distance int64, by int32) {
	if n.round[v] != n.turn {
		n.round[v], n.settled[v] = n.turn, false
		n.seen = append(n.seen, v)
	} else if n.settled[v] || n.distance[v] <= distance {
		return
	}
	n.distance[v], n.by[v] = distance, by
	n.push(mark{distance, v})
}

// mark is a node to look at, in a binary heap by distance.
type mark struct {
	distance int64
	node     int32
}

func (m mark) before(o mark) bool {
	return m.distance < o.distance || m.distance == o.distance && m.node < o.node
}

func (n *network) push(m mark) {
	h := append(n.heap, m)
	i := len(h) - 1
	for i > 0 && m.before(h[(i-1)/2]) {
		h[i] = h[(i-1)/2]
		i = (i - 1) / 2
	}
	h[i] = m
	n.heap = h
}

func (n *network) pop() mark {
	h := n.heap
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	i := 0
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(last) {
			break
		}
		h[i] = h[child]
		i = child
	}
	if len(h) > 0 {
		h[i] = last
	}
	n.heap = h
	return top
}
