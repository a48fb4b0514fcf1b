package kiosk

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
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// A board is public, so it shows little about a person.

const (
	// soon is how long before its start the big screen shows a session: people come early.
	soon = time.Hour
	// lastShown is how many of a session's arrivals the big screen names.
	lastShown = 4
)

// board is what the big screen shows.
type board struct {
	Sessions []boardSession
	Next     *page.Count // without a current session: the next one of today
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
	page.Count
	Last []string
}

func (h *Handlers) board() board {
	var b board
	now := h.Now()
	for _, n := range h.Counts() {
		switch {
		case now > n.End:
		case n.Start.Sub(now) <= soon:
			b.Sessions = append(b.Sessions, boardSession{Count: n})
		case b.Next == nil:
			b.Next = &n
		}
	}
	if h.Devices.Policy().ScreenNames {
		for _, e := range h.Entries(page.Listed) {
			b.name(e)
		}
	}
	return b
}

// name shows an arrival, the latest first, unless it was undone or its session is not on.
func (b *board) name(e page.Entry) {
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

func (h *Handlers) screenView(c *gin.Context) templates.Page[board] {
	return templates.Page[board]{Frame: h.Frame(c, "screen.title", page.Visitor{}), Body: h.board()}
}

// ScreenPage shows the screen page.
func (h *Handlers) ScreenPage(c *gin.Context, _ page.Visitor) {
	h.Render(c, http.StatusOK, "stand/screen", "layout", h.screenView(c))
}

// ScreenPart renders the big screen's board.
func (h *Handlers) ScreenPart(c *gin.Context, _ page.Visitor) {
	h.Render(c, http.StatusOK, "stand/screen", "board", h.screenView(c))
}

// ScreenEvents streams the board; at each full minute too, for its clock.
func (h *Handlers) ScreenEvents(c *gin.Context, v page.Visitor) {
	in := func() bool {
		d, ok := h.Devices.Device(v.Device.ID)
		if h.Sessions.Has(v.Key) {
			return true
		}
		return ok && d.Active() && d.Use == store.UseScreen
	}
	beat := func() time.Duration {
		into := time.Duration(h.Now()%models.Millis(time.Minute.Milliseconds())) * time.Millisecond
		return min(page.Heartbeat, time.Minute-into)
	}
	h.Stream(c, in, beat, func() ([]byte, error) {
		var html bytes.Buffer
		err := h.Pages.RenderPart(&html, "stand/screen", "board", h.screenView(c))
		return html.Bytes(), err
	})
}
