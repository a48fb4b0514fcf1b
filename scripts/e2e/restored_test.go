package e2e

import (
	"os"
	"path/filepath"
	"testing"

	server "buktihadir/server/store"
)

// The office's disk dies, and yesterday's backup takes its place.
//
//survives:power The office is restored from yesterday's backup | Its desks send again what the backup lacks, also what it had countersigned
func TestAnOfficeRestoredFromABackupGetsBackWhatItsAgentsHave(t *testing.T) {
	l := newLine(t, "")
	p := l.enrol("meja")
	p.happens(3, nil)
	p.sync()
	backup := filepath.Join(t.TempDir(), "backup")
	p.ok(os.CopyFS(backup, os.DirFS(l.dir)))
	p.happens(4, nil)
	p.sync() // the agent holds receipts for what the backup has never seen
	l.door.Close()
	p.ok(l.office.Close())
	var err error
	l.office, err = server.Open(t.Context(), server.Config{Dir: backup})
	p.ok(err)
	t.Cleanup(func() { _ = l.office.Close() })
	p.ok(l.office.Write(t.Context(), (*server.Tx).Restored))
	l.opens()
	id, err := p.st.Identity(t.Context())
	p.ok(err)
	id.ServerURL = l.door.URL
	p.ok(p.st.SaveIdentity(t.Context(), id))
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
