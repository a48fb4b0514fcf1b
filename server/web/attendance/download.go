package attendance

import (
	"os"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/server/figures"
	"buktihadir/server/office"
	"buktihadir/server/report"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// VisitsFile gives what the list of attendance shows, all of it, as a file.
func (p *Pages) VisitsFile(c *gin.Context) {
	format := report.Format(c.Param("format"))
	p.AsFile(c, "kehadiran", format, func(file *os.File) error {
		n, err := p.writeVisits(c, format, file)
		if err != nil {
			return err
		}
		detail := strings.TrimSpace(c.Request.URL.RawQuery + " · " + strconv.Itoa(n))
		return page.VisitorOf(c).Actor().Log(c.Request.Context(), p.Store, office.Done{Action: "attendance.export", Entity: "attendance", Detail: detail})
	})
}

func (p *Pages) writeVisits(c *gin.Context, format report.Format, file *os.File) (int, error) {
	texts, lang := p.Set.Texts, templates.ChooseLang(c.Writer, c.Request)
	say := func(key string) string { return texts.T(lang, key) }
	q, f := p.Store.Read(c.Request.Context()), visitFilter(c, c.Request.URL.Query())
	if format == report.PDF {
		return figures.FillVisits(q, f, report.NewPDF(file, p.Renderer(c), say("visits.title"), say("paper.visits"), p.Now(), figures.VisitColumns(say)), say)
	}
	return figures.WriteVisits(q, f, format, file, say)
}
