package web

import (
	"net"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/skip2/go-qrcode"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/templates"
)

// place is one address under which phones reach the desk.
type place struct{ Host, URL string }

func (s *Server) places() []place {
	if s.authority == nil {
		return nil
	}
	var out []place
	for _, ip := range lanAddresses() {
		out = append(out, place{ip.String(), s.secureURL(ip.String())})
	}
	return out
}

func (s *Server) secureURL(host string) string {
	address := net.JoinHostPort(host, s.tlsPort)
	if s.tlsPort == "443" {
		address = host
	}
	return (&url.URL{Scheme: "https", Host: address, Path: "/"}).String()
}

func (s *Server) connectPage(c *gin.Context, v visitor) {
	body := struct {
		Plain, Secure     bool
		MayPair           bool
		Here, Fingerprint string
		Addresses         []place
	}{Plain: c.Request.TLS == nil && !atMachine(c.Request), Secure: s.authority != nil, MayPair: v.Supervisor || atMachine(c.Request), Addresses: s.places()}
	if s.authority != nil {
		body.Fingerprint = s.authority.Fingerprint()
	}
	if host, _, err := net.SplitHostPort(c.Request.Host); err == nil && body.Plain {
		body.Here = s.secureURL(host)
	}
	show(s, c, http.StatusOK, "connect", "desk.connect", v, body)
}

// connectCode draws one of the desk's own addresses as a QR code.
func (s *Server) connectCode(c *gin.Context, _ visitor) {
	at := c.Query("at")
	for _, p := range s.places() {
		if p.Host != at {
			continue
		}
		s.drawCode(c, p.URL)
		return
	}
	s.showError(c, http.StatusNotFound, "not_found")
}

func (s *Server) drawCode(c *gin.Context, text string) {
	png, err := qrcode.Encode(text, qrcode.Medium, 360)
	if err != nil {
		s.internal(c, "draw a code", err)
		return
	}
	c.Data(http.StatusOK, "image/png", png)
}

func (s *Server) certificate(c *gin.Context, _ visitor) {
	if s.authority == nil {
		s.showError(c, http.StatusNotFound, "not_found")
		return
	}
	c.Header("Content-Disposition", `attachment; filename="bukti-hadir.crt"`)
	c.Data(http.StatusOK, "application/x-x509-ca-cert", s.authority.DER())
}

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
	Awaited             []awaitedRow
	Ready               readyBody
}

func (s *Server) stationPage(c *gin.Context, v visitor) {
	status, err := s.Desk.Status(c.Request.Context())
	if err != nil {
		s.internal(c, "read the desk's status", err)
		return
	}
	body := stationBodyOf(status)
	body.Disk = s.disk()
	body.MaySync, body.Supervisor = s.Sync != nil, v.Supervisor
	body.MayCarry = s.Carry != nil && v.Supervisor
	body.Awaited = s.awaited()
	body.MayPair, body.Paired = v.Supervisor || atMachine(c.Request), s.pairedRows()
	now := s.Now()
	for _, d := range s.sessions.devices() {
		row := deviceRow{Address: d.address, Seen: now.Add(-d.unused), Here: d.key == v.key}
		if o, ok := s.Desk.Officer(d.officer); ok {
			row.Officer = o.Name
		}
		if p, ok := s.Devices.Device(d.paired); ok {
			row.Place = p.Label()
		}
		body.Devices = append(body.Devices, row)
	}
	page := templates.Page[stationBody]{Frame: s.frame(c, "desk.station", v), Body: body}
	if page.Body.Ready, err = s.ready(c.Request.Context(), page.Lang); err != nil {
		s.internal(c, "read the desk's status", err)
		return
	}
	switch c.Query("sync") {
	case "done":
		page.Flash = []templates.Flash{{Tone: templates.Good, Text: templates.Say("desk.station.synced")}}
	case "failed":
		page.Flash = []templates.Flash{{Tone: templates.Warn, Text: templates.Say("desk.station.sync_failed")}}
	}
	s.render(c, http.StatusOK, "agent/station", "layout", page)
}

func stationBodyOf(status desk.Status) stationBody {
	name := status.Name
	if name == "" {
		name = status.Agent.String()
	}
	return stationBody{
		Site: status.Site.Name, Agent: name, Clock: status.Clock, RosterAt: status.RosterConfirmed, Contact: status.LastContact, Restored: status.Restored, RestoredBy: status.RestoredBy,
		People: uint64(max(status.People, 0)), Revision: status.RosterRevision, Head: status.Head, Unsent: status.Unsent,
	}
}

func (s *Server) sync(c *gin.Context, _ visitor) {
	if s.Sync == nil {
		s.showError(c, http.StatusNotFound, "not_found")
		return
	}
	outcome := "done"
	if err := s.Sync(c.Request.Context()); err != nil {
		s.Log.Warn("sync by hand", "error", err)
		outcome = "failed"
	}
	c.Redirect(http.StatusSeeOther, "/station?sync="+outcome)
}
