package review

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/document"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Printer draws papers, and knows where their proofs are shown.
type Printer struct {
	document.Renderer
	Proof func(uuid.UUID) string
}

// Reissue issues the outdated documents of a closed class again, and returns their
// number.
func Reissue(ctx context.Context, st *store.Store, by models.User, printer Printer, class uuid.UUID) (n int, err error) {
	return n, st.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.LockClass(class)
		if err != nil {
			return err
		}
		if c.ClosedAt == 0 {
			return office.Refuse("documents.class_open", "Class", c.Code)
		}
		if n, err = issue(tx, by, printer, class); err == nil && n == 0 {
			return office.Refuse("documents.all_current")
		}
		return err
	})
}

// classDocument is one paper that a class has: its attendance sheet, its report, or the sheet
// of the session with this number in its dossier.
type classDocument struct {
	kind     models.DocumentKind
	entity   string
	entityID uuid.UUID
	session  int
}

func documentsOf(d document.Dossier, class uuid.UUID) []classDocument {
	all := []classDocument{{models.DocumentReport, models.OfClass, class, -1}, {models.DocumentSheet, models.OfClass, class, -1}}
	for n, s := range d.Sessions {
		if !s.Cancelled {
			all = append(all, classDocument{models.DocumentSheet, models.OfSession, s.ID, n})
		}
	}
	return all
}

func (w classDocument) draw(r document.Renderer, d document.Dossier, stamp document.Stamp) ([]byte, error) {
	switch {
	case w.kind == models.DocumentReport:
		return r.Report(d, stamp)
	case w.entity == models.OfClass:
		return r.Class(d, stamp)
	}
	return r.Session(d, w.session, stamp)
}

// name is the file's name, of letters that every system takes.
func (w classDocument) name(r document.Renderer, d document.Dossier, version int) string {
	name := r.Texts.T(r.Lang, "documents.file_"+string(w.kind)) + "-" + d.Code
	if w.session >= 0 {
		name += fmt.Sprintf("-%s-%d", r.Texts.T(r.Lang, "documents.file_session"), d.Sessions[w.session].Seq)
	}
	if version > 0 {
		name += fmt.Sprintf("-v%d", version)
	} else {
		name += "-" + r.Texts.T(r.Lang, "documents.file_draft")
	}
	plain := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '-'
	}
	return strings.Map(plain, name) + ".pdf"
}

// issue draws and keeps what was never issued or is outdated. The class is locked.
func issue(tx *store.Tx, by models.User, printer Printer, class uuid.UUID) (n int, err error) {
	f, err := fileOf(tx.Queries, class, tx.Now())
	if err != nil {
		return 0, err
	}
	before, err := tx.IssuedOf(class)
	if err != nil {
		return 0, err
	}
	revision, err := tx.Revision()
	if err != nil {
		return 0, err
	}
	for _, w := range documentsOf(f.Dossier, class) {
		var last *store.Issued
		for i := range before {
			if b := &before[i]; b.Newest && b.Kind == w.kind && b.EntityID == w.entityID {
				last = b
			}
		}
		if last != nil && !last.Outdated {
			continue
		}
		d := models.Document{ID: uuid.New(), Entity: w.entity, EntityID: w.entityID, Kind: w.kind, Version: 1, MediaType: "application/pdf", AuthorID: &by.ID,
			ClassID: &class, Author: by.Name, AuthorRole: by.Role, Revision: revision}
		stamp := document.Stamp{At: tx.Now(), By: by.Name, Proof: printer.Proof(d.ID)}
		if last != nil {
			d.Version = last.Version + 1
			stamp.Last = &document.Stamp{Version: last.Version, At: last.CreatedAt}
		}
		stamp.Version, d.FileName = d.Version, w.name(printer.Renderer, f.Dossier, d.Version)
		shown, err := f.since(tx.Queries, class, last)
		if err != nil {
			return n, err
		}
		if d.Content, err = w.draw(printer.Renderer, shown, stamp); err != nil {
			return n, err
		}
		d.SHA256 = sha256.Sum256(d.Content)
		if err := tx.Issue(d); err != nil {
			return n, err
		}
		err = office.User(by).Record(tx, office.Done{Action: issueAction, Entity: "class", ID: class.String(), Detail: d.FileName + " " + d.SHA256.String()})
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Draft draws a document of an open class as it would be now; session is the session of a
// session's sheet. It returns store.ErrNotFound for a document that the class does not
// have or that is issued already.
func Draft(q store.Queries, r document.Renderer, class uuid.UUID, kind models.DocumentKind, session uuid.UUID,
	now models.Millis) (name string, content []byte, err error) {
	d, err := DossierOf(q, class, now)
	if err != nil {
		return "", nil, err
	}
	id := class
	if session != uuid.Nil {
		id = session
	}
	for _, w := range documentsOf(d, class) {
		if w.kind == kind && w.entityID == id && d.ClosedAt == 0 {
			content, err = w.draw(r, d, document.Stamp{At: now})
			return w.name(r, d, 0), content, err
		}
	}
	return "", nil, store.ErrNotFound
}
