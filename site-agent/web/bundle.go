package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	"buktihadir/templates"
)

// MaxReply bounds the file of a reply: what is inside, and its encryption.
const MaxReply = exchange.MaxBundle + bundle.Overhead

// Carrier brings the journal out and the server's word in where there is no network.
type Carrier struct {
	Export  func(context.Context) ([]byte, error)
	Import  func(ctx context.Context, file []byte) ([]templates.Text, error)
	Explain func(error) templates.Text
}

type bundleBody struct {
	Unsent  int
	Problem templates.Text
	Done    []templates.Text
}

func (s *Server) bundlePage(c *gin.Context, v visitor) {
	s.showBundle(c, v, http.StatusOK, bundleBody{})
}

func (s *Server) showBundle(c *gin.Context, v visitor, status int, body bundleBody) {
	if s.Carry == nil {
		s.showError(c, http.StatusNotFound, "not_found")
		return
	}
	page := templates.Page[bundleBody]{Frame: s.frame(c, "bundle.desk", v), Body: body}
	page.Crumbs = []templates.Crumb{{Href: "/station", Name: s.Pages.Texts.T(page.Lang, "desk.station")}}
	if page.Desk != nil {
		page.Body.Unsent = page.Desk.Unsent
	}
	s.render(c, status, "agent/bundle", "layout", page)
}

// exportBundle is a download: who has it can carry it, only the server opens it.
func (s *Server) exportBundle(c *gin.Context, v visitor) {
	if s.Carry == nil {
		s.showError(c, http.StatusNotFound, "not_found")
		return
	}
	file, err := s.Carry.Export(c.Request.Context())
	if err != nil {
		s.Log.Error("export a bundle", "error", err)
		s.showBundle(c, v, http.StatusUnprocessableEntity, bundleBody{Problem: s.Carry.Explain(err)})
		return
	}
	name := "bundel-" + strings.ToLower(s.Now().Time().UTC().Format("20060102-1504")) + ".age"
	if status, err := s.Desk.Status(c.Request.Context()); err == nil {
		name = "bundel-" + status.Site.Code + "-" + s.Now().Time().In(status.Site.Zone.Location()).Format("20060102-1504") + ".age"
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Data(http.StatusOK, "application/octet-stream", file)
}

func (s *Server) importReply(c *gin.Context, v visitor) {
	if s.Carry == nil {
		s.showError(c, http.StatusNotFound, "not_found")
		return
	}
	file, err := uploaded(c.Request, "file")
	var done []templates.Text
	if err == nil {
		done, err = s.Carry.Import(c.Request.Context(), file)
	}
	if err != nil {
		s.Log.Warn("take in a reply", "error", err)
		s.showBundle(c, v, http.StatusUnprocessableEntity, bundleBody{Problem: s.Carry.Explain(err)})
		return
	}
	if err := s.Desk.Refresh(c.Request.Context()); err != nil {
		s.Log.Error("refresh the desk", "error", err)
	}
	s.showBundle(c, v, http.StatusOK, bundleBody{Done: done})
}

// errNoFile says that a form came without its file.
var errNoFile = errors.New("no file was chosen")

// uploaded reads the file of a form, whole: its size is limited.
func uploaded(r *http.Request, field string) ([]byte, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, errors.Join(errNoFile, err)
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, errors.Join(errNoFile, err)
		}
		if part.FormName() == field {
			return io.ReadAll(part)
		}
	}
}
