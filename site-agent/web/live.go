package web

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/templates"
)

const (
	// liveEvery is how often a page gets news at most; twenty desks scan faster.
	liveEvery = time.Second
	// heartbeat keeps the line open and shows when it is cut.
	heartbeat = 20 * time.Second
	// writeWithin is how slow a line may be before it counts as cut.
	writeWithin = 15 * time.Second
	recentShown = 6
)

// live is what pages keep up to date while they are open.
type live struct {
	Sessions []count
	Recent   []entry
}

func (s *Server) now() live { return live{s.counts(), s.entries(recentShown)} }

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
func (s *Server) news(c *gin.Context, v visitor) ([]byte, error) {
	lang := templates.ChooseLang(c.Writer, c.Request)
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	if r := s.live.html[lang]; time.Since(r.at) < liveEvery/2 {
		return r.html, nil
	}
	body := screen{Live: s.now()}
	page := templates.Page[screen]{Frame: s.frame(c, "desk.scan", v), Body: body}
	var html bytes.Buffer
	for _, part := range []string{"desk-status", "desk-counts", "desk-recent"} {
		if err := s.Pages.RenderPart(&html, "agent/scan", part, page); err != nil {
			return nil, err
		}
	}
	if s.live.html == nil {
		s.live.html = map[templates.Lang]rendered{}
	}
	s.live.html[lang] = rendered{html.Bytes(), time.Now()}
	return html.Bytes(), nil
}

func (s *Server) livePart(c *gin.Context, v visitor) {
	html, err := s.news(c, v)
	if err != nil {
		s.Log.Error("render", "page", "live", "error", err)
		c.Status(http.StatusInternalServerError)
		return
	}
	c.Data(http.StatusOK, "text/html; charset=utf-8", html)
}

// events streams the news of the desk's pages.
func (s *Server) events(c *gin.Context, v visitor) {
	in := func() bool { return s.identify(c.Request).key == v.key }
	s.tell(c, in, func() time.Duration { return heartbeat }, func() ([]byte, error) { return s.news(c, v) })
}

// tell streams news (Server-Sent Events) until the page is closed, whoever it is for
// is in no more, or the desk shuts down; at every beat also where nothing has changed.
func (s *Server) tell(c *gin.Context, in func() bool, beat func() time.Duration, news func() ([]byte, error)) {
	c.Header("Content-Type", "text/event-stream")
	stream := stream{c.Writer, http.NewResponseController(c.Writer)}
	var last []byte
	for stream.alive(c) {
		left := s.sessions.departures()
		if !in() {
			_ = stream.send("locked", nil) // gone or not, the stream ends
			return
		}
		changed := s.Desk.Changed()
		html, err := news()
		if err != nil {
			s.Log.Error("render", "page", "live", "error", err)
			return
		}
		if bytes.Equal(html, last) {
			err = stream.send("", nil)
		} else {
			err, last = stream.send("live", html), html
		}
		if err != nil || !s.waitForNews(c, changed, left, beat()) {
			return
		}
	}
}

// waitForNews waits until there may be news, and says whether to go on.
func (s *Server) waitForNews(c *gin.Context, changed, left <-chan struct{}, within time.Duration) bool {
	beat := time.NewTimer(within)
	defer beat.Stop()
	pause := time.NewTimer(liveEvery)
	defer pause.Stop()
	for _, wait := range []<-chan time.Time{pause.C, beat.C} {
		news := changed
		if wait == pause.C {
			news = nil // not sooner than the pause
		}
		select {
		case <-news:
			return true
		case <-left: // perhaps it is this one
			return true
		case <-wait:
		case <-s.closing:
			return false
		case <-c.Request.Context().Done():
			return false
		}
	}
	return true
}

// stream writes Server-Sent Events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
type stream struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

func (x stream) alive(c *gin.Context) bool { return c.Request.Context().Err() == nil }

// send writes one event; without a name it is a comment that only keeps the line open.
func (x stream) send(event string, data []byte) error {
	_ = x.rc.SetWriteDeadline(time.Now().Add(writeWithin)) // a line that can't have one is cut when it ends
	var b bytes.Buffer
	if event == "" {
		b.WriteString(":\n\n")
	} else {
		fmt.Fprintf(&b, "event: %s\n", event)
		for line := range bytes.Lines(append(bytes.TrimRight(data, "\n"), '\n')) {
			b.WriteString("data: ")
			b.Write(line)
		}
		b.WriteByte('\n')
	}
	if _, err := x.w.Write(b.Bytes()); err != nil {
		return err
	}
	return x.rc.Flush()
}
