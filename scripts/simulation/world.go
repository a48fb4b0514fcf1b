package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
)

const hour = time.Hour

// world is one run: a server and agents with real stores, a clock, a network, and a list
// of what really happened. The programs cannot read that list.
type world struct {
	ctx     context.Context //nolint:containedctx // a world lives within one run
	seed    uint64
	dir     string
	grid    *grid
	stage   *stage
	classes []*stageClass
	now     models.Millis // the true time
	luck    *rand.Rand    // of the step that runs
	office  *headquarters
	posts   []*post
	phones  []*handset // that are on their own
	boots   int
	copies  int    // of disks
	strays  []mail // that the network brings later
	trace   []string
	tally   *tally

	ledger    map[models.Hash]journal.Event // every event that was ever durable on a disk that the run has looked at
	greens    map[models.Hash]green         // by content
	lost      map[models.Hash]bool          // contents that were on a disk which an older one has replaced
	parcels   []parcel                      // bundles that may be carried to the office, once or again
	replies   []parcel                      // that may be carried back
	closed    map[int]models.Millis         // by site: until when its agents may have told all
	heard     map[int]models.Millis         // until when the office has taken them to have told all
	asTold    map[int]models.Millis         // while it is looked at in the middle: what heard says then
	since     map[uuid.UUID]bool            // places that were taken or given up during the run
	moved     map[uuid.UUID]bool            // sessions
	earlier   map[uuid.UUID][]span          // when sessions were planned before, the newest first
	policy    models.Policy                 // of the pilot
	corrected map[visit]bool                // by the office
	backup    *book                         // of the office; nil if there is none yet
	wrong     []string

	revoked map[uuid.UUID]bool // agents
}

// eventKey names an event.
type eventKey struct {
	agent uuid.UUID
	epoch models.Epoch
	seq   uint64
}

// green is what a desk showed after the event was durable.
type green struct {
	desk    string
	verdict models.Verdict
	at      models.Millis // the true time
}

// content names what an event says, without its place in a journal: after a fork the same
// event may have another place.
func content(e journal.Event) (models.Hash, error) {
	e.Epoch, e.Seq, e.Prev, e.TargetEpoch, e.Target = models.Epoch{}, 1, models.Hash{}, models.Epoch{}, min(e.Target, 1)
	b, err := e.Bytes()
	return journal.HashOf(b), err
}

// tally counts what a campaign has put the programs through.
type tally struct {
	steps  map[string]int
	faults map[fault]int
	events int
	epochs int // that a fork or an older disk has ended
}

func newTally() *tally { return &tally{steps: map[string]int{}, faults: map[fault]int{}} }

func (t *tally) add(o *tally) {
	for k, n := range o.steps {
		t.steps[k] += n
	}
	for k, n := range o.faults {
		t.faults[k] += n
	}
	t.events += o.events
	t.epochs += o.epochs
}

// newWorld copies a stage and starts everything on it. Close it.
func newWorld(ctx context.Context, g *grid, s *stage, dir string, seed uint64) (*world, error) {
	w := &world{
		ctx: ctx, seed: seed, dir: dir, grid: g, stage: s, now: s.classes[0].sessions[0].StartsAt.Add(-hour / 2), tally: newTally(),
		ledger: map[models.Hash]journal.Event{}, greens: map[models.Hash]green{}, lost: map[models.Hash]bool{},
		closed: map[int]models.Millis{}, heard: map[int]models.Millis{},
		since: map[uuid.UUID]bool{}, moved: map[uuid.UUID]bool{}, corrected: map[visit]bool{}, revoked: map[uuid.UUID]bool{},
		earlier: map[uuid.UUID][]span{}, policy: s.policy,
	}
	for i := range s.classes {
		w.classes = append(w.classes, &s.classes[i])
	}
	w.classes = copyClasses(w.classes)
	w.office = &headquarters{dir: filepath.Join(dir, "office"), now: func() models.Millis { return w.now }}
	w.office.power = g.connect(w.office.file())
	if err := errors.Join(copyFolder(s.dir, w.office.dir), w.office.open(ctx)); err != nil {
		return nil, err
	}
	for i, d := range s.desks {
		folder := filepath.Join(dir, fmt.Sprint("desk-", i))
		if err := copyFolder(d.folder, folder); err != nil {
			return w, err
		}
		p := w.newPost(folder, d.site)
		p.told = s.began // its first contact
		if err := p.open(ctx); err != nil {
			return w, err
		}
	}
	return w, nil
}

// close ends every program and removes their data.
func (w *world) close() error {
	var errs []error
	for _, p := range w.posts {
		errs = append(errs, p.close())
		w.grid.forget(p.file())
	}
	if w.office.st != nil {
		errs = append(errs, w.office.st.Close())
	}
	w.grid.forget(w.office.file())
	return errors.Join(append(errs, os.RemoveAll(w.dir))...)
}

func (w *world) note(format string, args ...any) {
	w.trace = append(w.trace, drawn.ReplaceAllString(fmt.Sprintf(format, args...), "scope=…"))
}

// drawn is what a restored server draws, and no seed decides.
var drawn = regexp.MustCompile("scope=[0-9a-f]+")

// fail says that a promise was broken.
func (w *world) fail(format string, args ...any) {
	w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
}

// run takes the steps that the seed draws, each from luck of its own, so that
// the others stay the same when some are cut.
func (w *world) run(steps int, cut map[int]bool) error {
	table := deck()
	w.watch()
	for i := range steps {
		if cut[i] {
			continue
		}
		w.luck = rand.New(rand.NewPCG(w.seed, uint64(i)))
		s := table[w.luck.IntN(len(table))]
		w.note("%d. %s %s", i, w.now.Time().In(models.ZoneWIB.Location()).Format("2 Jan 15:04:05"), s.name)
		w.tally.steps[s.name]++
		if err := s.take(w); err != nil {
			return fmt.Errorf("step %d, %s: %w", i, s.name, err)
		}
		w.watch()
		if err := w.listen(); err != nil {
			return err
		}
		if len(w.wrong) > 0 {
			return nil
		}
	}
	w.luck = rand.New(rand.NewPCG(w.seed, 1<<32))
	if err := w.heal(); err != nil {
		return err
	}
	return w.check()
}

// listen notes what the office takes for told, which must never be more than was.
func (w *world) listen() error {
	now, err := w.marks()
	for site, mark := range now {
		if mark > w.closed[site] {
			w.fail("the office takes site %d to have told all until %d, and it has until %d", site, mark, w.closed[site])
		}
		w.heard[site] = max(w.heard[site], mark)
	}
	return err
}

// watch notes the time up to which every site may have reported everything. It must run
// after each step, because an agent that is added or revoked changes it. To the office
// the copies of a disk are one agent.
func (w *world) watch() {
	for site := range w.stage.sites {
		told, last := map[uuid.UUID]models.Millis{}, models.Millis(0)
		for _, p := range w.posts {
			switch {
			case p.site != site || p.id == uuid.Nil:
			case w.revoked[p.id]:
				last = max(last, p.told)
			default:
				told[p.id] = max(told[p.id], p.told)
			}
		}
		if len(told) > 0 {
			last = slices.Min(slices.Collect(maps.Values(told)))
		}
		w.closed[site] = max(w.closed[site], last)
	}
}
