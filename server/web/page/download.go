package page

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/document"
	"buktihadir/server/report"
	"buktihadir/server/store"
)

// AsFile sends a list as a file. The whole file is made before the first byte is sent: a
// list that fails sends no file, and a download that breaks off can continue.
func (p *Kit) AsFile(c *gin.Context, name string, format report.Format, write func(*os.File) error) {
	file, err := os.CreateTemp("", "bukti-hadir-export-*")
	if err != nil {
		p.Fail(c, fmt.Errorf("make a file: %w", err))
		return
	}
	defer func() { _ = errors.Join(file.Close(), os.Remove(file.Name())) }() // the file is not needed any more
	err = write(file)
	if errors.Is(err, report.ErrFormat) {
		err = store.ErrNotFound
	}
	if errors.Is(err, document.ErrTooLong) {
		p.ShowError(c, http.StatusUnprocessableEntity, "too_long")
		return
	}
	if err == nil {
		err = http.NewResponseController(c.Writer).SetWriteDeadline(time.Time{}) // a slow line takes as long as it takes
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	c.Header("Content-Type", format.MediaType())
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s.%s"`, name, models.ZoneWIB.Date(p.Now()), format))
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, file)
}

// LocalTime writes a time for files, in a zone; none is empty.
func LocalTime(at models.Millis, zone models.Zone) string {
	if at == 0 {
		return ""
	}
	return at.Time().In(zone.Location()).Format(time.RFC3339)
}

// CSVOf writes a table that spreadsheets open without running anything in it:
// a cell that would begin a formula gets an apostrophe
// (https://owasp.org/www-community/attacks/CSV_Injection). The mark at the start
// tells Excel that it is UTF-8.
func CSVOf(rows [][]string) ([]byte, error) {
	var buf bytes.Buffer
	buf.WriteString("\uFEFF")
	w := csv.NewWriter(&buf)
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			if safe[i] = cell; cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				safe[i] = "'" + cell
			}
		}
		if err := w.Write(safe); err != nil {
			return nil, fmt.Errorf("write a table: %w", err)
		}
	}
	w.Flush()
	return buf.Bytes(), w.Error()
}

// Download sends bytes to be kept under a name.
func (p *Kit) Download(c *gin.Context, name, kind string, content []byte) {
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Data(http.StatusOK, kind, content)
}
