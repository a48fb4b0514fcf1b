package checkin

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// found is how many people a search lists; the desk stops there too.
const found = 20

type searchBody struct {
	page.Screen
	Query, Class string
	People       []roster.Person
	More         bool
}

// SearchPage shows the search page.
func (h *Handlers) SearchPage(c *gin.Context, v page.Visitor) {
	body := searchBody{Screen: h.Screen(v), Query: strings.TrimSpace(c.Query("q")), Class: c.Query("class")}
	class, err := uuid.Parse(body.Class)
	if err != nil {
		class, body.Class = uuid.Nil, ""
	}
	people := h.Desk.Search(body.Query, class)
	body.People, body.More = people[:min(len(people), found)], len(people) > found
	if c.GetHeader("HX-Request") != "" {
		h.Render(c, http.StatusOK, "agent/search", "results", templates.Page[searchBody]{Frame: h.Frame(c, "desk.search", v), Body: body})
		return
	}
	page.Show(h.Kit, c, http.StatusOK, "search", "desk.search", v, body)
}
