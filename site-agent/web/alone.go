package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/roster"
	"buktihadir/templates"
)

// What a phone needs to go on while this agent doesn't answer, see package offline.

const (
	contactPath  = apiRoot + "contact"
	handOverPath = apiRoot + "hand-over"
	// maxHandOver bounds what a phone hands over at once, in bytes.
	maxHandOver = 256 << 10
)

func (s *Server) aloneRoutes() []route {
	return []route{
		{http.MethodGet, "/alone", officer, s.alonePage},
		{http.MethodGet, "/alone.json", officer, s.shell},
		{http.MethodGet, "/sw.js", anyone, s.serviceWorker},
		{http.MethodGet, "/manifest.webmanifest", anyone, s.manifest},
		{http.MethodPost, contactPath, officer, s.contact},
		{http.MethodPost, handOverPath, officer, s.handOver},
		{http.MethodPost, farewellPath, anyone, s.farewell},
	}
}

// byItself says which routes pages use without anybody touching them.
func byItself(path string) bool {
	return strings.HasSuffix(path, "/live") || isStream(path) || path == contactPath || path == handOverPath || path == farewellPath || path == "/alone" || path == "/alone.json"
}

// alonePage is the scanner with nobody's name on it: a phone keeps it for when there is
// no answer.
func (s *Server) alonePage(c *gin.Context, _ visitor) {
	body := s.screen(c.Request)
	body.Supervisors, body.Labels, body.Alone = nil, false, true
	page := templates.Page[screen]{Frame: s.frame(c, "desk.scan", visitor{}), Body: body}
	page.Desk = nil // how the desk stands is not known then
	s.render(c, http.StatusOK, "agent/scan", "layout", page)
}

// shell lists what that page is made of.
func (s *Server) shell(c *gin.Context, _ visitor) {
	files, err := s.Pages.Assets.Offline("app.css", "dark.css", "desk.css", "scan.css", "alone.css", "mark.svg", "js/desk-*.js", "js/*-worker.js", "vendor/htmx/htmx.min.js",
		"vendor/lucide/icons.svg", "vendor/zxing-wasm/reader.js", "vendor/zxing-wasm/zxing_reader.wasm", "rulebook/rulebook.wasm", "rulebook/wasm_exec.js")
	if err != nil {
		s.Log.Error("list the shell", "error", err)
		s.showError(c, http.StatusInternalServerError, "internal")
		return
	}
	c.JSON(http.StatusOK, struct {
		Files []string `json:"files"`
	}{append(files, "/alone")})
}

func (s *Server) serviceWorker(c *gin.Context, _ visitor) {
	s.Pages.Assets.File("js/desk-offline.js").ServeHTTP(c.Writer, c.Request)
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// manifest makes the scanner an app that a phone can install
// (https://www.w3.org/TR/appmanifest/).
func (s *Server) manifest(c *gin.Context, _ visitor) {
	mark, err := s.Pages.Assets.URL("mark.svg")
	if err != nil {
		s.Log.Error("draw the manifest", "error", err)
	}
	lang := templates.ChooseLang(c.Writer, c.Request)
	say := func(key string) string { return s.Pages.Texts.T(lang, key) }
	text, err := json.Marshal(struct {
		ID         string         `json:"id"`
		Name       string         `json:"name"`
		Short      string         `json:"short_name"`
		Start      string         `json:"start_url"`
		Scope      string         `json:"scope"`
		Display    string         `json:"display"`
		Lang       string         `json:"lang"`
		Background string         `json:"background_color"`
		Theme      string         `json:"theme_color"`
		Icons      []manifestIcon `json:"icons"`
	}{"/", say("product.name") + " – " + say("desk.scan"), say("product.name"), "/", "/", "standalone", string(lang), "#0a4643", "#0a4643",
		[]manifestIcon{{mark, "any", "image/svg+xml", "any"}, {mark, "any", "image/svg+xml", "maskable"}}})
	if err != nil {
		s.Log.Error("draw the manifest", "error", err)
	}
	c.Data(http.StatusOK, "application/manifest+json", text)
}

// contact stamps a meeting with a phone, and gives it what has changed.
func (s *Server) contact(c *gin.Context, v visitor) {
	var form struct {
		sign
		Have  string          `json:"have"`
		Until roster.Deadline `json:"until"`
	}
	form.Waiting = unsaid
	if err := json.NewDecoder(c.Request.Body).Decode(&form); err != nil || form.Phone == uuid.Nil {
		s.refuse(c, errForm)
		return
	}
	if s.phones.heard(form.sign, form.Until, v) {
		s.keepPhones(c.Request.Context())
	}
	stamp, version, kit := s.Desk.Contact(v.ID, form.Phone, form.Have, s.place(v))
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

// handOver takes what a phone held, in its order. Whatever it is, it is journaled: what
// can't be read as a scan that can't be read. The answer names what is durable.
func (s *Server) handOver(c *gin.Context, v visitor) {
	var form handOverForm
	if err := json.NewDecoder(c.Request.Body).Decode(&form); err != nil {
		s.refuse(c, errForm)
		return
	}
	kept := make([]uuid.UUID, 0, len(form.Held))
	for _, x := range form.Held {
		var h offline.Queued
		if err := json.Unmarshal(x.Held, &h); err != nil || !fits(h.Ask) {
			h = offline.Queued{Ask: offline.Ask{Code: string(x.Held)}, Here: form.Sent, Contact: form.Sent}
		}
		if h.Ask.ID = x.ID; x.ID == uuid.Nil {
			h.Ask.ID = uuid.NewSHA1(uuid.Nil, x.Held)
		}
		h.Ask.Desk = v.desk(h.Ask.Desk)
		if _, err := s.Desk.TakeQueued(c.Request.Context(), v.ID, form.Sent, h); err != nil {
			s.Log.Error("not taken over from a phone", "error", err)
			break
		}
		s.Devices.Scanned(v.device.ID)
		s.phones.handsOver(form.Phone, h)
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
	form := scanForm{ID: a.ID, Method: a.Method, Direction: a.Direction, Desk: a.Desk, Digits: a.Digits}
	_, err := form.request(visitor{})
	return !errors.Is(err, errForm)
}
