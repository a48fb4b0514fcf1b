package page

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"buktihadir/templates"
)

// In a dim hall staff may want dark pages, whatever the device prefers; each device keeps
// its own choice.

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

// SetColours saves the colours that was chosen.
func (k *Kit) SetColours(c *gin.Context, _ Visitor) {
	remember(c, coloursCookie, string(coloursOf(c.PostForm("colours"))))
	c.Redirect(http.StatusSeeOther, ownPage(c.PostForm("next")))
}
