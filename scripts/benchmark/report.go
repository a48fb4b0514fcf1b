package main

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

func (c *contestant) median() figures {
	pick := func(of func(figures) float64) float64 {
		var all []float64
		for _, f := range c.rounds {
			all = append(all, of(f))
		}
		return median(all)
	}
	return figures{
		perSecond: pick(func(f figures) float64 { return f.perSecond }),
		p50:       time.Duration(pick(func(f figures) float64 { return float64(f.p50) })),
		p99:       time.Duration(pick(func(f figures) float64 { return float64(f.p99) })),
	}
}

func median(x []float64) float64 { return slices.Sorted(slices.Values(x))[len(x)/2] }

// errBehind says that this run did not reach what is promised.
var errBehind = errors.New("behind what is promised")

// report prints the figures and the ratios to each variant. The variant with the
// higher throughput is the one that counts, and the lower p99 of both.
func report(all []*contestant, syncs []float64) error {
	fmt.Printf("%-28s %10s %10s %10s\n", "", "scans/s", "p50", "p99")
	for _, c := range all {
		m := c.median()
		fmt.Printf("%-28s %10.0f %10v %10v\n", c.name, m.perSecond, m.p50.Round(10*time.Microsecond), m.p99.Round(10*time.Microsecond))
	}
	fmt.Printf("%-28s %10.0f\n\n", "fsyncs of this disk", median(syncs))
	ours := all[0].median()
	best, tail := 0.0, time.Duration(0)
	for _, c := range all[1:] {
		m := c.median()
		fmt.Printf("against %s: %.1f times the throughput, p50 1/%.1f, p99 1/%.1f\n", c.name,
			ours.perSecond/m.perSecond, float64(m.p50)/float64(ours.p50), float64(m.p99)/float64(ours.p99))
		best = max(best, m.perSecond)
		if tail == 0 || m.p99 < tail {
			tail = m.p99
		}
	}
	throughput, share := ours.perSecond/best, float64(ours.p99)/float64(tail)
	fmt.Printf("promised: at least %.0f times the throughput (%.1f) and at most 1/%.0f of the p99 (1/%.1f)\n",
		wantThroughput, throughput, 1/wantTail, 1/share)
	if throughput < wantThroughput || share > wantTail {
		return errBehind
	}
	return nil
}
