package report_test

import (
	"bytes"
	"errors"
	"testing"

	"buktihadir/models"
	"buktihadir/server/document"
	"buktihadir/server/report"
	"buktihadir/templates"
)

func TestAListIsDrawnOnPaperUpToItsLimit(t *testing.T) {
	set, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	list := report.NewPDF(&out, document.Renderer{Texts: set.Texts, Lang: templates.Indonesian}, "Kehadiran", "semua", 1, columns())
	row := []report.Cell{report.Text("Siti"), report.Number(7), report.Instant(models.Millis(1_000_000_000_000), models.ZoneWITA), {}}
	for range document.MostRows {
		if err := list.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := list.Row(row...); !errors.Is(err, document.ErrTooLong) {
		t.Errorf("one row too many: %v", err)
	}
	if err := list.Close(); err != nil || !bytes.HasPrefix(out.Bytes(), []byte("%PDF-")) {
		t.Errorf("%d bytes, %v", out.Len(), err)
	}
}
