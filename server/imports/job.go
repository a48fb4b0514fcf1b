package imports

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
	"buktihadir/server/plan"
	"buktihadir/server/store"
)

// JobState is how far an uploaded file is.
type JobState string

// The states of a job. Checking and applying go on by themselves, also after a
// restart.
const (
	JobChecking JobState = "checking"
	JobReady    JobState = "ready"   // may be applied
	JobRefused  JobState = "refused" // has errors; nothing was imported
	JobApplying JobState = "applying"
	JobDone     JobState = "done"
)

// Job is an uploaded file as a page shows it.
type Job struct {
	ID       uuid.UUID
	Kind     Kind
	FileName string
	State    JobState
	Done     int // rows, while checking or applying
	Report   Report
	Author   *uuid.UUID
	Created  models.Millis
}

// Jobs imports uploaded files in the background: check, wait for a person's consent,
// apply. The files are in the database, so a restart does not lose them.
type Jobs struct {
	service *Service
	log     *slog.Logger
	wait    sync.WaitGroup
	ctx     context.Context //nolint:containedctx // ends the work when the server stops
	cancel  context.CancelFunc

	mu   sync.Mutex
	done map[uuid.UUID]int
}

// NewJobs makes the background importer, and takes up what a restart left.
func NewJobs(p *Service, log *slog.Logger) (*Jobs, error) {
	ctx, cancel := context.WithCancel(context.Background())
	j := &Jobs{service: p, log: log, ctx: ctx, cancel: cancel, done: map[uuid.UUID]int{}}
	left, err := p.st.Read(ctx).ImportJobsIn(string(JobChecking), string(JobApplying))
	if err != nil {
		cancel()
		return nil, fmt.Errorf("take up imports: %w", err)
	}
	for _, row := range left {
		by, err := j.resumed(row)
		if err != nil {
			cancel()
			return nil, fmt.Errorf("take up imports: %w", err)
		}
		j.start(by, row)
	}
	return j, nil
}

// resumed is who a file is from, with no more rights than they have.
func (j *Jobs) resumed(row models.ImportJob) (office.Actor, error) {
	by := office.Actor{ID: row.AuthorID, Name: "resumed"}
	if row.AuthorID == nil {
		return by, nil
	}
	u, err := j.service.st.Read(j.ctx).User(*row.AuthorID)
	if err == nil && u.Role == models.RoleCoordinator {
		none := uuid.Nil
		by.Provider = &none
		if u.ProviderID != nil {
			by.Provider = u.ProviderID
		}
	}
	return by, err
}

// Close stops the work. The next NewJobs starts unfinished work again.
func (j *Jobs) Close() {
	j.cancel()
	j.wait.Wait()
}

// Upload accepts a file and starts to check it. A file that is not a table is refused at
// once.
func (j *Jobs) Upload(ctx context.Context, by office.Actor, f File) (uuid.UUID, error) {
	if _, err := readSheet(f.Name, f.Content, columnsOf(f.Kind)); err != nil {
		return uuid.Nil, err
	}
	if f.Pilot == nil && f.Kind != KindSites {
		return uuid.Nil, office.Refuse("import.pilot_needed")
	}
	id, err := store.NewID()
	if err != nil {
		return id, err
	}
	row := models.ImportJob{
		ID: id, Kind: string(f.Kind), FileName: f.Name, Content: f.Content, PilotID: f.Pilot, State: string(JobChecking), Report: "{}", AuthorID: by.ID,
	}
	if err := j.service.st.Write(ctx, func(tx *store.Tx) error { return tx.SaveImportJob(row) }); err != nil {
		return id, err
	}
	j.start(by, row)
	return id, nil
}

// Apply starts to import a file that was found good.
func (j *Jobs) Apply(ctx context.Context, by office.Actor, id uuid.UUID) error {
	var row models.ImportJob
	err := j.service.st.Write(ctx, func(tx *store.Tx) (err error) {
		if row, err = tx.ImportJob(id); err != nil {
			return err
		}
		if row.State != string(JobReady) {
			return office.Refuse("import.not_ready")
		}
		row.State = string(JobApplying)
		return tx.SaveImportJob(row)
	})
	if err != nil {
		return err
	}
	j.start(by, row)
	return nil
}

// Job tells how far a file is.
func (j *Jobs) Job(ctx context.Context, id uuid.UUID) (Job, error) {
	row, err := j.service.st.Read(ctx).ImportJob(id)
	if err != nil {
		return Job{}, err
	}
	out := Job{ID: row.ID, Kind: Kind(row.Kind), FileName: row.FileName, State: JobState(row.State), Author: row.AuthorID, Created: row.CreatedAt}
	if err := json.Unmarshal([]byte(row.Report), &out.Report); err != nil {
		return out, fmt.Errorf("report of import %s: %w", id, err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	out.Done = j.done[id]
	if out.Report.Rows == 0 {
		out.Report.Rows = row.Total
	}
	return out, nil
}

func (j *Jobs) start(by office.Actor, row models.ImportJob) {
	j.wait.Go(func() {
		if err := j.work(by, row); err != nil && !errors.Is(err, context.Canceled) {
			j.log.Error("import", "job", row.ID, "error", err)
		}
	})
}

func (j *Jobs) work(by office.Actor, row models.ImportJob) error {
	mode := plan.Apply
	if row.State == string(JobChecking) {
		mode = plan.Check
	}
	f := File{Kind: Kind(row.Kind), Name: row.FileName, Content: row.Content, Pilot: row.PilotID}
	if mode == plan.Apply { // that person had seen the warnings of the check
		var seen Report
		if err := json.Unmarshal([]byte(row.Report), &seen); err != nil {
			return fmt.Errorf("report of import %s: %w", row.ID, err)
		}
		agreed := seen.Agreement()
		f.Agreed = &agreed
	}
	rep, err := j.service.Import(j.ctx, by, f, mode, func(done, _ int) {
		j.mu.Lock()
		j.done[row.ID] = done
		j.mu.Unlock()
	})
	problems, err := office.ProblemsOf(err)
	rep.Problems = append(rep.Problems, problems...)
	switch {
	case len(problems) > 0, errors.Is(err, ErrRows):
		row.State = string(JobRefused)
	case errors.Is(err, plan.ErrWarned):
		row.State, rep.Unseen = string(JobReady), true
	case err != nil:
		return err // stays as it is, and is taken up by the next start
	case mode == plan.Check:
		row.State = string(JobReady)
	default:
		row.State = string(JobDone)
	}
	text, err := json.Marshal(rep)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	row.Report, row.Total, row.Done = string(text), rep.Rows, rep.Rows
	return j.service.st.Write(j.ctx, func(tx *store.Tx) error { return tx.SaveImportJob(row) })
}
