// Simulation runs the server and several agents, with real stores, desks and
// uplinks, in one process under a clock and a network that a seed draws: scans
// of all sorts, crashes between any two commits, lost, late and repeated
// messages, clocks that jump, people, tickets and agents that come and go. After
// each run the server must hold exactly the agents' journals, every scan that
// showed green, and the attendance that a slow second opinion derives. A seed
// that fails is cut down to the steps that matter and printed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

func main() {
	log.SetFlags(0)
	c := campaign{out: os.Stdout}
	flag.Uint64Var(&c.from, "from", 1, "the first seed")
	flag.IntVar(&c.seeds, "seeds", 1000, "how many seeds")
	flag.IntVar(&c.steps, "steps", 60, "steps a run")
	flag.IntVar(&c.workers, "workers", runtime.NumCPU(), "runs at a time")
	flag.IntVar(&c.enough, "enough", 5, "failed seeds after which it ends")
	flag.DurationVar(&c.within, "within", 0, "begin no seed after this time; 0: take what it takes")
	flag.BoolVar(&c.verbose, "v", false, "print every run's trace")
	flag.Parse()
	if err := c.run(context.Background()); err != nil {
		log.Fatal("simulate: ", err)
	}
}

// campaign is many runs.
type campaign struct {
	from           uint64
	seeds, steps   int
	workers        int
	enough         int
	within         time.Duration
	verbose        bool
	out            io.Writer
	dir            string
	grid           *grid
	stages         []*stage
	mu             sync.Mutex
	total          *tally
	done, failures int
}

// errFailed says that a promise was broken. The details are printed already.
var errFailed = errors.New("the promises do not hold")

func (c *campaign) run(ctx context.Context) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	defer c.close()
	start := time.Now()
	err := c.all(ctx)
	c.report(time.Since(start))
	if err == nil && c.failures > 0 {
		err = errFailed
	}
	return err
}

func (c *campaign) close() { _ = os.RemoveAll(c.dir) } // the rest is not needed

// open plans the stages, in memory where the machine has such a folder: fsync is
// not what is tested here.
func (c *campaign) open(ctx context.Context) error {
	gin.SetMode(gin.ReleaseMode)
	c.total, c.grid = newTally(), newGrid()
	memory := "/dev/shm"
	if _, err := os.Stat(memory); err != nil {
		memory = ""
	}
	var err error
	if c.dir, err = os.MkdirTemp(memory, "bukti-hadir-simulation-"); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	for i, p := range policies() {
		s, err := newStage(ctx, c.dir, i, p)
		if err != nil {
			return errors.Join(err, os.RemoveAll(c.dir))
		}
		c.stages = append(c.stages, s)
	}
	return nil
}

func (c *campaign) all(ctx context.Context) error {
	seeds, start := make(chan uint64), time.Now()
	var errs []error
	var workers sync.WaitGroup
	for range c.workers {
		workers.Go(func() {
			for seed := range seeds {
				if err := c.one(ctx, seed); err != nil {
					c.mu.Lock()
					errs = append(errs, fmt.Errorf("seed %d: %w", seed, err))
					c.mu.Unlock()
				}
			}
		})
	}
	for i := range uint64(c.seeds) {
		c.mu.Lock()
		stop := c.failures >= c.enough || len(errs) > 0 || c.within > 0 && time.Since(start) > c.within
		c.mu.Unlock()
		if stop {
			break
		}
		seeds <- c.from + i
	}
	close(seeds)
	workers.Wait()
	return errors.Join(errs...)
}

// one runs a seed, and cuts its steps down if it fails.
func (c *campaign) one(ctx context.Context, seed uint64) error {
	w, err := c.try(ctx, seed, nil)
	if err != nil {
		fmt.Fprintf(c.out, "seed %d broke off:\n%s\n", seed, strings.Join(w.trace, "\n"))
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total.add(w.tally)
	c.done++
	if c.verbose {
		fmt.Fprintln(c.out, strings.Join(w.trace, "\n"))
	}
	if len(w.wrong) == 0 {
		return nil
	}
	c.failures++
	cut := map[int]bool{}
	for i := c.steps - 1; i >= 0; i-- {
		cut[i] = true
		if again, err := c.try(ctx, seed, cut); err == nil && len(again.wrong) > 0 {
			w = again
		} else {
			delete(cut, i)
		}
	}
	fmt.Fprintf(c.out, "FAILED: seed %d. Run it again with -from %d -seeds 1 -v. The %d steps that matter:\n%s\n=> %s\n\n",
		seed, seed, c.steps-len(cut), strings.Join(w.trace, "\n"), strings.Join(w.wrong, "\n=> "))
	return nil
}

// try is one run of a seed, without some of its steps.
func (c *campaign) try(ctx context.Context, seed uint64, cut map[int]bool) (*world, error) {
	dir, err := os.MkdirTemp(c.dir, "run-")
	if err != nil {
		return &world{}, fmt.Errorf("make a folder: %w", err)
	}
	w, err := newWorld(ctx, c.grid, c.stages[seed%uint64(len(c.stages))], filepath.Join(dir), seed)
	if err == nil {
		err = w.run(c.steps, cut)
	}
	return w, errors.Join(err, w.close())
}

// report prints what the campaign has put the programs through.
func (c *campaign) report(took time.Duration) {
	fmt.Fprintf(c.out, "%d seeds of %d steps in %s (%.1f a second), %d failed; %d events reached the server, %d journals went on in a new epoch\n",
		c.done, c.steps, took.Round(time.Second/10), float64(c.done)/took.Seconds(), c.failures, c.total.events, c.total.epochs)
	for _, name := range slices.Sorted(maps.Keys(c.total.steps)) {
		fmt.Fprintf(c.out, "%9d × %s\n", c.total.steps[name], name)
	}
	for _, f := range slices.Sorted(maps.Keys(c.total.faults)) {
		fmt.Fprintf(c.out, "%9d × the network: %s\n", c.total.faults[f], f)
	}
}
