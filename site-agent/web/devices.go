package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/pairing"
	"buktihadir/site-agent/store"
	"buktihadir/templates"
)

// What makes phones and screens devices of this desk, see package pairing.

const (
	devicesPath = "/devices"
	codesPath   = devicesPath + "/codes"
	pairPath    = "/pair"
	// deviceFor is how long a browser keeps a device's key at most; none keeps longer.
	deviceFor = 400 * 24 * time.Hour
)

func (s *Server) deviceRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, devicesPath, host, s.devicesPage},
		{post, devicesPath + "/policy", host, s.postPolicy},
		{post, codesPath, host, s.postCode},
		{get, codesPath + "/:id", host, s.codePage},
		{get, codesPath + "/:id/code.png", host, s.codeImage},
		{get, devicesPath + "/:id", host, s.devicePage},
		{post, devicesPath + "/:id", host, s.postDevice},
		{post, devicesPath + "/:id/revoke", host, s.postRevoke},
		{get, pairPath, anyone, s.pairPage},
		{post, pairPath, anyone, s.postPair},
	}
}

// paired is the device that asks; zero if it is none of this desk's, or no longer.
func (s *Server) paired(r *http.Request) pairing.Device {
	if d, ok := s.everPaired(r); ok && d.Active() {
		return d
	}
	return pairing.Device{}
}

func (s *Server) everPaired(r *http.Request) (pairing.Device, bool) {
	cookie, err := r.Cookie(prefixed(r, "device"))
	if err != nil {
		return pairing.Device{}, false
	}
	return s.Devices.Known(cookie.Value)
}

// welcome says whether staff may sign in on a device.
func (s *Server) welcome(r *http.Request, d pairing.Device) bool {
	return d.Active() || atMachine(r) || !s.Devices.Policy().PairedOnly
}

// stranger says why staff may not; empty: they may.
func (s *Server) stranger(r *http.Request) templates.Text {
	d, known := s.everPaired(r)
	switch {
	case s.welcome(r, s.paired(r)):
		return templates.Text{}
	case known:
		return templates.Say("device.revoked_here", "Name", d.Name)
	}
	return templates.Say("device.unknown_here")
}

// pairedRow is a device as lists show it.
type pairedRow struct {
	pairing.Device
	Officers []string // signed in on it
}

func (s *Server) pairedRows() []pairedRow {
	var rows []pairedRow
	signedIn := s.sessions.devices()
	for _, d := range s.Devices.Devices() {
		row := pairedRow{Device: d}
		for _, x := range signedIn {
			if o, ok := s.Desk.Officer(x.officer); ok && x.paired == d.ID {
				row.Officers = append(row.Officers, o.Name)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

type devicesBody struct {
	Paired  []pairedRow
	MayPair bool
	Policy  store.DevicePolicy
	Form    presetForm
	Saved   bool
	Network bool
}

func (s *Server) devicesPage(c *gin.Context, v visitor) {
	s.showDevices(c, v, http.StatusOK, s.presetForm(store.Preset{Use: store.UseDesk}, nil))
}

func (s *Server) showDevices(c *gin.Context, v visitor, status int, form presetForm) {
	body := devicesBody{Paired: s.pairedRows(), MayPair: true, Policy: s.Devices.Policy(), Form: form, Saved: c.Query("saved") != "", Network: len(s.places()) > 0}
	show(s, c, status, "devices", "device.title", v, body)
}

// wrong is what to tell a person about an error of package pairing; empty: it is not theirs.
func wrong(err error) templates.Text {
	for key, e := range map[string]error{"device.wrong_name": pairing.ErrName, "device.taken": pairing.ErrTaken, "device.wrong_code": pairing.ErrCode,
		"desk.error.reason": pairing.ErrReason} {
		if errors.Is(err, e) {
			return templates.Say(key)
		}
	}
	return templates.Text{}
}

func (s *Server) postPolicy(c *gin.Context, v visitor) {
	p := store.DevicePolicy{PairedOnly: c.PostForm("paired_only") != "", ScreenNames: c.PostForm("screen_names") != ""}
	if err := s.Devices.SetPolicy(c.Request.Context(), p, v.ID); err != nil {
		s.internal(c, "set the policy for devices", err)
		return
	}
	c.Redirect(http.StatusSeeOther, devicesPath+"?saved=1")
}

func (s *Server) postCode(c *gin.Context, v visitor) {
	preset := s.presetOf(c)
	o, err := s.Devices.Offer(preset, v.ID)
	switch problem := wrong(err); {
	case err == nil:
		c.Redirect(http.StatusSeeOther, codesPath+"/"+o.ID.String())
	case !problem.Empty():
		s.showDevices(c, v, http.StatusUnprocessableEntity, s.presetForm(preset, err))
	default:
		s.internal(c, "make a pairing code", err)
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

// offered gives the code that the address names, or answers that there is none.
func (s *Server) offered(c *gin.Context) (o pairing.Offer, left time.Duration, ok bool) {
	id, err := uuid.Parse(c.Param("id"))
	if err == nil {
		o, left, ok = s.Devices.Offered(id)
	}
	if !ok {
		s.showError(c, http.StatusNotFound, "not_found")
	}
	return o, left, ok
}

func (s *Server) codePage(c *gin.Context, v visitor) {
	o, left, ok := s.offered(c)
	if !ok {
		return
	}
	if left > 0 && c.GetHeader("HX-Request") != "" { // nothing is new
		c.Status(http.StatusNoContent)
		return
	}
	show(s, c, http.StatusOK, "code", "device.add", v,
		codeBody{Offer: o, Addresses: s.places(), Until: s.Now().Add(left), Used: o.Device != uuid.Nil, Waiting: left > 0})
}

// codeImage draws the address that a device's camera is to open.
func (s *Server) codeImage(c *gin.Context, _ visitor) {
	o, left, ok := s.offered(c)
	if !ok {
		return
	}
	for _, p := range s.places() {
		if p.Host == c.Query("at") && left > 0 {
			s.drawCode(c, p.URL+strings.TrimPrefix(pairPath, "/")+"?"+url.Values{"code": {o.Code}}.Encode())
			return
		}
	}
	s.showError(c, http.StatusNotFound, "not_found")
}

type deviceBody struct {
	pairing.Device
	Form    presetForm
	Reason  string
	Problem templates.Text // with the reason
	Changes []deviceChange
}

type deviceChange struct {
	store.DeviceChange
	Who string // empty: whoever sat at the computer
}

func (s *Server) asked(c *gin.Context) (pairing.Device, bool) {
	id, err := uuid.Parse(c.Param("id"))
	if err == nil {
		if d, ok := s.Devices.Device(id); ok {
			return d, true
		}
	}
	s.showError(c, http.StatusNotFound, "not_found")
	return pairing.Device{}, false
}

func (s *Server) devicePage(c *gin.Context, v visitor) {
	if d, ok := s.asked(c); ok {
		s.showDevice(c, v, http.StatusOK, deviceBody{Device: d, Form: s.presetForm(d.Preset, nil)})
	}
}

func (s *Server) showDevice(c *gin.Context, v visitor, status int, body deviceBody) {
	changes, err := s.Devices.Changes(c.Request.Context(), body.ID)
	if err != nil {
		s.internal(c, "read what was done to a device", err)
		return
	}
	for _, x := range changes {
		row := deviceChange{DeviceChange: x}
		if o, ok := s.Desk.Officer(x.Officer); ok {
			row.Who = o.Name
		}
		body.Changes = append(body.Changes, row)
	}
	show(s, c, status, "device", "device.one", v, body)
}

func (s *Server) postDevice(c *gin.Context, v visitor) {
	d, ok := s.asked(c)
	if !ok {
		return
	}
	preset := s.presetOf(c)
	err := s.Devices.Set(c.Request.Context(), d.ID, preset, v.ID)
	if err == nil && preset.Use != d.Use { // a kiosk begins, and ends, with a PIN
		s.endOn(c.Request.Context(), d)
	}
	s.afterDevice(c, v, err, deviceBody{Device: d, Form: s.presetForm(preset, err)})
}

// endOn signs out whoever is signed in on a device.
func (s *Server) endOn(ctx context.Context, d pairing.Device) {
	s.sessions.endWhere(func(_ signKey, x *session) bool { return x.device == d.ID })
	s.keep(ctx)
}

// postRevoke signs the device out at once, wherever it is.
func (s *Server) postRevoke(c *gin.Context, v visitor) {
	d, ok := s.asked(c)
	if !ok {
		return
	}
	err := s.Devices.Revoke(c.Request.Context(), d.ID, c.PostForm("reason"), v.ID)
	if err == nil {
		s.shutOut(c.Request.Context(), d)
	}
	s.afterDevice(c, v, err, deviceBody{Device: d, Form: s.presetForm(d.Preset, nil), Reason: c.PostForm("reason"), Problem: wrong(err)})
}

func (s *Server) afterDevice(c *gin.Context, v visitor, err error, body deviceBody) {
	switch {
	case err == nil:
		c.Redirect(http.StatusSeeOther, devicesPath+"?saved=1")
	case errors.Is(err, pairing.ErrDevice):
		s.showError(c, http.StatusConflict, "not_found")
	case !wrong(err).Empty():
		s.showDevice(c, v, http.StatusUnprocessableEntity, body)
	default:
		s.internal(c, "change a device", err)
	}
}

type pairBody struct {
	Code    string
	Preset  store.Preset // of the code; no name: it is still to be typed
	Problem templates.Text
}

// pairPage asks whether this device is to join; it changes nothing yet.
func (s *Server) pairPage(c *gin.Context, _ visitor) {
	body := pairBody{Code: c.Query("code")}
	status := http.StatusOK
	if body.Code != "" {
		status = s.peek(c, &body)
	}
	show(s, c, status, "pair", "device.pair", visitor{}, body)
}

// peek looks a code up, for who has not guessed too often.
func (s *Server) peek(c *gin.Context, body *pairBody) int {
	from := address(c.Request)
	if s.guesses.over(from) {
		body.Problem = templates.Say("desk.sign_in.locked")
		return http.StatusTooManyRequests
	}
	var err error
	if body.Preset, err = s.Devices.Peek(body.Code); err != nil {
		s.guesses.wrong(from)
		body.Problem = wrong(err)
		return http.StatusForbidden
	}
	return http.StatusOK
}

func (s *Server) postPair(c *gin.Context, _ visitor) {
	body := pairBody{Code: c.PostForm("code")}
	if status := s.peek(c, &body); status != http.StatusOK {
		show(s, c, status, "pair", "device.pair", visitor{}, body)
		return
	}
	d, key, err := s.Devices.Join(c.Request.Context(), body.Code)
	if problem := wrong(err); !problem.Empty() { // somebody else was quicker
		show(s, c, http.StatusConflict, "pair", "device.pair", visitor{}, pairBody{Problem: problem})
		return
	}
	if err != nil {
		s.internal(c, "pair a device", err)
		return
	}
	s.guesses.right(address(c.Request))
	if old, err := c.Request.Cookie(cookieName(c.Request)); err == nil {
		s.sessions.end(keyOf(old.Value))
		s.keep(c.Request.Context())
	}
	s.Log.Info("a device was paired", "device", d.ID, "name", d.Name, "address", address(c.Request))
	http.SetCookie(c.Writer, secretCookie(c.Request, "device", key, deviceFor))
	http.SetCookie(c.Writer, keyCookie(c.Request, ""))
	if d.Use == store.UseScreen {
		c.Redirect(http.StatusSeeOther, screenPath)
		return
	}
	c.Redirect(http.StatusSeeOther, "/sign-in")
}
