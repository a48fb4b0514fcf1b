package page

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

const (
	// LiveEvery is how often a page gets news at most; twenty desks scan faster.
	LiveEvery = time.Second
	// Heartbeat keeps the line open and shows when it is cut.
	Heartbeat = 20 * time.Second
	// writeWithin is how slow a line may be before it counts as cut.
	writeWithin = 15 * time.Second
	recentShown = 6
)

// Stream streams news (Server-Sent Events) until the page is closed, its visitor is
// signed out, or the desk shuts down. It also sends at every beat without a change.
func (k *Kit) Stream(c *gin.Context, in func() bool, beat func() time.Duration, news func() ([]byte, error)) {
	c.Header("Content-Type", "text/event-stream")
	stream := stream{c.Writer, http.NewResponseController(c.Writer)}
	var last []byte
	for stream.alive(c) {
		left := k.Sessions.Departures()
		if !in() {
			_ = stream.send("locked", nil) // in both cases the stream ends
			return
		}
		changed := k.Desk.Changed()
		html, err := news()
		if err != nil {
			k.Log.Error("render", "page", "live", "error", err)
			return
		}
		if bytes.Equal(html, last) {
			err = stream.send("", nil)
		} else {
			err, last = stream.send("live", html), html
		}
		if err != nil || !k.waitForNews(c, changed, left, beat()) {
			return
		}
	}
}

// waitForNews waits until there may be news, and says whether to go on.
func (k *Kit) waitForNews(c *gin.Context, changed, left <-chan struct{}, within time.Duration) bool {
	beat := time.NewTimer(within)
	defer beat.Stop()
	pause := time.NewTimer(LiveEvery)
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
		case <-k.closing:
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
