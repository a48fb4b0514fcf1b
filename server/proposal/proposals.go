package proposal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Proposals makes and accepts proposals in the background, because both may take a
// minute. They are in the database, so a restart does not lose them.
type Proposals struct {
	service *Service
	log     *slog.Logger
	wait    sync.WaitGroup
	ctx     context.Context //nolint:containedctx // ends the work when the server stops
	cancel  context.CancelFunc

	mu   sync.Mutex
	done map[uuid.UUID][2]int // of how many
}

// NewProposals makes the background planner, and takes up what a restart left.
func NewProposals(p *Service, log *slog.Logger) (*Proposals, error) {
	ctx, cancel := context.WithCancel(context.Background())
	w := &Proposals{service: p, log: log, ctx: ctx, cancel: cancel, done: map[uuid.UUID][2]int{}}
	left, err := p.st.Read(ctx).AutoPlansIn(ProposalPlanning, ProposalAccepting)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("take up proposals: %w", err)
	}
	for _, row := range left {
		w.start(office.Actor{ID: row.ActorID, Name: "resumed"}, row)
	}
	return w, nil
}

// Close stops the work. The next NewProposals continues unfinished work.
func (w *Proposals) Close() {
	w.cancel()
	w.wait.Wait()
}

// Propose starts to plan, see [Service.Propose].
func (w *Proposals) Propose(ctx context.Context, by office.Actor, pilot uuid.UUID, r PlanRequest) (uuid.UUID, error) {
	row, err := w.service.begin(ctx, by, pilot, r)
	if err != nil {
		return uuid.Nil, err
	}
	w.start(by, row)
	return row.ID, nil
}

// Accept starts to make classes real, see [Service.Accept].
func (w *Proposals) Accept(ctx context.Context, by office.Actor, plan uuid.UUID, seqs []int) error {
	row, err := w.service.markWanted(ctx, by, plan, seqs)
	if err != nil {
		return err
	}
	w.start(by, row)
	return nil
}

// Proposal is a proposal as a page shows it.
type Proposal struct {
	models.AutoPlan
	Asked       PlanRequest
	Costs       PlanSummary
	Done, Total int // while something is under way
	Count       map[models.ProposalState]int
}

// Running says that the proposal is being made or accepted.
func (p Proposal) Running() bool { return p.State == ProposalPlanning || p.State == ProposalAccepting }

// Proposal tells how far a proposal is.
func (w *Proposals) Proposal(ctx context.Context, id uuid.UUID) (Proposal, error) {
	db := w.service.st.Read(ctx)
	row, err := db.AutoPlan(id)
	if err != nil {
		return Proposal{}, err
	}
	out := Proposal{AutoPlan: row}
	if err := errors.Join(json.Unmarshal([]byte(row.Request), &out.Asked), json.Unmarshal([]byte(row.Summary), &out.Costs)); err != nil {
		return out, fmt.Errorf("proposal %s: %w", id, err)
	}
	out.Count, err = db.CountProposed(id)
	w.mu.Lock()
	defer w.mu.Unlock()
	out.Done, out.Total = w.done[id][0], w.done[id][1]
	return out, err
}

func (w *Proposals) start(by office.Actor, row models.AutoPlan) {
	w.wait.Go(func() {
		err := w.work(by, row)
		if err != nil && !errors.Is(err, context.Canceled) {
			w.log.Error("proposal", "id", row.ID, "state", row.State, "error", err)
			w.fail(row, err)
		}
		w.mu.Lock()
		delete(w.done, row.ID)
		w.mu.Unlock()
	})
}

func (w *Proposals) work(by office.Actor, row models.AutoPlan) error {
	progress := func(done, total int) {
		w.mu.Lock()
		w.done[row.ID] = [2]int{done, total}
		w.mu.Unlock()
	}
	if row.State == ProposalAccepting {
		return w.service.accept(w.ctx, by, row, progress)
	}
	_, err := w.service.propose(w.ctx, row, progress)
	return err
}

// fail ends a proposal that cannot be made. A proposal whose acceptance stopped stays as
// it is: the next start continues it.
func (w *Proposals) fail(row models.AutoPlan, cause error) {
	if row.State != ProposalPlanning {
		return
	}
	failure := office.Problem{Key: "autoplan.failed"} // the log says more
	if r, ok := office.RefusalOf(cause); ok {
		failure = r.Problem()
	}
	summary, err := json.Marshal(PlanSummary{Failure: &failure})
	if err == nil {
		row.State, row.Summary = ProposalFailed, string(summary)
		err = w.service.st.Write(w.ctx, func(tx *store.Tx) error { return tx.SaveAutoPlan(row) })
	}
	if err != nil {
		w.log.Error("end a proposal", "id", row.ID, "error", err)
	}
}
