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
	keep(c, coloursCookie, string(coloursOf(c.PostForm("colours"))))
	c.Redirect(http.StatusSeeOther, ownPage(c.PostForm("next")))
}

// keep remembers a setting of this device, which is no secret.
func keep(c *gin.Context, name, value string) {
	http.SetCookie(c.Writer, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: c.Request.TLS != nil, //nolint:gosec // no secret
		SameSite: http.SameSiteStrictMode, MaxAge: int(deviceFor.Seconds())})
}
