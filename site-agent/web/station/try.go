package station

import (
	"buktihadir/site-agent/web/page"
	"net/http"

	"github.com/gin-gonic/gin"
)

// TryPage reads codes and records nothing: a new phone is tried with it.
func (h *Handlers) TryPage(c *gin.Context, v page.Visitor) {
	page.Show(h.Kit, c, http.StatusOK, "try", "try.title", v, struct{}{})
}

// tryCode is a code that is not a ticket; it only shows that a camera reads.
const tryCode = "BUKTI-HADIR-TEST"

// tryForm is what the page for trying a phone sends.
type tryForm struct {
	Code string `json:"code"`
}

// tryAnswer says what a code is, as a word that the page has a text for.
type tryAnswer struct {
	Kind string `json:"kind"` // test, ticket or other
	Name string `json:"name,omitempty"`
}

// PostTry answers the try request.
func (h *Handlers) PostTry(c *gin.Context, _ page.Visitor) {
	form, ok := page.Read[tryForm](h.Kit, c)
	if !ok {
		return
	}
	answer := tryAnswer{Kind: "other"}
	if form.Code == tryCode {
		answer.Kind = "test"
	} else if name, genuine := h.Desk.Try(form.Code); genuine {
		answer = tryAnswer{"ticket", name}
	}
	c.JSON(http.StatusOK, answer)
}

// TryImage draws the code that the page for trying a phone reads.
func (h *Handlers) TryImage(c *gin.Context, _ page.Visitor) { h.drawCode(c, tryCode) }
