package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/store"
)

const now = models.Millis(1782090000000)

func open(t *testing.T, dir string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() }) // a test may have closed it
	return st
}

func filled(t *testing.T, people int) (*store.Store, *sample.Site, string) {
	t.Helper()
	dir := t.TempDir()
	st := open(t, dir)
	site, err := sample.New(people, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := site.Fill(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	return st, site, dir
}

// raw opens the file as somebody would who goes around the program.
func raw(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "agent.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // nothing of it is kept
	return db
}

// appendOne continues the journal by a refusal.
func appendOne(t *testing.T, st *store.Store) {
	t.Helper()
	head, err := st.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e := journal.Event{
		Format: journal.Format, Agent: head.Agent, Epoch: head.Epoch, Seq: head.Seq + 1, Prev: head.Hash,
		Occurred: now, Wall: now, Kind: models.EventRefused, Verdict: models.VerdictMalformed, Method: models.MethodTerminal,
	}
	canonical, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	b, err := st.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Rollback()
	if _, err := b.Append(e, canonical, uuid.New()); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestNoNameAndNoKeyLiesOpenOnTheDisk(t *testing.T) {
	st, site, dir := filled(t, 50)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "agent.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range site.People {
			for _, secret := range []string{p.Body.Name, p.Body.Number} {
				if bytes.Contains(content, []byte(secret)) {
					t.Errorf("%s holds %q", filepath.Base(file), secret)
				}
			}
		}
	}
	info, err := os.Stat(filepath.Join(dir, "agent.key"))
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("agent.key: %v, %v", info.Mode(), err)
	}
}

func TestTheRosterOpensWithItsOwnKeyOnly(t *testing.T) {
	st, _, dir := filled(t, 3)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "agent.key"), []byte(strings.Repeat("ab", 32)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, dir).Identity(t.Context()); !errors.Is(err, store.ErrSealed) {
		t.Errorf("with another key: %v, want ErrSealed", err)
	}
}

func TestTheJournalOnlyGrows(t *testing.T) {
	st, _, dir := filled(t, 1)
	appendOne(t, st)
	appendOne(t, st)
	db := raw(t, dir)
	for _, text := range []string{`DELETE FROM journal`, `UPDATE journal SET bytes = x'00'`, `DELETE FROM journal WHERE seq = 2`} {
		if _, err := db.ExecContext(t.Context(), text); err == nil {
			t.Errorf("%s was let through", text)
		}
	}
	if heads, err := st.Verify(t.Context()); err != nil || len(heads) != 1 {
		t.Errorf("verify: %v, %v", heads, err)
	}
}

func TestAnEditBehindTheTriggersIsSeen(t *testing.T) {
	for _, c := range []struct{ name, edit string }{
		{"a changed event", `UPDATE journal SET bytes = replace(bytes, x'6d616c', x'6d616d') WHERE seq = 2`},
		{"a missing event", `DELETE FROM journal WHERE seq = 2`},
		{"a swapped number", `UPDATE journal SET seq = 9 WHERE seq = 3`},
	} {
		t.Run(c.name, func(t *testing.T) {
			st, _, dir := filled(t, 1)
			for range 3 {
				appendOne(t, st)
			}
			db := raw(t, dir)
			for _, text := range []string{`DROP TRIGGER journal_never_changes`, `DROP TRIGGER journal_never_shrinks`, c.edit} {
				if _, err := db.ExecContext(t.Context(), text); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := st.Verify(t.Context()); err == nil {
				t.Error("the edit was not seen")
			}
		})
	}
}

func TestDataOfANewerProgramIsRefused(t *testing.T) {
	st, _, dir := filled(t, 1)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := raw(t, dir).ExecContext(t.Context(), `INSERT INTO migrations VALUES ('9999_from_the_future')`); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), dir); !errors.Is(err, store.ErrNewer) {
		t.Errorf("%v, want ErrNewer", err)
	}
}

func TestAFolderBelongsToOneAgent(t *testing.T) {
	st, _, _ := filled(t, 1)
	id, err := st.Identity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id.Token = "another"
	if err := st.SaveIdentity(t.Context(), id); err != nil {
		t.Errorf("a new token for the same agent: %v", err)
	}
	id.Agent = uuid.New()
	if err := st.SaveIdentity(t.Context(), id); !errors.Is(err, store.ErrEnrolled) {
		t.Errorf("another agent: %v, want ErrEnrolled", err)
	}
}

func TestWhatTheServerLacksOfAPastGoesOnInANewEpochOnce(t *testing.T) {
	st, _, _ := filled(t, 1)
	id, err := st.Identity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		appendOne(t, st)
	}
	next, last := models.Epoch{2}, models.Epoch{3}
	for _, step := range []struct {
		common        uint64
		fresh         models.Epoch
		events, until uint64
	}{
		{2, next, 1, 2},
		{1, last, 2, 1}, // the second event of the first epoch, and what the second has not told
	} {
		if _, err := st.OpenEpoch(t.Context(), id.Epoch, step.common, step.fresh, now); err != nil {
			t.Fatal(err)
		}
		head, err1 := st.Head(t.Context())
		ended, err2 := st.Ended(t.Context())
		if err1 != nil || err2 != nil || head.Epoch != step.fresh || head.Seq != step.events || ended[0].Until != step.until || ended[0].Hash.IsZero() {
			t.Errorf("after %d: head %+v, ended %+v, %v, %v", step.common, head, ended, err1, err2)
		}
	}
	if _, err := st.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnOlderReceiptNeverReplacesANewerOne(t *testing.T) {
	st, _, _ := filled(t, 1)
	head, err := st.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, seq := range []uint64{7, 3} {
		head.Seq = seq
		if err := st.SaveReceipt(t.Context(), []byte("note"), journal.Receipt{Head: head, At: now}); err != nil {
			t.Fatal(err)
		}
	}
	if acked, err := st.Acked(t.Context()); err != nil || acked.Seq != 7 {
		t.Errorf("acknowledged up to %d, %v, want 7", acked.Seq, err)
	}
}

func TestARosterThatIsNotTheServersIsFetchedAnew(t *testing.T) {
	st, site, _ := filled(t, 5)
	page, err := site.Page(2)
	if err != nil {
		t.Fatal(err)
	}
	page.Items = page.Items[:len(page.Items)-1] // one got lost on the way
	if err := st.ApplyPage(t.Context(), page, now); !errors.Is(err, store.ErrDigest) {
		t.Fatalf("%v, want ErrDigest", err)
	}
	cursor, err := st.Cursor(t.Context())
	if err != nil || cursor.Since != 0 || cursor.Alarm == "" {
		t.Errorf("cursor %+v, %v: want it at the start, with an alarm", cursor, err)
	}
	b, err := st.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Rollback()
	items, err := b.Roster()
	if err != nil || len(items) != len(page.Items)+1 {
		t.Errorf("meanwhile the desk works with %d items, %v, want the old %d", len(items), err, len(page.Items)+1)
	}
}
