package phone

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"

	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// AlonePage is the scanner without any names on it: a phone keeps it for the time without
// an answer.
func (h *Handlers) AlonePage(c *gin.Context, _ page.Visitor) {
	body := h.Screen(page.Visitor{})
	body.Supervisors, body.Alone = nil, true
	page := templates.Page[page.Screen]{Frame: h.Frame(c, "desk.scan", page.Visitor{}), Body: body}
	page.Desk = nil // how the desk stands is not known then
	h.Render(c, http.StatusOK, "agent/scan", "layout", page)
}

// Shell lists what that page is made of.
func (h *Handlers) Shell(c *gin.Context, _ page.Visitor) {
	files, err := h.Pages.Assets.Offline("app.css", "dark.css", "controls.js", "mark.svg", "qr.js", "desk/page.css", "desk/scan.css", "desk/*.js",
		"vendor/htmx/htmx.min.js", "vendor/lucide/icons.svg", "vendor/qrcode/qrcode.mjs", "vendor/zxing-wasm/reader.js", "vendor/zxing-wasm/zxing_reader.wasm",
		"rulebook/rulebook.wasm", "rulebook/wasm_exec.js")
	if err != nil {
		h.Log.Error("list the shell", "error", err)
		h.ShowError(c, http.StatusInternalServerError, "internal")
		return
	}
	c.JSON(http.StatusOK, struct {
		Files []string `json:"files"`
	}{append(files, "/alone")})
}

// ServiceWorker serves the script that keeps the scanner on a phone.
func (h *Handlers) ServiceWorker(c *gin.Context, _ page.Visitor) {
	h.Pages.Assets.File("desk/offline.js").ServeHTTP(c.Writer, c.Request)
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// Manifest makes the scanner an app that a phone can install
// (https://www.w3.org/TR/appmanifest/).
func (h *Handlers) Manifest(c *gin.Context, _ page.Visitor) {
	mark, err := h.Pages.Assets.URL("mark.svg")
	if err != nil {
		h.Log.Error("draw the manifest", "error", err)
	}
	lang := templates.ChooseLang(c.Writer, c.Request)
	say := func(key string) string { return h.Pages.Texts.T(lang, key) }
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
		h.Log.Error("draw the manifest", "error", err)
	}
	c.Data(http.StatusOK, "application/manifest+json", text)
}
