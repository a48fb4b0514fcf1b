package station

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

type bundleBody struct {
	Unsent  int
	Problem templates.Text
	Done    []templates.Text
}

// BundlePage shows the bundle page.
func (h *Handlers) BundlePage(c *gin.Context, v page.Visitor) {
	h.showBundle(c, v, http.StatusOK, bundleBody{})
}

func (h *Handlers) showBundle(c *gin.Context, v page.Visitor, status int, body bundleBody) {
	if h.Carry == nil {
		h.ShowError(c, http.StatusNotFound, "not_found")
		return
	}
	page := templates.Page[bundleBody]{Frame: h.Frame(c, "bundle.desk", v), Body: body}
	page.Crumbs = []templates.Crumb{{Href: "/station", Name: h.Pages.Texts.T(page.Lang, "desk.station")}}
	if page.Desk != nil {
		page.Body.Unsent = page.Desk.Unsent
	}
	h.Render(c, status, "agent/bundle", "layout", page)
}

// ExportBundle is a download: anybody who has the file can carry it, but only the server
// can open it.
func (h *Handlers) ExportBundle(c *gin.Context, v page.Visitor) {
	if h.Carry == nil {
		h.ShowError(c, http.StatusNotFound, "not_found")
		return
	}
	file, err := h.Carry.Export(c.Request.Context())
	if err != nil {
		h.Log.Error("export a bundle", "error", err)
		h.showBundle(c, v, http.StatusUnprocessableEntity, bundleBody{Problem: h.Carry.Explain(err)})
		return
	}
	name := "presensi-" + strings.ToLower(h.Now().Time().UTC().Format("20060102-1504")) + ".age"
	if status, err := h.Desk.Status(c.Request.Context()); err == nil {
		name = "presensi-" + status.Site.Code + "-" + h.Now().Time().In(status.Site.Zone.Location()).Format("20060102-1504") + ".age"
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Data(http.StatusOK, "application/octet-stream", file)
}

// ImportReply takes a reply that was carried here.
func (h *Handlers) ImportReply(c *gin.Context, v page.Visitor) {
	if h.Carry == nil {
		h.ShowError(c, http.StatusNotFound, "not_found")
		return
	}
	file, err := uploaded(c.Request, "file")
	var done []templates.Text
	if err == nil {
		done, err = h.Carry.Import(c.Request.Context(), file)
	}
	if err != nil {
		h.Log.Warn("take in a reply", "error", err)
		h.showBundle(c, v, http.StatusUnprocessableEntity, bundleBody{Problem: h.Carry.Explain(err)})
		return
	}
	if err := h.Desk.Refresh(c.Request.Context()); err != nil {
		h.Log.Error("refresh the desk", "error", err)
	}
	h.showBundle(c, v, http.StatusOK, bundleBody{Done: done})
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
