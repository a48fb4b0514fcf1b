package checkin

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/web/page"
)

// ReceiptsPage lists a session's receipts, to print: for who has no phone.
func (h *Handlers) ReceiptsPage(c *gin.Context, v page.Visitor) {
	n, ok := h.session(c)
	if !ok {
		return
	}
	body := struct {
		roster.Count
		Lines []roster.Line
	}{Count: n}
	for _, l := range h.Desk.Lines(n.ID) {
		if l.In != 0 || l.Out != 0 {
			body.Lines = append(body.Lines, l)
		}
	}
	page.Show(h.Kit, c, http.StatusOK, "receipts", "receipt.list", v, body)
}
