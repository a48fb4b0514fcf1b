package station

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// nearFor is how long after it was heard another agent of the site counts as connected.
const nearFor = time.Minute

// otherRow is another agent of the site as pages show it.
type otherRow struct {
	desk.Other
	Badge templates.Badge
}

func (h *Handlers) otherRows(now models.Millis) []otherRow {
	var rows []otherRow
	for _, o := range h.Desk.Others() {
		row := otherRow{o, templates.Badge{Tone: templates.Neutral, Icon: "wifi-off", Text: templates.Say("others.silent")}}
		if now.Sub(max(o.Server, o.Network)) < nearFor {
			row.Badge = templates.Badge{Tone: templates.Good, Icon: "circle-check", Text: templates.Say("others.near")}
		}
		rows = append(rows, row)
	}
	return rows
}

type othersBody struct {
	Others    []otherRow
	Addresses []string
	Address   string // that was refused
	Problem   templates.Text
}

// OthersPage shows the site's other agents, and where staff say that they answer.
func (h *Handlers) OthersPage(c *gin.Context, v page.Visitor) {
	h.showOthers(c, v, http.StatusOK, othersBody{})
}

func (h *Handlers) showOthers(c *gin.Context, v page.Visitor, status int, body othersBody) {
	var err error
	if body.Addresses, err = h.Store.OtherAddresses(c.Request.Context()); err != nil {
		h.Internal(c, "read the addresses of other agents", err)
		return
	}
	body.Others = h.otherRows(h.Now())
	page.Show(h.Kit, c, status, "others", "others.title", v, body)
}

// PostOther writes the address of another agent down.
func (h *Handlers) PostOther(c *gin.Context, v page.Visitor) {
	address := c.PostForm("address")
	err := h.Store.AddOtherAddress(c.Request.Context(), address)
	body := othersBody{Address: address, Problem: templates.Say("others.wrong")}
	switch {
	case err == nil:
		c.Redirect(http.StatusSeeOther, "/others")
		return
	case errors.Is(err, store.ErrAddresses):
		body.Problem = templates.Say("others.full", "Count", store.MostAddresses)
	case !errors.Is(err, store.ErrAddress):
		h.Internal(c, "keep the address of another agent", err)
		return
	}
	h.showOthers(c, v, http.StatusUnprocessableEntity, body)
}

// PostOtherGone takes an address off the list.
func (h *Handlers) PostOtherGone(c *gin.Context, _ page.Visitor) {
	if err := h.Store.RemoveOtherAddress(c.Request.Context(), c.PostForm("address")); err != nil {
		h.Internal(c, "forget the address of another agent", err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/others")
}
