package web

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/figures"
	"buktihadir/server/office"
	"buktihadir/server/paper"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// visitsFile gives what the list of attendance shows, all of it, as a file.
func (p *Pages) visitsFile(c *gin.Context) {
	format := report.Format(c.Param("format"))
	p.asFile(c, "kehadiran", format, func(file *os.File) error {
		n, err := p.writeVisits(c, format, file)
		if err != nil {
			return err
		}
		detail := strings.TrimSpace(c.Request.URL.RawQuery + " · " + strconv.Itoa(n))
		return visitorOf(c).actor().Log(c.Request.Context(), p.Store, office.Done{Action: "attendance.export", Entity: "attendance", Detail: detail})
	})
}

// asFile sends a list as a file. It is made before the first byte is sent: what breaks off
// is no file, and a download that is cut off can go on.
func (p *Pages) asFile(c *gin.Context, name string, format report.Format, write func(*os.File) error) {
	file, err := os.CreateTemp("", "bukti-hadir-export-*")
	if err != nil {
		p.fail(c, fmt.Errorf("make a file: %w", err))
		return
	}
	defer func() { _ = errors.Join(file.Close(), os.Remove(file.Name())) }() // nobody needs it any more
	err = write(file)
	if errors.Is(err, report.ErrFormat) {
		err = store.ErrNotFound
	}
	if errors.Is(err, paper.ErrTooLong) {
		p.showError(c, http.StatusUnprocessableEntity, "too_long")
		return
	}
	if err == nil {
		err = http.NewResponseController(c.Writer).SetWriteDeadline(time.Time{}) // a slow line takes as long as it takes
	}
	if err != nil {
		p.fail(c, err)
		return
	}
	c.Header("Content-Type", format.MediaType())
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s.%s"`, name, models.ZoneWIB.Date(p.Now()), format))
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, file)
}

func (p *Pages) writeVisits(c *gin.Context, format report.Format, file *os.File) (int, error) {
	texts, lang := p.Set.Texts, templates.ChooseLang(c.Writer, c.Request)
	say := func(key string) string { return texts.T(lang, key) }
	q, f := p.Store.Read(c.Request.Context()), visitFilter(c, c.Request.URL.Query())
	if format == report.PDF {
		return figures.FillVisits(q, f, report.NewPDF(file, p.press(c), say("visits.title"), say("paper.visits"), p.Now(), figures.VisitColumns(say)), say)
	}
	return figures.WriteVisits(q, f, format, file, say)
}
