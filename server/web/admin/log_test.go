package admin_test

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/server/web/webtest"
)

func TestTheRecordsHeadIsPublicUntilTheRecordWasChanged(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	guest := o.As(t, "")
	err := o.Pages.Store.Write(t.Context(), func(tx *store.Tx) error {
		return tx.Correct(models.Correction{SessionID: o.Sessions[1].ID, EnrollmentID: o.OwnPlace.ID, Status: models.StatusSick, Reason: "surat", AuthorID: uuid.New()})
	})
	if err != nil {
		t.Fatal(err)
	}
	head, err := o.Pages.Store.SignedHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	page, note := guest.Get("/log?lang=en"), guest.Get("/log/head")
	if page.Status != http.StatusOK || !strings.Contains(page.Body, head.Verifier[:11]) || !strings.Contains(page.Body, "fingerprint") {
		t.Errorf("the page: %d\n%s", page.Status, page.Body)
	}
	if note.Status != http.StatusOK || note.Body != string(head.Note) {
		t.Errorf("the note: %d %q, want %q", note.Status, note.Body, head.Note)
	}
	err = o.Pages.Store.Write(t.Context(), func(tx *store.Tx) error {
		c := models.Correction{SessionID: o.Sessions[1].ID, EnrollmentID: o.OwnPlace.ID, Status: models.StatusPresent, Reason: "surat", AuthorID: uuid.New()}
		return tx.Correct(c)
	})
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(o.Dir, "server.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	// Who owns the database can take its guards off.
	if _, err := db.ExecContext(t.Context(), "DROP TRIGGER corrections_never_change; UPDATE corrections SET reason = 'lain'"); err != nil {
		t.Fatal(err)
	}
	page, note = guest.Get("/log?lang=en"), guest.Get("/log/head")
	if !strings.Contains(page.Body, "A correction was changed") || note.Status != http.StatusConflict {
		t.Errorf("after a change: %d, and the note %d\n%s", page.Status, note.Status, page.Body)
	}
	if strings.Contains(page.Body, o.OwnPlace.ID.String()) {
		t.Error("the public page names a place")
	}
}
