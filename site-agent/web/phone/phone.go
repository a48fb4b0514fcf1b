package phone

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/web/page"
)

// This file has what a phone needs to continue while this agent does not answer, see
// package offline.

// MaxHandOver bounds one hand-over by a phone, in bytes.
const MaxHandOver = 256 << 10

// PostContact stamps a meeting with a phone, and gives it what has changed.
func (h *Handlers) PostContact(c *gin.Context, v page.Visitor) {
	var form struct {
		page.PhoneReport
		Have  string          `json:"have"`
		Until roster.Deadline `json:"until"`
	}
	form.Waiting = page.Unsaid
	if err := json.NewDecoder(c.Request.Body).Decode(&form); err != nil || form.Phone == uuid.Nil {
		h.Refuse(c, page.ErrForm)
		return
	}
	if h.Phones.Heard(form.PhoneReport, form.Until, v) {
		h.SavePhones(c.Request.Context())
	}
	stamp, version, kit := h.Desk.Contact(v.ID, form.Phone, form.Have, h.place(v))
	c.JSON(http.StatusOK, struct {
		Stamp   offline.Stamp `json:"stamp"`
		Version string        `json:"version"`
		Kit     *offline.Kit  `json:"kit,omitempty"`
	}{stamp, version, kit})
}

type handOverForm struct {
	Phone uuid.UUID       `json:"phone"`
	Sent  offline.Reading `json:"sent"` // the phone's clocks as it sends this
	Held  []struct {
		ID   uuid.UUID       `json:"id"`
		Held json.RawMessage `json:"held"`
	} `json:"held"`
}

// PostHandOver accepts a phone's queue, in its order. Everything is journaled: an item
// that cannot be read becomes an unreadable scan. The answer names the items that are
// durable.
func (h *Handlers) PostHandOver(c *gin.Context, v page.Visitor) {
	var form handOverForm
	if err := json.NewDecoder(c.Request.Body).Decode(&form); err != nil {
		h.Refuse(c, page.ErrForm)
		return
	}
	kept := make([]uuid.UUID, 0, len(form.Held))
	for _, x := range form.Held {
		var q offline.Queued
		if err := json.Unmarshal(x.Held, &q); err != nil || !fits(q.Ask) {
			q = offline.Queued{Ask: offline.Ask{Code: string(x.Held)}, Here: form.Sent, Contact: form.Sent}
		}
		if q.Ask.ID = x.ID; x.ID == uuid.Nil {
			q.Ask.ID = uuid.NewSHA1(uuid.Nil, x.Held)
		}
		q.Ask.Desk = v.Desk(q.Ask.Desk)
		if _, err := h.Desk.TakeQueued(c.Request.Context(), v.ID, form.Sent, q); err != nil {
			h.Log.Error("not taken over from a phone", "error", err)
			break
		}
		h.Devices.Scanned(v.Device.ID)
		h.Phones.HandsOver(form.Phone, q)
		kept = append(kept, x.ID)
	}
	status := http.StatusOK
	if len(kept) < len(form.Held) {
		status = http.StatusServiceUnavailable
	}
	c.JSON(status, struct {
		Kept []uuid.UUID `json:"kept"`
	}{kept})
}

// fits says whether an ask is one that a page makes.
func fits(a offline.Ask) bool {
	form := page.ScanForm{ID: a.ID, Method: a.Method, Direction: a.Direction, Desk: a.Desk, Digits: a.Digits}
	_, err := form.Request(page.Visitor{})
	return !errors.Is(err, page.ErrForm)
}

// PostFarewell notes a phone that says goodbye. It accepts every phone's: it may be
// signed out by now.
func (h *Handlers) PostFarewell(c *gin.Context, _ page.Visitor) {
	var x page.PhoneReport
	if err := json.NewDecoder(c.Request.Body).Decode(&x); err != nil {
		h.Refuse(c, page.ErrForm)
		return
	}
	h.Phones.Leaves(x)
	if x.Erased {
		h.SavePhones(c.Request.Context())
	}
	c.Status(http.StatusNoContent)
}

// place is what a phone is set to while it is on its own.
func (h *Handlers) place(v page.Visitor) offline.Place {
	label := v.Device.Label()
	return offline.Place{Desk: strings.ToValidUTF8(label[:min(len(label), page.MaxDesk)], ""), Classes: v.Device.Classes, Gates: h.Gates()}
}
