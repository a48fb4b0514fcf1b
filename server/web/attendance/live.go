package attendance

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

const (
	liveEvery = 2 * time.Second  // how soon a page learns of something new
	liveBeat  = 20 * time.Second // a word at least so often: proxies close what is silent
	liveMost  = 10 * time.Minute // then the browser asks again, and whether it still may
)

// Live tells a page that something was recorded, so that it renews itself
// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
func (p *Pages) Live(c *gin.Context) {
	q := p.Store.Read(c.Request.Context())
	last, err := q.LogSize()
	if err != nil {
		p.Fail(c, err)
		return
	}
	if !strings.Contains(c.GetHeader("Accept"), "text/event-stream") {
		c.String(http.StatusOK, "%d\n", last) // somebody asks once
		return
	}
	out := http.NewResponseController(c.Writer)
	if err := out.SetWriteDeadline(time.Time{}); err != nil {
		p.Fail(c, err)
		return
	}
	c.Header("Content-Type", "text/event-stream")
	c.Header("Cache-Control", "no-store")
	c.Header("X-Accel-Buffering", "no")
	tick := time.NewTicker(liveEvery)
	defer tick.Stop()
	end := time.After(liveMost)
	for beat := liveBeat; ; beat += liveEvery {
		word := ""
		size, err := q.LogSize()
		switch {
		case err != nil:
			return // the browser asks again
		case size != last:
			word, last = fmt.Sprintf("event: recorded\ndata: %d\n\n", size), size
		case beat >= liveBeat:
			word, beat = ": here\n\n", 0
		}
		if word != "" {
			if _, err := c.Writer.WriteString(word); err != nil || out.Flush() != nil {
				return
			}
		}
		select {
		case <-c.Request.Context().Done():
			return
		case <-end:
			return
		case <-tick.C:
		}
	}
}
