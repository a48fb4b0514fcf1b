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
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// visitsFile gives what the list of attendance shows, all of it, as a file. It is
// made before the first byte is sent: what breaks off is no file, and a download
// that is cut off can go on.
func (p *Pages) visitsFile(c *gin.Context) {
	format := report.Format(c.Param("format"))
	file, err := os.CreateTemp("", "bukti-hadir-export-*")
	if err != nil {
		p.fail(c, fmt.Errorf("make a file: %w", err))
		return
	}
	defer func() { _ = errors.Join(file.Close(), os.Remove(file.Name())) }() // nobody needs it any more
	n, err := figures.WriteVisits(p.Store.Read(c.Request.Context()), visitFilter(c), format, file, func(key string) string {
		return p.Set.Texts.T(templates.ChooseLang(c.Writer, c.Request), key)
	})
	if errors.Is(err, report.ErrFormat) {
		err = store.ErrNotFound
	}
	if err != nil {
		p.fail(c, err)
		return
	}
	v := visitorOf(c)
	err = p.Store.Write(c.Request.Context(), func(tx *store.Tx) error {
		return tx.Record(models.HistoryEntry{ActorID: &v.user.ID, Actor: v.user.Name, Action: "attendance.export", Entity: "attendance", Detail: strings.TrimSpace(c.Request.URL.RawQuery + " · " + strconv.Itoa(n))})
	})
	if err == nil {
		err = http.NewResponseController(c.Writer).SetWriteDeadline(time.Time{}) // a slow line takes as long as it takes
	}
	if err != nil {
		p.fail(c, err)
		return
	}
	name := fmt.Sprintf("kehadiran-%s.%s", models.ZoneWIB.Date(p.Now()), format)
	c.Header("Content-Type", format.MediaType())
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, file)
}
