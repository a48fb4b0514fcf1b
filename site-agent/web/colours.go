package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"buktihadir/templates"
)

// A dim hall wants dark pages whatever the device thinks; each device keeps its own.

const coloursCookie = "colours"

func colours(r *http.Request) templates.Colours {
	if c, err := r.Cookie(coloursCookie); err == nil {
		return coloursOf(c.Value)
	}
	return templates.AutoColours
}

func coloursOf(said string) templates.Colours {
	if x := templates.Colours(said); slices.Contains(templates.Frame{}.EveryColours(), x) {
		return x
	}
	return templates.AutoColours
}

func (s *Server) setColours(c *gin.Context, _ visitor) {
	kept := &http.Cookie{Name: coloursCookie, Value: string(coloursOf(c.PostForm("colours"))), Path: "/", HttpOnly: true, Secure: c.Request.TLS != nil, //nolint:gosec // colours are no secret
		SameSite: http.SameSiteStrictMode, MaxAge: int(deviceFor.Seconds())}
	http.SetCookie(c.Writer, kept)
	c.Redirect(http.StatusSeeOther, ownPage(c.PostForm("next")))
}
