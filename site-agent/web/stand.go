package web

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/site-agent/store"
	"buktihadir/templates"
)

// What stands there for everybody to see: it says little about anybody.

const (
	screenPath = "/screen"
	// soon is how long before its start the big screen shows a session: people come early.
	soon = time.Hour
	// lastShown is how many of a session's arrivals the big screen names.
	lastShown = 4
)

func (s *Server) standRoutes() []route {
	return []route{
		{http.MethodPost, "/colours", anyone, s.setColours},
		{http.MethodGet, screenPath, watcher, s.screenPage},
		{http.MethodGet, screenPath + "/live", watcher, s.screenPart},
		{http.MethodGet, screenPath + eventsPath, watcher, s.screenEvents},
	}
}

// board is what the big screen shows.
type board struct {
	Sessions []boardSession
	Next     *count // where none is on: the one that comes next today
}

// Size says how much has to find room; empty: one session.
func (b board) Size() string {
	switch n := len(b.Sessions); {
	case n > 4:
		return "crowd"
	case n > 2:
		return "many"
	case n == 2:
		return "pair"
	}
	return ""
}

type boardSession struct {
	count
	Last []string
}

func (s *Server) board() board {
	var b board
	now := s.Now()
	for _, n := range s.counts() {
		switch {
		case now > n.End:
		case n.Start.Sub(now) <= soon:
			b.Sessions = append(b.Sessions, boardSession{count: n})
		case b.Next == nil:
			b.Next = &n
		}
	}
	if s.Devices.Policy().ScreenNames {
		for _, e := range s.entries(listed) {
			b.name(e)
		}
	}
	return b
}

// name shows an arrival, the latest first, unless it was undone or its session is not on.
func (b *board) name(e entry) {
	if e.Session == nil || e.Voided || e.Verdict != models.VerdictAcceptedIn {
		return
	}
	i := slices.IndexFunc(b.Sessions, func(n boardSession) bool { return n.ID == e.Session.ID })
	if who := shortName(e.Name()); i >= 0 && who != "" && len(b.Sessions[i].Last) < lastShown {
		b.Sessions[i].Last = append(b.Sessions[i].Last, who)
	}
}

// shortName is a first name and a letter: enough to find oneself, no more.
func shortName(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	first, _ := utf8.DecodeRuneInString(words[1])
	return words[0] + " " + string(first) + "."
}

func (s *Server) screenView(c *gin.Context) templates.Page[board] {
	return templates.Page[board]{Frame: s.frame(c, "screen.title", visitor{}), Body: s.board()}
}

func (s *Server) screenPage(c *gin.Context, _ visitor) {
	s.render(c, http.StatusOK, "stand/screen", "layout", s.screenView(c))
}

func (s *Server) screenPart(c *gin.Context, _ visitor) {
	s.render(c, http.StatusOK, "stand/screen", "board", s.screenView(c))
}

// screenEvents streams the board; at each full minute too, for its clock.
func (s *Server) screenEvents(c *gin.Context, v visitor) {
	in := func() bool {
		d, ok := s.Devices.Device(v.device.ID)
		if _, signedIn := s.sessions.find(v.key); signedIn {
			return true
		}
		return ok && d.Active() && d.Use == store.UseScreen
	}
	beat := func() time.Duration {
		into := time.Duration(s.Now()%models.Millis(time.Minute.Milliseconds())) * time.Millisecond
		return min(heartbeat, time.Minute-into)
	}
	s.tell(c, in, beat, func() ([]byte, error) {
		var html bytes.Buffer
		err := s.Pages.RenderPart(&html, "stand/screen", "board", s.screenView(c))
		return html.Bytes(), err
	})
}
