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
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// visitColumns are the columns of attendance as a file.
func visitColumns(texts func(string) string) []report.Column {
	var out []report.Column
	for _, c := range []struct {
		name, key string
		width     float64
	}{
		{"number", "participants.number", 18}, {"name", "users.name", 30}, {"class", "session.class", 20}, {"session", "report.session", 8},
		{"site", "session.site", 30}, {"starts_at", "session.when", 17}, {"status", "session.status", 14}, {"derived", "session.derived", 14},
		{"first_in", "session.first_in", 17}, {"last_out", "session.last_out", 17}, {"minutes", "session.minutes", 8}, {"flags", "session.flags", 30},
	} {
		out = append(out, report.Column{Name: c.name, Title: texts(c.key), Width: c.width})
	}
	return out
}

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
	n, err := p.writeVisits(c, format, file)
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

func (p *Pages) writeVisits(c *gin.Context, format report.Format, file *os.File) (int, error) {
	texts, lang := p.Set.Texts, templates.ChooseLang(c.Writer, c.Request)
	say := func(key string) string { return texts.T(lang, key) }
	word := say
	if format == report.JSON {
		word = func(key string) string { _, name, _ := strings.Cut(key, "."); return name } // for programs
	}
	t, err := report.New(format, file, visitColumns(say))
	if err != nil {
		return 0, err
	}
	n, err := p.Store.Read(c.Request.Context()).EachVisit(visitFilter(c, c.Request.URL.Query()), func(v store.VisitEntry) error {
		var flags []string
		for _, f := range v.FlagList() {
			flags = append(flags, word("flag."+string(f)))
		}
		return t.Row(report.Text(v.Number), report.Text(v.Name), report.Text(v.ClassCode), report.Number(int64(v.Seq)), report.Text(v.SiteName), report.Instant(v.StartsAt, v.Zone),
			report.Text(word("status."+string(v.Status))), report.Text(word("status."+string(v.Derived))), report.Instant(v.FirstIn, v.Zone), report.Instant(v.LastOut, v.Zone),
			report.Number(int64(v.Minutes)), report.Text(strings.Join(flags, "; ")))
	})
	return n, errors.Join(err, t.Close())
}
