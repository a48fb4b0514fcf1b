package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/templates"
)

type clockBody struct {
	Date, Time string
	Problem    templates.Text
}

// clockPage asks whether the clock is right. Nobody scans before it was answered
// where the clock is unsure; what is scanned all the same is recorded.
func (s *Server) clockPage(c *gin.Context, v visitor) {
	now := s.Now().Time().In(s.zone(c).Location())
	show(s, c, http.StatusOK, "clock", "clock.title", v, clockBody{Date: now.Format(time.DateOnly), Time: now.Format("15:04")})
}

func (s *Server) setClock(c *gin.Context, v visitor) {
	at := s.Now()
	if c.PostForm("right") == "" {
		set, err := time.ParseInLocation("2006-01-02 15:04", c.PostForm("date")+" "+c.PostForm("time"), s.zone(c).Location())
		if err != nil {
			set = time.Time{}
		}
		at = models.MillisOf(set)
	}
	err := s.Desk.ConfirmTime(c.Request.Context(), at, v.ID)
	switch {
	case errors.Is(err, desk.ErrTime):
		show(s, c, http.StatusBadRequest, "clock", "clock.title", v,
			clockBody{Date: c.PostForm("date"), Time: c.PostForm("time"), Problem: templates.Say("clock.unreadable")})
	case err != nil:
		s.Log.Error("confirm the time", "error", err)
		s.showError(c, http.StatusServiceUnavailable, "internal")
	default:
		c.Redirect(http.StatusSeeOther, "/")
	}
}

// zone is the site's, in which staff think.
func (s *Server) zone(c *gin.Context) models.Zone {
	status, err := s.Desk.Status(c.Request.Context())
	if err != nil || !status.Site.Zone.Valid() {
		return models.ZoneWIB
	}
	return status.Site.Zone
}
