package e2e

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/ledger"
	server "buktihadir/server/store"
)

// The office's disk dies, and yesterday's backup takes its place.
//
//survives:power The server is restored from yesterday's backup | Site computers send again what the backup lacks, including what it had countersigned
func TestAnOfficeRestoredFromABackupGetsBackWhatItsAgentsHave(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	p := l.enrol("meja")
	p.happens(3, nil)
	p.sync()
	backup := filepath.Join(t.TempDir(), "backup")
	p.ok(os.CopyFS(backup, os.DirFS(l.dir)))
	p.happens(4, nil)
	p.sync() // the agent holds receipts for what the backup has never seen
	p.movesTo(backup, "disk mati")
	before, err := p.st.Cursor(t.Context())
	p.ok(err)
	p.sync()
	p.sameAsServer()
	after, err := p.st.Cursor(t.Context())
	p.ok(err)
	if string(after.Scope) == string(before.Scope) || after.Count != before.Count {
		t.Errorf("the roster's cursor did not start over: %x of %d, before %x of %d", after.Scope, after.Count, before.Scope, before.Count)
	}
	p.happens(1, nil)
	p.sync()
	p.sameAsServer()
}

// movesTo puts another state of the office's database in the place of the present
// one, and says why where there is a reason.
func (p *post) movesTo(dir, reason string) {
	p.t.Helper()
	p.door.Close()
	p.ok(p.office.Close())
	var err error
	p.office, err = server.Open(p.t.Context(), server.Config{Dir: dir})
	p.ok(err)
	opened := p.office
	p.t.Cleanup(func() { _ = opened.Close() })
	if reason != "" {
		p.ok(p.office.Write(p.t.Context(), func(tx *server.Tx) error { return tx.Restored("Kantor", reason) }))
	}
	p.opens()
	id, err := p.st.Identity(p.t.Context())
	p.ok(err)
	id.ServerURL = p.door.URL
	p.ok(p.st.SaveIdentity(p.t.Context(), id))
}

//survives:hand The server is restored from a backup: its log continues in another way than site computers have seen | Where the restore is declared and signed, each site computer and the public page show a notice; where it isn't, or is taken back, the alarm is raised
func TestARestoreIsNoAlarmWhereTheOfficeHasSaidItAndOneWhereNot(t *testing.T) {
	t.Parallel()
	for _, said := range []bool{true, false} {
		p := newLine(t).enrol("meja")
		p.happens(3, nil)
		p.later()
		backup := filepath.Join(t.TempDir(), "backup")
		p.ok(os.CopyFS(backup, os.DirFS(p.line.dir)))
		p.happens(4, nil)
		p.later()
		p.officeSays() // missing in the backup, and not sent again by anybody
		p.later()
		if size, rival := p.witnessed(); size != 8 || rival {
			t.Fatalf("the agent has seen %d records (another history: %v), want 8", size, rival)
		}
		reason := ""
		if said {
			reason = "disk mati"
		}
		p.movesTo(backup, reason)
		p.later()
		p.later() // the restore is news at the first call, and the older head is asked about at the next
		w, err := p.st.Witness(t.Context())
		p.ok(err)
		size, rival := p.witnessed()
		if !said {
			if !rival || w.LostAt != 0 {
				t.Errorf("the office was put back without a word: alarm %v, notice %d", rival, w.LostAt)
			}
			continue
		}
		if rival || size != 7 || w.LostAt == 0 || w.LostBy != "Kantor: "+reason {
			t.Errorf("the office has said why: alarm %v, seen %d, notice %d %q", rival, size, w.LostAt, w.LostBy)
		}
		stands, err := p.office.Read(t.Context()).Restores()
		if err != nil || len(stands) != 1 || stands[0].Reason != reason || stands[0].Size != 3 {
			t.Errorf("the office keeps %+v, %v", stands, err)
		}
		p.happens(1, nil)
		p.later()
		if size, rival := p.witnessed(); size != 8 || rival {
			t.Errorf("after the next scan: seen %d, alarm %v", size, rival)
		}
		p.wire.set(rewrite(exchange.PathEvents, func(m *exchange.PushAnswer) { m.Restores = nil }))
		p.later()
		if _, rival := p.witnessed(); !rival {
			t.Error("the office has taken back its word, and nobody says so")
		}
	}
}

// A restore does not excuse a difference from what the desk saw before the backup.
func TestARestoreExcusesNoRewritingOfWhatIsOlder(t *testing.T) {
	t.Parallel()
	p := newLine(t).enrol("meja")
	p.happens(3, nil)
	p.later()
	p.happens(2, nil)
	p.later()
	var signer note.Signer
	p.ok(p.office.Write(t.Context(), func(tx *server.Tx) (err error) { signer, _, err = tx.NoteKey(); return err }))
	lie, err := ledger.Restore{At: 1, Size: 4, Root: ledger.Hash{1}, Reason: "katanya"}.Sign(signer)
	p.ok(err)
	forged, err := ledger.Checkpoint{Size: 9, Root: ledger.Hash{1}}.Sign(signer)
	p.ok(err)
	p.wire.set(rewrite(exchange.PathEvents, func(m *exchange.PushAnswer) {
		if m.Checkpoint != nil {
			m.Checkpoint, m.History, m.Restores = forged, []models.Hash{{1}, {2}}, [][]byte{lie}
		}
	}))
	p.later()
	p.later()
	if size, rival := p.witnessed(); size != 3 || !rival {
		t.Errorf("seen %d, another history noticed: %v; want 3 and true", size, rival)
	}
}

// officeSays adds to the record what no agent has.
func (p *post) officeSays() {
	p.t.Helper()
	p.ok(p.office.Write(p.t.Context(), func(tx *server.Tx) error {
		sessions, err := tx.SessionsBetween(0, 1<<60)
		if err != nil || len(sessions) == 0 {
			return errors.Join(err, errors.New("no session"))
		}
		people, err := tx.EnrollmentsOf(sessions[0].ClassID)
		if err != nil || len(people) == 0 {
			return errors.Join(err, errors.New("nobody"))
		}
		return tx.Correct(models.Correction{SessionID: sessions[0].ID, EnrollmentID: people[0].ID, Status: models.StatusSick, Reason: "surat"})
	}))
}
