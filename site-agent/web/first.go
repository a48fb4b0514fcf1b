package web

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

// FirstSteps make this computer a site's agent; each tells what is wrong by an
// error that Explain puts into words.
type FirstSteps struct {
	Enrol   func(ctx context.Context, server, code string) error
	Request func(context.Context, exchange.Invite) ([]byte, error)           // without a network: what is carried to the office
	Import  func(ctx context.Context, reply []byte) (enrolled bool, _ error) // and what comes back
	Open    func() error                                                     // lets the desk answer in this page's place
	Explain func(error) templates.Text
}

// First is what a computer shows that belongs to no site yet: one page that makes
// it one. It answers only whoever sits at this very computer.
type First struct {
	steps  FirstSteps
	pages  *templates.Set
	log    *slog.Logger
	now    func() models.Millis
	engine http.Handler
}

// NewFirst makes the page.
func NewFirst(steps FirstSteps, pages *templates.Set, log *slog.Logger, now func() models.Millis) *First {
	gin.SetMode(gin.ReleaseMode)
	f := &First{steps: steps, pages: pages, log: log, now: now}
	e := gin.New()
	e.GET(templates.AssetRoot+"*path", gin.WrapH(pages.Assets))
	e.GET("/setup", f.page)
	e.POST("/setup", f.enrol)
	e.POST("/setup/request", f.request)
	e.POST("/setup/reply", f.reply)
	e.NoRoute(func(c *gin.Context) { c.Redirect(http.StatusSeeOther, "/setup") })
	f.engine = e
	return f
}

// Handler answers nobody but this computer itself, and no other site's page.
func (f *First) Handler() http.Handler {
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		templates.SecurityHeaders(w.Header())
		if !atMachine(r) {
			http.Error(w, f.pages.Texts.T(templates.ChooseLang(w, r), "first.lede"), http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, MaxReply+maxBody)
		f.engine.ServeHTTP(w, r)
	}))
}

type firstBody struct {
	Server, Code string
	Problem      templates.Text
}

func (f *First) page(c *gin.Context) { f.show(c, http.StatusOK, firstBody{}) }

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

// failed shows the page again, with what was typed and what was wrong.
func (f *First) failed(c *gin.Context, body firstBody, err error) {
	f.log.Warn("set up this computer", "error", err)
	body.Problem = f.steps.Explain(err)
	f.show(c, http.StatusUnprocessableEntity, body)
}

func (f *First) enrol(c *gin.Context) {
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

func (f *First) request(c *gin.Context) {
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

func (f *First) reply(c *gin.Context) {
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
// address. Who comes second finds the desk there: becoming an agent works once.
func (f *First) finish(c *gin.Context) {
	if err := f.steps.Open(); err != nil {
		f.failed(c, firstBody{}, err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/setup?enrolled=1")
}
