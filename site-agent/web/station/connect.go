package station

import (
	"buktihadir/site-agent/web/certificate"
	"buktihadir/site-agent/web/page"
	"net"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/skip2/go-qrcode"
)

// place is one address under which phones reach the desk.
type place struct{ Host, URL string }

func (h *Handlers) places() []place {
	if h.authority == nil {
		return nil
	}
	var out []place
	for _, ip := range certificate.LANAddresses() {
		out = append(out, place{ip.String(), h.secureURL(ip.String())})
	}
	return out
}

func (h *Handlers) secureURL(host string) string {
	address := net.JoinHostPort(host, h.tlsPort)
	if h.tlsPort == "443" {
		address = host
	}
	return (&url.URL{Scheme: "https", Host: address, Path: "/"}).String()
}

// ConnectPage shows the connect page.
func (h *Handlers) ConnectPage(c *gin.Context, v page.Visitor) {
	body := struct {
		Plain, Secure     bool
		MayPair           bool
		Here, Fingerprint string
		Addresses         []place
	}{Plain: c.Request.TLS == nil && !page.AtMachine(c.Request), Secure: h.authority != nil, MayPair: v.Supervisor ||
		page.AtMachine(c.Request), Addresses: h.places()}
	if h.authority != nil {
		body.Fingerprint = h.authority.Fingerprint()
	}
	if host, _, err := net.SplitHostPort(c.Request.Host); err == nil && body.Plain {
		body.Here = h.secureURL(host)
	}
	page.Show(h.Kit, c, http.StatusOK, "connect", "desk.connect", v, body)
}

// ConnectCode draws one of the desk's own addresses as a QR code.
func (h *Handlers) ConnectCode(c *gin.Context, _ page.Visitor) {
	at := c.Query("at")
	for _, p := range h.places() {
		if p.Host != at {
			continue
		}
		h.drawCode(c, p.URL)
		return
	}
	h.ShowError(c, http.StatusNotFound, "not_found")
}

func (h *Handlers) drawCode(c *gin.Context, text string) {
	png, err := qrcode.Encode(text, qrcode.Medium, 360)
	if err != nil {
		h.Internal(c, "draw a code", err)
		return
	}
	c.Data(http.StatusOK, "image/png", png)
}

// ServeCertificate gives the authority's certificate as a file.
func (h *Handlers) ServeCertificate(c *gin.Context, _ page.Visitor) {
	if h.authority == nil {
		h.ShowError(c, http.StatusNotFound, "not_found")
		return
	}
	c.Header("Content-Disposition", `attachment; filename="bukti-hadir.crt"`)
	c.Data(http.StatusOK, "application/x-x509-ca-cert", h.authority.DER())
}
