package station

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

type clockBody struct {
	Date, Time string
	Problem    templates.Text
}

// ClockPage asks whether the clock is right. If the clock is unsure staff must answer
// before they scan; a scan that comes anyway is still recorded.
func (h *Handlers) ClockPage(c *gin.Context, v page.Visitor) {
	now := h.Now().Time().In(h.zone(c).Location())
	page.Show(h.Kit, c, http.StatusOK, "clock", "clock.title", v, clockBody{Date: now.Format(time.DateOnly), Time: now.Format("15:04")})
}

// SetClock saves the clock that was chosen.
func (h *Handlers) SetClock(c *gin.Context, v page.Visitor) {
	at, save := h.Now(), h.Desk.ConfirmTime
	if c.PostForm("right") == "" {
		save = h.Desk.SetTime
		set, err := time.ParseInLocation("2006-01-02 15:04", c.PostForm("date")+" "+c.PostForm("time"), h.zone(c).Location())
		if err != nil {
			set = time.Time{}
		}
		at = models.MillisOf(set)
	}
	err := save(c.Request.Context(), at, v.ID)
	lang := templates.ChooseLang(c.Writer, c.Request)
	text, known := ClockProblem(err, h.Pages.Texts.Formats(lang).DateTime(h.Now(), h.zone(c)))
	switch {
	case errors.Is(err, desk.ErrSameTime): // pressed twice
		c.Redirect(http.StatusSeeOther, "/")
	case known:
		page.Show(h.Kit, c, http.StatusBadRequest, "clock", "clock.title", v,
			clockBody{Date: c.PostForm("date"), Time: c.PostForm("time"), Problem: text})
	case err != nil:
		h.Log.Error("confirm the time", "error", err)
		h.ShowError(c, http.StatusServiceUnavailable, "internal")
	default:
		c.Redirect(http.StatusSeeOther, "/")
	}
}

// ClockProblem says why a time that staff entered was not used; ok is false where the
// error says something else. now is the desk's time in words.
func ClockProblem(err error, now string) (text templates.Text, ok bool) {
	switch {
	case errors.Is(err, desk.ErrTime):
		return templates.Say("clock.unreadable"), true
	case errors.Is(err, desk.ErrServerTime):
		return templates.Say("clock.by_server", "Time", now), true
	case errors.Is(err, desk.ErrSameTime):
		return templates.Say("clock.same", "Time", now), true
	}
	return templates.Text{}, false
}

// zone is the site's, in which staff think.
func (h *Handlers) zone(c *gin.Context) models.Zone {
	status, err := h.Desk.Status(c.Request.Context())
	if err != nil || !status.Site.Zone.Valid() {
		return models.ZoneWIB
	}
	return status.Site.Zone
}
