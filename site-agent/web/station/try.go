package station

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/models/ticket"
	"buktihadir/site-agent/web/page"
)

// tryCode is a code that is not a ticket; it only shows that a camera or a scanner reads.
// It has every letter and digit that some keyboard has elsewhere.
const tryCode = "BHTEST0123456789AMQWYZ"

// TryPage reads codes and records nothing: a new phone or scanner is tried with it.
func (h *Handlers) TryPage(c *gin.Context, v page.Visitor) {
	page.Show(h.Kit, c, http.StatusOK, "try", "try.title", v, tryCode)
}

// tryForm is what the page for trying sends: a code as the desk's pages read it.
type tryForm struct {
	Code string `json:"code"`
	Alt  string `json:"alt"`
}

// tryAnswer says what a code is, as a word that the page has a text for.
type tryAnswer struct {
	Kind   string        `json:"kind"` // test, ticket or other
	Name   string        `json:"name,omitempty"`
	Layout ticket.Layout `json:"layout,omitempty"` // of the scanner's keyboard
	Before string        `json:"before,omitempty"` // what the scanner puts before the test code
	After  string        `json:"after,omitempty"`
}

// PostTry answers the try request.
func (h *Handlers) PostTry(c *gin.Context, _ page.Visitor) {
	form, ok := page.Read[tryForm](h.Kit, c)
	if !ok {
		return
	}
	c.JSON(http.StatusOK, h.try(form))
}

func (h *Handlers) try(form tryForm) tryAnswer {
	for text, layout := range ticket.Readings(form.Code, form.Alt) {
		if before, after, test := strings.Cut(strings.ToUpper(text), tryCode); test {
			return tryAnswer{Kind: "test", Layout: layout, Before: before, After: after}
		}
		if name, genuine := h.Desk.Try(text); genuine {
			return tryAnswer{Kind: "ticket", Layout: layout, Name: name}
		}
	}
	return tryAnswer{Kind: "other"}
}

// TryImage draws the code that the page for trying reads.
func (h *Handlers) TryImage(c *gin.Context, _ page.Visitor) { h.drawCode(c, tryCode) }
