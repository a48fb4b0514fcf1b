package station

import (
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/pairing"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// PostCode answers the code request.
func (h *Handlers) PostCode(c *gin.Context, v page.Visitor) {
	preset := h.presetOf(c)
	o, err := h.Devices.Offer(preset, v.ID)
	switch problem := wrong(err); {
	case err == nil:
		c.Redirect(http.StatusSeeOther, "/devices/codes/"+o.ID.String())
	case !problem.Empty():
		h.showDevices(c, v, http.StatusUnprocessableEntity, h.presetForm(preset, err))
	default:
		h.Internal(c, "make a pairing code", err)
	}
}

type codeBody struct {
	pairing.Offer
	Addresses []place
	Until     models.Millis
	Used      bool
	Waiting   bool // a device may still use it
}

// Spelled is the code as a person types it.
func (b codeBody) Spelled() string { return b.Code[:5] + "-" + b.Code[5:] }

// offered gives the code that the address names, or sends an error if there is none.
func (h *Handlers) offered(c *gin.Context) (o pairing.Offer, left time.Duration, ok bool) {
	id, err := uuid.Parse(c.Param("id"))
	if err == nil {
		o, left, ok = h.Devices.Offered(id)
	}
	if !ok {
		h.ShowError(c, http.StatusNotFound, "not_found")
	}
	return o, left, ok
}

// CodePage shows the code page.
func (h *Handlers) CodePage(c *gin.Context, v page.Visitor) {
	o, left, ok := h.offered(c)
	if !ok {
		return
	}
	if left > 0 && c.GetHeader("HX-Request") != "" { // nothing is new
		c.Status(http.StatusNoContent)
		return
	}
	page.Show(h.Kit, c, http.StatusOK, "code", "device.add", v,
		codeBody{Offer: o, Addresses: h.places(), Until: h.Now().Add(left), Used: o.Device != uuid.Nil, Waiting: left > 0})
}

// CodeImage draws the address that a device's camera is to open.
func (h *Handlers) CodeImage(c *gin.Context, _ page.Visitor) {
	o, left, ok := h.offered(c)
	if !ok {
		return
	}
	for _, p := range h.places() {
		if p.Host == c.Query("at") && left > 0 {
			h.drawCode(c, p.URL+"pair?"+url.Values{"code": {o.Code}}.Encode())
			return
		}
	}
	h.ShowError(c, http.StatusNotFound, "not_found")
}

type pairBody struct {
	Code    string
	Preset  store.Preset // of the code; no name: it is still to be typed
	Problem templates.Text
}

// PairPage asks whether this device should join; it does not change anything yet.
func (h *Handlers) PairPage(c *gin.Context, _ page.Visitor) {
	body := pairBody{Code: c.Query("code")}
	status := http.StatusOK
	if body.Code != "" {
		status = h.peek(c, &body)
	}
	page.Show(h.Kit, c, status, "pair", "device.pair", page.Visitor{}, body)
}

// peek looks a code up for a client that has not guessed too often.
func (h *Handlers) peek(c *gin.Context, body *pairBody) int {
	from := page.Address(c.Request)
	if h.guesses.Over(from) {
		body.Problem = templates.Say("desk.sign_in.locked")
		return http.StatusTooManyRequests
	}
	var err error
	if body.Preset, err = h.Devices.Peek(body.Code); err != nil {
		h.guesses.Wrong(from)
		body.Problem = wrong(err)
		return http.StatusForbidden
	}
	return http.StatusOK
}

// PostPair answers the pair request.
func (h *Handlers) PostPair(c *gin.Context, _ page.Visitor) {
	body := pairBody{Code: c.PostForm("code")}
	if status := h.peek(c, &body); status != http.StatusOK {
		page.Show(h.Kit, c, status, "pair", "device.pair", page.Visitor{}, body)
		return
	}
	d, key, err := h.Devices.Join(c.Request.Context(), body.Code)
	if problem := wrong(err); !problem.Empty() { // somebody else was quicker
		page.Show(h.Kit, c, http.StatusConflict, "pair", "device.pair", page.Visitor{}, pairBody{Problem: problem})
		return
	}
	if err != nil {
		h.Internal(c, "pair a device", err)
		return
	}
	h.guesses.Right(page.Address(c.Request))
	if old, err := c.Request.Cookie(page.CookieName(c.Request)); err == nil {
		h.Sessions.End(page.KeyOf(old.Value))
		h.SaveSignIns(c.Request.Context())
	}
	h.Log.Info("a device was paired", "device", d.ID, "name", d.Name, "address", page.Address(c.Request))
	http.SetCookie(c.Writer, page.SecretCookie(c.Request, "device", key, page.DeviceFor))
	http.SetCookie(c.Writer, page.KeyCookie(c.Request, ""))
	if d.Use == store.UseScreen {
		c.Redirect(http.StatusSeeOther, "/screen")
		return
	}
	c.Redirect(http.StatusSeeOther, "/sign-in")
}
