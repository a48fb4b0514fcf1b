package web

import (
	"net/url"

	"github.com/gin-gonic/gin"

	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// sureView asks again before an act that cannot be undone.
type sureView struct {
	Deed, Means  templates.Text
	What         string // or whom it is done to, as the page named it
	Action, Back string
	Values       []templates.Option // the posted fields: Name and Value
}

// sure allows an act that cannot be undone only after the user has read what it means:
// the first post shows that, and its button posts the same again. A sentence that ends in
// _sure goes with the act's button.
func (p *Pages) sure(deed string, handle gin.HandlerFunc) gin.HandlerFunc {
	return func(c *gin.Context) {
		f := page.FormOf(c)
		if f.Checked("sure") {
			handle(c)
			return
		}
		view := sureView{Deed: templates.Say(deed), Means: templates.Say(deed + "_sure"), What: f.Trimmed("what"), Action: c.Request.URL.Path, Back: "/"}
		if from, err := url.Parse(c.Request.Referer()); err == nil && from.Host == c.Request.Host {
			view.Back = page.Local(from.RequestURI())
		}
		for name, values := range f.Values {
			for _, value := range values {
				view.Values = append(view.Values, templates.Option{Name: name, Value: value})
			}
		}
		page.Show(p.Kit, c, "sure", p.Frame(c, view.Deed), view)
	}
}
