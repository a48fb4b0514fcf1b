package attendance

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// PaperBody is the most that a paper to be checked may have.
const PaperBody = 8 << 20

// proofView is what anybody with a document may know about it: it has no names.
type proofView struct {
	Document models.Document
	Name     templates.Text
	Class    store.ClassEntry
	Session  *store.SessionEntry
	Versions []proofVersion
	State    templates.Badge
	Newest   store.Issued
	Proof    store.Proof
	Unproven bool // the log does not agree with the database
	Checked  *paperCheck
}

// Number is the paper's place in the log, counted from 1 as people do.
func (v proofView) Number() int64 { return v.Proof.Pos + 1 }

// proofVersion is one version of the paper, for a file to be compared with.
type proofVersion struct {
	store.Issued
	This bool
}

// paperCheck is what came of comparing a file with the paper.
type paperCheck struct {
	None    bool // no file was sent
	Same    bool // it is this very paper
	Version int  // it is another version of it
}

// ProofPage says what the QR code of an issued document proves.
func (p *Pages) ProofPage(c *gin.Context) { p.showProof(c, nil) }

func (p *Pages) showProof(c *gin.Context, sum *models.Hash) {
	view, err := p.proofOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	if sum != nil {
		view.Checked = &paperCheck{None: *sum == models.Hash{}, Same: *sum == view.Document.SHA256}
		for _, d := range view.Versions {
			if !d.This && d.SHA256 == *sum {
				view.Checked.Version = d.Version
			}
		}
	}
	f := p.Frame(c, templates.Say("proof.title"))
	f.Zone = view.Class.Zone
	c.Header("X-Robots-Tag", "noindex")
	page.Show(p.Kit, c, "attendance/proof", f, view)
}

func (p *Pages) proofOf(c *gin.Context) (proofView, error) {
	var view proofView
	id, err := page.IDParam(c)
	if err != nil {
		return view, err
	}
	view.Proof, err = p.Store.Prove(c.Request.Context(), id)
	_, changed := errors.AsType[*store.LogError](err)
	if changed || errors.Is(err, store.ErrUnproven) {
		p.Log.Error("a paper's proof", "document", id, "error", err)
		view.Unproven, err = true, nil
	}
	if err != nil {
		return view, err
	}
	q := p.Store.Read(c.Request.Context())
	view.Document, view.Newest = view.Proof.Document, view.Proof.Newest
	if view.Class, err = q.ClassEntry(*view.Document.ClassID); err != nil {
		return view, err
	}
	seq := 0
	if view.Document.Entity == models.OfSession {
		s, err := q.SessionEntry(view.Document.EntityID)
		if err != nil {
			return view, err
		}
		view.Session, seq = &s, s.Seq
	}
	view.Name = paperName(view.Document, seq)
	issued, err := q.IssuedOf(view.Class.ID)
	for _, d := range issued {
		if d.Kind == view.Document.Kind && d.EntityID == view.Document.EntityID {
			view.Versions = append(view.Versions, proofVersion{d, d.ID == id})
			if d.ID == id {
				view.State = paperState(d)
			}
		}
	}
	return view, err
}

// CheckPaper compares a file that somebody holds with the paper. It is only read
// through: nothing of it is kept.
func (p *Pages) CheckPaper(c *gin.Context) {
	sum, err := sumOfUpload(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.showProof(c, &sum)
}

// sumOfUpload hashes the file of a form; the hash is zero without a file.
func sumOfUpload(c *gin.Context) (models.Hash, error) {
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return models.Hash{}, nil //nolint:nilerr // a form without a file
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return models.Hash{}, nil
		}
		if err != nil {
			return models.Hash{}, fmt.Errorf("uploaded form: %w", err)
		}
		if part.FileName() == "" {
			continue
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, part); err != nil {
			return models.Hash{}, fmt.Errorf("uploaded form: %w", err)
		}
		return models.Hash(sum.Sum(nil)), nil
	}
}
