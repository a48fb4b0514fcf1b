package checkin

import (
	"bytes"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// liveCache keeps the newest news by language: every open page wants the same.
type liveCache struct {
	mu   sync.Mutex
	html map[templates.Lang]rendered
}

type rendered struct {
	html []byte
	at   time.Time
}

// news renders the parts of pages that change, each with the id it replaces.
func (h *Handlers) news(c *gin.Context, v page.Visitor) ([]byte, error) {
	lang := templates.ChooseLang(c.Writer, c.Request)
	h.live.mu.Lock()
	defer h.live.mu.Unlock()
	if r := h.live.html[lang]; time.Since(r.at) < page.LiveEvery/2 {
		return r.html, nil
	}
	body := page.Screen{Live: h.LiveNow()}
	page := templates.Page[page.Screen]{Frame: h.Frame(c, "desk.scan", v), Body: body}
	var html bytes.Buffer
	for _, part := range []string{"desk-status", "desk-counts", "desk-recent"} {
		if err := h.Pages.RenderPart(&html, "agent/scan", part, page); err != nil {
			return nil, err
		}
	}
	if h.live.html == nil {
		h.live.html = map[templates.Lang]rendered{}
	}
	h.live.html[lang] = rendered{html.Bytes(), time.Now()}
	return html.Bytes(), nil
}

// LivePart renders what has changed, for pages without a stream.
func (h *Handlers) LivePart(c *gin.Context, v page.Visitor) {
	html, err := h.news(c, v)
	if err != nil {
		h.Log.Error("render", "page", "live", "error", err)
		c.Status(http.StatusInternalServerError)
		return
	}
	c.Data(http.StatusOK, "text/html; charset=utf-8", html)
}

// Events streams the news of the desk's pages.
func (h *Handlers) Events(c *gin.Context, v page.Visitor) {
	in := func() bool { return h.Identify(c.Request).Key == v.Key }
	h.Stream(c, in, func() time.Duration { return page.Heartbeat }, func() ([]byte, error) { return h.news(c, v) })
}
