package station

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/site-agent/pairing"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// This file makes phones and screens devices of this desk, see package pairing.

// pairedRow is a device as lists show it.
type pairedRow struct {
	pairing.Device
	Officers []string // signed in on it
}

func (h *Handlers) pairedRows() []pairedRow {
	var rows []pairedRow
	signedIn := h.Sessions.List()
	for _, d := range h.Devices.Devices() {
		row := pairedRow{Device: d}
		for _, x := range signedIn {
			if o, ok := h.Desk.Officer(x.Officer); ok && x.Paired == d.ID {
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

// DevicesPage shows the devices page.
func (h *Handlers) DevicesPage(c *gin.Context, v page.Visitor) {
	h.showDevices(c, v, http.StatusOK, h.presetForm(store.Preset{Use: store.UseDesk}, nil))
}

func (h *Handlers) showDevices(c *gin.Context, v page.Visitor, status int, form presetForm) {
	body := devicesBody{Paired: h.pairedRows(), MayPair: true, Policy: h.Devices.Policy(), Form: form, Saved: c.Query("saved") != "", Network: len(h.places()) > 0}
	page.Show(h.Kit, c, status, "devices", "device.title", v, body)
}

// wrong is the text for an error of package pairing; empty: it is not the user's fault.
func wrong(err error) templates.Text {
	for key, e := range map[string]error{"device.wrong_name": pairing.ErrName, "device.taken": pairing.ErrTaken, "device.wrong_code": pairing.ErrCode,
		"desk.error.reason": pairing.ErrReason} {
		if errors.Is(err, e) {
			return templates.Say(key)
		}
	}
	return templates.Text{}
}

// PostPolicy answers the policy request.
func (h *Handlers) PostPolicy(c *gin.Context, v page.Visitor) {
	p := store.DevicePolicy{PairedOnly: c.PostForm("paired_only") != "", ScreenNames: c.PostForm("screen_names") != ""}
	if err := h.Devices.SetPolicy(c.Request.Context(), p, v.ID); err != nil {
		h.Internal(c, "set the policy for devices", err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/devices?saved=1")
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
	Who string // empty: the person at the agent's computer
}

func (h *Handlers) asked(c *gin.Context) (pairing.Device, bool) {
	id, err := uuid.Parse(c.Param("id"))
	if err == nil {
		if d, ok := h.Devices.Device(id); ok {
			return d, true
		}
	}
	h.ShowError(c, http.StatusNotFound, "not_found")
	return pairing.Device{}, false
}

// DevicePage shows the device page.
func (h *Handlers) DevicePage(c *gin.Context, v page.Visitor) {
	if d, ok := h.asked(c); ok {
		h.showDevice(c, v, http.StatusOK, deviceBody{Device: d, Form: h.presetForm(d.Preset, nil)})
	}
}

func (h *Handlers) showDevice(c *gin.Context, v page.Visitor, status int, body deviceBody) {
	changes, err := h.Devices.Changes(c.Request.Context(), body.ID)
	if err != nil {
		h.Internal(c, "read what was done to a device", err)
		return
	}
	for _, x := range changes {
		row := deviceChange{DeviceChange: x}
		if o, ok := h.Desk.Officer(x.Officer); ok {
			row.Who = o.Name
		}
		body.Changes = append(body.Changes, row)
	}
	page.Show(h.Kit, c, status, "device", "device.one", v, body)
}

// PostDevice answers the device request.
func (h *Handlers) PostDevice(c *gin.Context, v page.Visitor) {
	d, ok := h.asked(c)
	if !ok {
		return
	}
	preset := h.presetOf(c)
	err := h.Devices.Set(c.Request.Context(), d.ID, preset, v.ID)
	if err == nil && preset.Use != d.Use { // a kiosk begins, and ends, with a PIN
		h.EndOn(c.Request.Context(), d)
	}
	h.afterDevice(c, v, err, deviceBody{Device: d, Form: h.presetForm(preset, err)})
}

// PostRevoke signs the device out at once, wherever it is.
func (h *Handlers) PostRevoke(c *gin.Context, v page.Visitor) {
	d, ok := h.asked(c)
	if !ok {
		return
	}
	err := h.Devices.Revoke(c.Request.Context(), d.ID, c.PostForm("reason"), v.ID)
	if err == nil {
		h.ShutOut(c.Request.Context(), d)
	}
	h.afterDevice(c, v, err, deviceBody{Device: d, Form: h.presetForm(d.Preset, nil), Reason: c.PostForm("reason"), Problem: wrong(err)})
}

func (h *Handlers) afterDevice(c *gin.Context, v page.Visitor, err error, body deviceBody) {
	switch {
	case err == nil:
		c.Redirect(http.StatusSeeOther, "/devices?saved=1")
	case errors.Is(err, pairing.ErrDevice):
		h.ShowError(c, http.StatusConflict, "not_found")
	case !wrong(err).Empty():
		h.showDevice(c, v, http.StatusUnprocessableEntity, body)
	default:
		h.Internal(c, "change a device", err)
	}
}
