package station

import (
	"context"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/templates"
)

// FirstSteps make this computer a site's agent; each returns an error that Explain turns
// into text.
type FirstSteps struct {
	Enrol   func(ctx context.Context, server, code string) error
	Request func(context.Context, exchange.Invite) ([]byte, error)           // without a network: the file to carry to the office
	Import  func(ctx context.Context, reply []byte) (enrolled bool, _ error) // and what comes back
	Open    func() error                                                     // lets the desk answer in this page's place
	Explain func(error) templates.Text
}

// First is what a computer shows that belongs to no site yet: one page that makes it one.
type First struct {
	steps FirstSteps
	pages *templates.Set
	log   *slog.Logger
	now   func() models.Millis
}

// NewFirst makes the page.
func NewFirst(steps FirstSteps, pages *templates.Set, log *slog.Logger, now func() models.Millis) *First {
	return &First{steps: steps, pages: pages, log: log, now: now}
}

type firstBody struct {
	Server, Code string
	Problem      templates.Text
}

// Page shows the form.
func (f *First) Page(c *gin.Context) { f.show(c, http.StatusOK, firstBody{}) }

func (f *First) show(c *gin.Context, status int, body firstBody) {
	page := templates.Page[firstBody]{Body: body, Frame: templates.Frame{
		Lang: templates.ChooseLang(c.Writer, c.Request), Title: templates.Say("first.title"), URL: c.Request.URL, Zone: models.ZoneWIB, Now: f.now(),
	}}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Status(status)
	if err := f.pages.Render(c.Writer, "agent/first", page); err != nil {
		f.log.Error("render", "page", "first", "error", err)
	}
}

// failed shows the page again, with what was typed and the fault.
func (f *First) failed(c *gin.Context, body firstBody, err error) {
	f.log.Warn("set up this computer", "error", err)
	body.Problem = f.steps.Explain(err)
	f.show(c, http.StatusUnprocessableEntity, body)
}

// Enrol makes this computer an agent over the network.
func (f *First) Enrol(c *gin.Context) {
	body := firstBody{Server: strings.TrimSpace(c.PostForm("server")), Code: strings.TrimSpace(c.PostForm("code"))}
	if body.Server == "" || body.Code == "" {
		body.Problem = templates.Say("first.no_code")
		f.show(c, http.StatusUnprocessableEntity, body)
		return
	}
	if !strings.Contains(body.Server, "://") {
		body.Server = "https://" + body.Server
	}
	if err := f.steps.Enrol(c.Request.Context(), body.Server, body.Code); err != nil {
		f.failed(c, body, err)
		return
	}
	f.finish(c)
}

// Request answers an invitation with the file to carry to the office.
func (f *First) Request(c *gin.Context) {
	text, err := uploaded(c.Request, "invite")
	if err != nil {
		f.show(c, http.StatusUnprocessableEntity, firstBody{Problem: templates.Say("first.no_invite")})
		return
	}
	invite, err := exchange.ParseInvite(string(text))
	if err != nil {
		f.show(c, http.StatusUnprocessableEntity, firstBody{Problem: templates.Say("first.no_invite")})
		return
	}
	file, err := f.steps.Request(c.Request.Context(), invite)
	if err != nil {
		f.failed(c, firstBody{}, err)
		return
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "permintaan.age"}))
	c.Data(http.StatusOK, "application/octet-stream", file)
}

// Reply takes the file that came back.
func (f *First) Reply(c *gin.Context) {
	file, err := uploaded(c.Request, "reply")
	enrolled := false
	if err == nil {
		enrolled, err = f.steps.Import(c.Request.Context(), file)
	}
	if err == nil && !enrolled {
		err = fmt.Errorf("the reply enrols nobody: %w", errNoFile)
	}
	if err != nil {
		f.failed(c, firstBody{}, err)
		return
	}
	f.finish(c)
}

// finish hands the browser over to the desk, which answers from now on at the same
// address. A second request finds the desk there: a computer becomes an agent only once.
func (f *First) finish(c *gin.Context) {
	if err := f.steps.Open(); err != nil {
		f.failed(c, firstBody{}, err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/setup?enrolled=1")
}
