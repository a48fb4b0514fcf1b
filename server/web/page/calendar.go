package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/server/web/page/ics"
	"buktihadir/templates"
)

// Remembered is how long a subscribed calendar keeps what is over.
const Remembered = 180 * 24 * time.Hour

// SendCalendar answers with sessions as a calendar that reminds of each so long before it starts.
func (p *Kit) SendCalendar(c *gin.Context, name string, rows []store.ScheduleEntry, remind ...time.Duration) {
	lang := templates.ChooseLang(c.Writer, c.Request)
	cal := ics.Calendar{Name: name, Lang: string(lang)}
	for _, s := range rows {
		e := p.eventOf(lang, s)
		e.Remind = remind
		cal.Events = append(cal.Events, e)
	}
	content, err := ics.Write(cal)
	if err != nil {
		p.Fail(c, err)
		return
	}
	sum := sha256.Sum256(content)
	c.Header("ETag", `W/"`+hex.EncodeToString(sum[:16])+`"`) // weak: on its way it may be compressed
	c.Header("Cache-Control", "private, no-cache")
	c.Header("Referrer-Policy", "no-referrer")
	c.Header("Content-Type", ics.MediaType)
	c.Header("Content-Disposition", `inline; filename="jadwal.ics"`)
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(content))
}

func (p *Kit) eventOf(lang templates.Lang, s store.ScheduleEntry) ics.Event {
	say := func(key string) string {
		return p.Set.Texts.T(lang, key, "Course", s.CourseTitle, "Number", s.Seq, "Class", s.ClassCode, "Provider", s.ProviderName)
	}
	return ics.Event{UID: s.ID.String(), Sequence: s.Versions, Starts: s.StartsAt, Ends: s.EndsAt, Changed: s.Changed, Zone: s.Zone,
		Summary: say("feed.summary"), Description: say("feed.description"), Address: joined(s.Room, s.SiteName, s.SiteAddress),
		Latitude: s.Latitude, Longitude: s.Longitude, Cancelled: s.Status == models.SessionCancelled}
}

// joined lists what is known.
func joined(parts ...string) string {
	var known []string
	for _, s := range parts {
		if s != "" {
			known = append(known, s)
		}
	}
	return strings.Join(known, ", ")
}
