package admin_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"html"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"buktihadir/models"
	"buktihadir/scripts/e2e/postoffice"
	"buktihadir/server/mail"
	"buktihadir/server/store"
	"buktihadir/server/web/webtest"
)

// attachment is the file of the only letter that a mail server took.
func attachment(t *testing.T, p *postoffice.Office) []byte {
	t.Helper()
	letters := p.Letters()
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	m, err := netmail.ReadMessage(strings.NewReader(letters[0].Content))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			t.Fatal("no file in the letter")
		}
		if err != nil {
			t.Fatal(err)
		}
		if part.FileName() != "" {
			content, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
			if err != nil {
				t.Fatal(err)
			}
			return content
		}
	}
}

var (
	tableRow = regexp.MustCompile(`(?s)<tr>(.*?)</tr>`)
	tag      = regexp.MustCompile(`<[^>]*>`)
)

// Each cell of the file that a mail carries stands in the row of the page, and each row of
// the page in the file.
func TestTheFileOfAMailIsWhatThePageShows(t *testing.T) {
	t.Parallel()
	o, p := webtest.New(t), postoffice.New(t, mail.STARTTLS, "localhost")
	if err := o.Store.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	b := o.As(t, models.RoleCoordinator)
	const list = "/attendance?what=present%2Clate%2Cleft_early"
	href := subscribes(b, list, "format", "xlsx").Header.Get("Location")
	b.Follow(b.Post(href + "/send"))
	sender, err := mail.NewSender(o.Store, slog.New(slog.DiscardHandler), func() models.Millis { return o.Now }, p.Server)
	if err == nil {
		err = sender.Send(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(attachment(t, p)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, m := range tableRow.FindAllStringSubmatch(b.Get(list+"&lang=id").Body, -1) {
		if text := html.UnescapeString(tag.ReplaceAllString(m[1], " ")); strings.Contains(text, "REG-") {
			shown = append(shown, text)
		}
	}
	if len(rows)-1 != len(shown) || len(shown) < 10 {
		t.Fatalf("%d rows in the file, %d on the page", len(rows)-1, len(shown))
	}
	for _, row := range rows[1:] {
		row = append(row, "")[:12] // a row ends with its last cell that holds something
		cells := []string{row[0], row[1], row[2] + " · Sesi " + row[3], row[4], row[6], strings.ReplaceAll(row[8][len(row[8])-5:], ":", ".") + " WIB"}
		cells = append(cells, strings.Split(row[11], "; ")...)
		found := 0
		for _, text := range shown {
			if text = strings.Join(strings.Fields(text), " "); !strings.Contains(text, cells[0]) || !strings.Contains(text, cells[2]) {
				continue
			}
			found++
			for _, cell := range cells {
				if !strings.Contains(text, cell) {
					t.Errorf("the page lacks %q: %s", cell, text)
				}
			}
			if row[11] == "" && !strings.HasSuffix(text, "–") {
				t.Errorf("the file has no flag, the page: %s", text)
			}
		}
		if found != 1 {
			t.Errorf("%q stands on the page %d times", row, found)
		}
	}
}
