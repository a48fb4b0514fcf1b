package web_test

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

func TestTheRecordsHeadIsPublicUntilTheRecordWasChanged(t *testing.T) {
	o := newOffice(t)
	guest := o.as(t, "")
	err := o.pages.Store.Write(t.Context(), func(tx *store.Tx) error {
		return tx.Correct(models.Correction{SessionID: o.sessions[1].ID, EnrollmentID: o.ownPlace.ID, Status: models.StatusSick, Reason: "surat", AuthorID: uuid.New()})
	})
	if err != nil {
		t.Fatal(err)
	}
	head, err := o.pages.Store.SignedHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	page, note := guest.get("/log?lang=en"), guest.get("/log/head")
	if page.status != http.StatusOK || !strings.Contains(page.body, head.Verifier[:11]) || !strings.Contains(page.body, "fingerprint") {
		t.Errorf("the page: %d\n%s", page.status, page.body)
	}
	if note.status != http.StatusOK || note.body != string(head.Note) {
		t.Errorf("the note: %d %q, want %q", note.status, note.body, head.Note)
	}
	err = o.pages.Store.Write(t.Context(), func(tx *store.Tx) error {
		c := models.Correction{SessionID: o.sessions[1].ID, EnrollmentID: o.ownPlace.ID, Status: models.StatusPresent, Reason: "surat", AuthorID: uuid.New()}
		return tx.Correct(c)
	})
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(o.dir, "server.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	// Who owns the database can take its guards off.
	if _, err := db.ExecContext(t.Context(), "DROP TRIGGER corrections_never_change; UPDATE corrections SET reason = 'lain'"); err != nil {
		t.Fatal(err)
	}
	page, note = guest.get("/log?lang=en"), guest.get("/log/head")
	if !strings.Contains(page.body, "A correction was changed") || note.status != http.StatusConflict {
		t.Errorf("after a change: %d, and the note %d\n%s", page.status, note.status, page.body)
	}
	if strings.Contains(page.body, o.ownPlace.ID.String()) {
		t.Error("the public page names a place")
	}
}
