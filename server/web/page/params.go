package page

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/server/store"
	"buktihadir/templates"
)

// Tab is one of a few ways to look at a page.
type Tab struct {
	Text templates.Text
	Href string
	Now  bool
}

// IDParam reads the id in an address. An invalid id gives "not found".
func IDParam(c *gin.Context) (uuid.UUID, error) { return ParamID(c, "id") }

// ParamID is an identifier in the address; what is none is not found.
func ParamID(c *gin.Context, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Param(name))
	if err != nil {
		return id, store.ErrNotFound
	}
	return id, nil
}

// Crumbs are the steps above a page, given as pairs of address and text.
func Crumbs(pairs ...string) []templates.Crumb {
	var list []templates.Crumb
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, templates.Crumb{Href: pairs[i], Text: templates.Say(pairs[i+1])})
	}
	return list
}
