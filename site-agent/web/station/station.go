package station

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// deviceRow is one signed-in device.
type deviceRow struct {
	Officer, Place, Address string
	Seen                    models.Millis
	Here                    bool
}

type stationBody struct {
	Site, Agent         string
	Clock               models.Confidence
	RosterAt, Contact   models.Millis
	Restored            models.Millis // see desk.Status
	RestoredBy          string
	People, Revision    uint64
	Head, Unsent        uint64
	Disk                models.Disk
	MaySync, Supervisor bool
	MayCarry, MayPair   bool
	Devices             []deviceRow
	Paired              []pairedRow
	Awaited             []page.AwaitedRow
	Others              []otherRow
	Ready               readyBody
}

// StationPage shows the station page.
func (h *Handlers) StationPage(c *gin.Context, v page.Visitor) {
	status, err := h.Desk.Status(c.Request.Context())
	if err != nil {
		h.Internal(c, "read the desk's status", err)
		return
	}
	body := stationBodyOf(status)
	body.Disk = h.FreeDisk()
	body.MaySync, body.Supervisor = h.Sync != nil, v.Supervisor
	body.MayCarry = h.Carry != nil && v.Supervisor
	body.Awaited = h.Awaited()
	body.MayPair, body.Paired = v.Supervisor || page.AtMachine(c.Request), h.pairedRows()
	now := h.Now()
	body.Others = h.otherRows(now)
	for _, d := range h.Sessions.List() {
		row := deviceRow{Address: d.Address, Seen: now.Add(-d.Unused), Here: d.Key == v.Key}
		if o, ok := h.Desk.Officer(d.Officer); ok {
			row.Officer = o.Name
		}
		if p, ok := h.Devices.Device(d.Paired); ok {
			row.Place = p.Label()
		}
		body.Devices = append(body.Devices, row)
	}
	page := templates.Page[stationBody]{Frame: h.Frame(c, "desk.station", v), Body: body}
	if page.Body.Ready, err = h.ready(c.Request.Context(), page.Lang); err != nil {
		h.Internal(c, "read the desk's status", err)
		return
	}
	switch c.Query("sync") {
	case "done":
		page.Flash = []templates.Flash{{Tone: templates.Good, Text: templates.Say("desk.station.synced")}}
	case "failed":
		page.Flash = []templates.Flash{{Tone: templates.Warn, Text: templates.Say("desk.station.sync_failed")}}
	}
	h.Render(c, http.StatusOK, "agent/station", "layout", page)
}

func stationBodyOf(status desk.Status) stationBody {
	name := status.Name
	if name == "" {
		name = status.Agent.String()
	}
	return stationBody{
		Site: status.Site.Name, Agent: name, Clock: status.Clock, RosterAt: status.RosterConfirmed, Contact: status.LastContact, Restored: status.Restored,
		RestoredBy: status.RestoredBy,
		People:     uint64(max(status.People, 0)), Revision: status.RosterRevision, Head: status.Head, Unsent: status.Unsent,
	}
}

// PostSync answers the sync request.
func (h *Handlers) PostSync(c *gin.Context, _ page.Visitor) {
	if h.Sync == nil {
		h.ShowError(c, http.StatusNotFound, "not_found")
		return
	}
	outcome := "done"
	if err := h.Sync(c.Request.Context()); err != nil {
		h.Log.Warn("sync by hand", "error", err)
		outcome = "failed"
	}
	c.Redirect(http.StatusSeeOther, "/station?sync="+outcome)
}
