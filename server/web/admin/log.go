package admin

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// logView is the head of the server's record, for everybody to keep: a person who has
// printed it can tell later whether the past was changed.
type logView struct {
	Head     *store.LogHead
	Troubles []templates.Text // changes in the database that the server did not make
	Restores []models.Restore // each time that the database was put back from a backup
}

// Note is the signed note as text.
func (v logView) Note() string { return strings.TrimSuffix(string(v.Head.Note), "\n") }

// LogFaultText says what was changed.
func LogFaultText(what store.LogFault) templates.Text {
	return templates.Say("log.trouble_" + string(what))
}

// LogPage shows the signed head of the log to everybody.
func (p *Pages) LogPage(c *gin.Context) {
	head, err := p.Store.SignedHead(c.Request.Context())
	view := logView{Head: &head}
	bad, changed := errors.AsType[*store.LogError](err)
	switch {
	case changed:
		p.Log.Error("the log's head is not signed", "error", err)
		view = logView{Troubles: troublesOf(bad)}
	case errors.Is(err, store.ErrEmptyLog):
		view = logView{}
	case err != nil:
		p.Fail(c, err)
		return
	}
	if view.Restores, err = p.Store.Read(c.Request.Context()).Restores(); err != nil {
		p.Fail(c, err)
		return
	}
	page.Show(p.Kit, c, "admin/log", p.Frame(c, templates.Say("log.title")), view)
}

// troublesOf names each kind of change once: the page is public, and places are not.
func troublesOf(bad *store.LogError) []templates.Text {
	var out []templates.Text
	seen := map[store.LogFault]bool{}
	for _, x := range bad.Problems {
		if !seen[x.What] {
			seen[x.What] = true
			out = append(out, LogFaultText(x.What))
		}
	}
	return out
}

// LogNote is the signed head alone, for programs.
func (p *Pages) LogNote(c *gin.Context) {
	head, err := p.Store.SignedHead(c.Request.Context())
	_, changed := errors.AsType[*store.LogError](err)
	switch {
	case changed:
		p.Log.Error("the log's head is not signed", "error", err)
		c.String(http.StatusConflict, "the record was changed: no head is signed\n")
	case errors.Is(err, store.ErrEmptyLog):
		c.Status(http.StatusNoContent)
	case err != nil:
		p.Fail(c, err)
	default:
		c.String(http.StatusOK, "%s", head.Note)
	}
}
