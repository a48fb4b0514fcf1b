package store

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/ledger"
)

// The papers that a class closes with. They are never changed: what changes after
// they were issued makes them outdated, and the next version says so.

// NextVersion is the version that the next document of an entity's kind gets.
func (q Queries) NextVersion(entity string, id uuid.UUID, kind models.DocumentKind) (int, error) {
	last, err := q.lastVersion(models.Document{Entity: entity, EntityID: id, Kind: kind})
	return last + 1, err
}

// Revision is the number of the last change of attendance, see Changes.
func (q Queries) Revision() (int64, error) {
	head, err := one[models.ChangeHead](q.db, "id = 1")
	return head.Revision, err
}

// Issue keeps a paper, which says its own version, and gives it its place in the log.
// The caller has locked the class.
func (t *Tx) Issue(d models.Document) error {
	d.CreatedAt = t.now
	if err := t.db.Create(&d).Error; err != nil {
		return translate(err)
	}
	t.logDocument(d)
	return nil
}

// Issued is a paper of a class, without its content.
type Issued struct {
	models.Document
	Pos      int64 // in the log
	Newest   bool
	Outdated bool // the newest, and attendance that it shows has changed since
}

// IssuedOf lists the papers of a class: those of the class first, then those of its
// sessions, each with its newest version first.
func (q Queries) IssuedOf(class uuid.UUID) ([]Issued, error) {
	var rows []Issued
	err := q.db.Table("documents d").Joins("JOIN log_records r ON r.document_id = d.id").Joins("LEFT JOIN sessions x ON x.id = d.entity_id").
		Where("d.class_id = ?", class).Order("COALESCE(x.seq, 0), d.kind DESC, d.version DESC").
		Select(`d.id, d.entity, d.entity_id, d.kind, d.version, d.file_name, d.media_type, d.sha256, d.author_id, d.created_at, d.class_id,
			d.author, d.author_role, d.revision, r.pos`).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	last, err := q.lastChanges(class)
	if err != nil {
		return nil, err
	}
	type paper struct {
		id   uuid.UUID
		kind models.DocumentKind
	}
	seen := map[paper]bool{}
	for i := range rows {
		d := &rows[i]
		key := paper{d.EntityID, d.Kind}
		d.Newest, seen[key] = !seen[key], true
		if d.Newest {
			c := last[d.EntityID]
			d.Outdated = c.Revision > d.Revision || c.Pos > d.Pos
		}
	}
	return rows, nil
}

// lastChange is when something of a session changed last: by the numbers of changes,
// and, of corrections, which need not change a status, by their place in the log.
type lastChange struct {
	SessionID uuid.UUID
	Revision  int64
	Pos       int64
}

// lastChanges gives what changed last at each session of a class, and at all of them
// under the class's own id.
func (q Queries) lastChanges(class uuid.UUID) (map[uuid.UUID]lastChange, error) {
	var rows []lastChange
	err := q.db.Table("sessions x").Where("x.class_id = ?", class).Select(`x.id AS session_id,
		COALESCE((SELECT MAX(a.revision) FROM attendance_revisions a WHERE a.session_id = x.id), 0) AS revision,
		COALESCE((SELECT MAX(r.pos) FROM corrections c JOIN log_records r ON r.correction_id = c.id WHERE c.session_id = x.id), -1) AS pos`).Scan(&rows).Error
	whole := lastChange{Pos: -1}
	last := map[uuid.UUID]lastChange{}
	for _, r := range rows {
		last[r.SessionID] = r
		whole.Revision, whole.Pos = max(whole.Revision, r.Revision), max(whole.Pos, r.Pos)
	}
	last[class] = whole
	return last, translate(err)
}

// LoggedCorrection is a correction with its place in the log.
type LoggedCorrection struct {
	models.Correction
	Pos int64
}

// CorrectionsIn lists the decisions about a class's attendance in the order in which
// they were made.
func (q Queries) CorrectionsIn(class uuid.UUID) ([]LoggedCorrection, error) {
	var rows []LoggedCorrection
	return rows, translate(q.db.Table("corrections c").Joins("JOIN sessions x ON x.id = c.session_id").Joins("JOIN log_records r ON r.correction_id = c.id").
		Where("x.class_id = ?", class).Select("c.*, r.pos").Order("r.pos").Scan(&rows).Error)
}

// CountOpenCases counts what nobody has decided about a class's sessions.
func (q Queries) CountOpenCases(class uuid.UUID) (n int64, err error) {
	return n, translate(q.db.Table("cases k").Joins("JOIN sessions x ON x.id = k.session_id").
		Where("x.class_id = ? AND k.state = ?", class, models.CaseOpen).Count(&n).Error)
}

// OfficersOf names who worked the desks at a class's sessions.
func (q Queries) OfficersOf(class uuid.UUID) (names []string, err error) {
	return names, translate(q.db.Table("officers o").Where(`o.id IN (SELECT v.staff_id FROM scan_events v JOIN sessions x ON x.id = v.session_id
		WHERE x.class_id = ? AND v.staff_id IS NOT NULL)`, class).Order("o.name").Distinct().Pluck("o.name", &names).Error)
}

// LastEntry is the newest entry of the history about something.
func (q Queries) LastEntry(action, entityID string) (models.HistoryEntry, error) {
	return one[models.HistoryEntry](q.db.Order("at DESC, id DESC"), "action = ? AND entity_id = ?", action, entityID)
}

// Proof says where in the log a paper stands.
type Proof struct {
	Document models.Document // without its content
	Newest   Issued
	Pos      int64
	Head     LogHead
}

// ErrUnproven says that the log does not hold what the database says of a paper.
var ErrUnproven = errors.New("the log does not hold this paper")

// Prove proves to the signed head of the log that it holds a paper that was issued. It
// is ErrNotFound for anything else, ErrUnproven or *LogError where something was
// changed behind the server's back.
func (s *Store) Prove(ctx context.Context, id uuid.UUID) (Proof, error) {
	q := s.Read(s.outside(ctx)) // it reads what signing the log writes
	var p Proof
	var err error
	if p.Document, err = one[models.Document](q.db, "id = ? AND class_id IS NOT NULL", id); err != nil {
		return p, err
	}
	whole := sha256.Sum256(p.Document.Content) == p.Document.SHA256
	p.Document.Content = nil
	all, err := q.IssuedOf(*p.Document.ClassID)
	if err != nil {
		return p, err
	}
	p.Pos = -1
	for _, d := range all {
		if d.Newest && d.EntityID == p.Document.EntityID && d.Kind == p.Document.Kind {
			p.Newest = d
		}
		if d.ID == id {
			p.Pos = d.Pos
		}
	}
	if p.Head, err = s.SignedHead(ctx); err != nil {
		return p, err
	}
	if !whole || p.Pos < 0 || p.Pos >= p.Head.Size {
		return p, ErrUnproven
	}
	record := ledger.DocumentRecord(p.Document)
	proof, err := ledger.ProveRecord(p.Head.Size, p.Pos, q.logTile)
	if err == nil {
		err = ledger.CheckRecord(p.Head.Checkpoint, p.Pos, record, proof)
	}
	if errors.Is(err, ledger.ErrTree) {
		return p, errors.Join(ErrUnproven, err)
	}
	return p, err
}
