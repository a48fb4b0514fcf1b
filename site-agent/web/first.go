package web

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/site-agent/web/page"
	"buktihadir/site-agent/web/station"
	"buktihadir/templates"
)

// NewFirst makes the handler of a computer that does not belong to a site yet: it shows
// the page that makes it an agent. It answers only requests from this computer, and not
// from another site's page.
func NewFirst(steps station.FirstSteps, pages *templates.Set, log *slog.Logger, now func() models.Millis) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.GET(templates.AssetRoot+"*path", gin.WrapH(pages.Assets))
	firstRoutes(e, station.NewFirst(steps, pages, log, now))
	e.NoRoute(func(c *gin.Context) { // a page leads to the set-up; what a page asks for beside it, such as a manifest, is not there
		if c.Request.URL.Path == "/" || strings.Contains(c.GetHeader("Accept"), "text/html") {
			c.Redirect(http.StatusSeeOther, "/setup")
		}
	})
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		templates.SecurityHeaders(w.Header())
		if !page.AtMachine(r) {
			http.Error(w, pages.Texts.T(templates.ChooseLang(w, r), "first.lede"), http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, page.MaxReply+page.MaxBody)
		e.ServeHTTP(w, r)
	}))
}
