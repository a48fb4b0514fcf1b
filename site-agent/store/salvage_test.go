package store_test

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/store"
)

const noon = models.Millis(1_782_090_000_000)

// journaled is an agent's data with a roster of 200 and a journal of n events.
func journaled(t *testing.T, n int) (dir string, epoch models.Epoch) {
	t.Helper()
	dir = t.TempDir()
	st := opened(t, dir)
	site, err := sample.New(200, noon)
	check(t, err)
	check(t, site.Fill(t.Context(), st))
	head, err := st.Head(t.Context())
	check(t, err)
	for range n {
		b, err := st.Begin(t.Context())
		check(t, err)
		e := journal.Event{Format: journal.Format, Agent: head.Agent, Epoch: head.Epoch, Seq: head.Seq + 1, Prev: head.Hash, Kind: models.EventIn,
			Verdict: models.VerdictAcceptedIn, Occurred: noon, Wall: noon, Enrollment: uuid.New(), Reason: "alasan yang cukup panjang untuk mengisi halaman"}
		canonical, err := e.Bytes()
		check(t, err)
		_, err = b.Append(e, canonical, uuid.New())
		check(t, err)
		check(t, b.Commit())
		head, err = head.Follow(e, canonical)
		check(t, err)
	}
	check(t, st.Close())
	return dir, head.Epoch
}

func opened(t *testing.T, dir string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), dir)
	check(t, err)
	t.Cleanup(func() { _ = st.Close() }) // a test may have closed it
	return st
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// offsetOf is where an event's bytes lie in the file.
func offsetOf(t *testing.T, dir string, seq int) int {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "agent.db"))
	check(t, err)
	var raw []byte
	check(t, db.QueryRow(`SELECT bytes FROM journal WHERE seq = ?`, seq).Scan(&raw))
	check(t, db.Close())
	file, err := os.ReadFile(filepath.Join(dir, "agent.db"))
	check(t, err)
	at := bytes.Index(file, raw)
	if at < 0 {
		t.Fatal("the event is not in the file")
	}
	return at
}

func TestWhatVerifiesIsSavedFromADamagedFile(t *testing.T) {
	const events = 400
	overwrite := func(t *testing.T, dir string, at, n int) {
		f, err := os.OpenFile(filepath.Join(dir, "agent.db"), os.O_WRONLY, 0)
		check(t, err)
		_, err = f.WriteAt(bytes.Repeat([]byte{0xa5}, n), int64(at))
		check(t, err)
		check(t, f.Close())
	}
	for _, x := range []struct {
		name   string
		damage func(*testing.T, string)
		least  int  // events that have to be saved
		whole  bool // nothing is lost
	}{
		{"nothing is wrong", func(*testing.T, string) {}, events, true},
		{"one bit of an event", func(t *testing.T, dir string) { overwrite(t, dir, offsetOf(t, dir, 300)+20, 1) }, 299, false},
		{"a page in the middle", func(t *testing.T, dir string) { overwrite(t, dir, offsetOf(t, dir, 300)&^4095, 4096) }, 280, false},
		{"the end of the file", func(t *testing.T, dir string) {
			check(t, os.Truncate(filepath.Join(dir, "agent.db"), int64(offsetOf(t, dir, 300)&^4095)))
		}, 0, false},
		{"rubbish where the log was", func(t *testing.T, dir string) {
			check(t, os.WriteFile(filepath.Join(dir, "agent.db-wal"), bytes.Repeat([]byte{7}, 9000), 0o600))
		}, events, true},
	} {
		t.Run(x.name, func(t *testing.T) {
			dir, old := journaled(t, events)
			x.damage(t, dir)
			before, err := os.ReadFile(filepath.Join(dir, "agent.db"))
			check(t, err)
			got, err := store.Salvage(t.Context(), dir, noon)
			if err != nil {
				if x.least > 0 || !store.Damaged(err) {
					t.Fatal(err)
				}
				return // the page that says who this agent is was cut off: said so, and kept
			}
			if got.Events < x.least || got.Events > events || (got.Events == events) != x.whole {
				t.Errorf("saved %d of %d, want at least %d", got.Events, events, x.least)
			}
			kept, err := os.ReadFile(filepath.Join(got.Kept, "agent.db"))
			if err != nil || !bytes.Equal(kept, before) {
				t.Errorf("the damaged file was not kept as it was: %v", err)
			}
			st := opened(t, dir)
			heads, err := st.Verify(t.Context())
			if err != nil || int(heads[old].Seq) != got.Events {
				t.Errorf("the saved journal goes to %d, %v", heads[old].Seq, err)
			}
			id, err := st.Identity(t.Context())
			if err != nil || id.Epoch == old {
				t.Errorf("the journal goes on in epoch %s, %v; want a new one", id.Epoch, err)
			}
			if c, err := st.Cursor(t.Context()); err != nil || (c.Count > 0) != got.Roster {
				t.Errorf("a roster of %d, whole %v, %v", c.Count, got.Roster, err)
			}
		})
	}
}

func TestADamagedFileIsKnownAsOne(t *testing.T) {
	dir, _ := journaled(t, 50)
	check(t, os.WriteFile(filepath.Join(dir, "agent.db"), bytes.Repeat([]byte("bukan basis data "), 1000), 0o600))
	if st, err := store.Open(t.Context(), dir); !store.Damaged(err) {
		t.Errorf("opening gave %v", err)
		_ = st.Close()
	}
}
