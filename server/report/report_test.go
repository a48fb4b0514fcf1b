package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"buktihadir/models"
	"buktihadir/server/report"
)

func columns() []report.Column {
	return []report.Column{{Name: "name", Title: "Nama", Width: 20}, {Name: "minutes", Title: "Menit", Width: 8}, {Name: "at", Title: "Masuk", Width: 17},
		{Name: "none", Title: "Kosong", Width: 8}}
}

func write(t testing.TB, f report.Format, w io.Writer, rows int) {
	t.Helper()
	out, err := report.New(f, w, columns())
	if err != nil {
		t.Fatal(err)
	}
	at := models.MillisOf(time.Date(2026, 5, 11, 1, 2, 0, 0, time.UTC))
	for range rows {
		if err := out.Row(report.Text(`=1+1 "Siti"`), report.Number(90), report.Instant(at, models.ZoneWIT), report.Text("")); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestATableIsSafeTextForSpreadsheets(t *testing.T) {
	var b bytes.Buffer
	write(t, report.CSV, &b, 1)
	text, marked := strings.CutPrefix(b.String(), "\uFEFF")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || len(rows) != 2 || strings.Join(rows[1], "|") != `'=1+1 "Siti"|90|2026-05-11T10:02:00+09:00|` {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func TestLinesAreObjectsWithTypes(t *testing.T) {
	var b bytes.Buffer
	write(t, report.JSON, &b, 2)
	var got struct {
		Name    string
		Minutes int
		At      time.Time
		None    *string
	}
	for line := range strings.Lines(b.String()) {
		if err := json.Unmarshal([]byte(line), &got); err != nil || got.Name != `=1+1 "Siti"` || got.Minutes != 90 || got.At.UTC().Hour() != 1 || got.None != nil {
			t.Errorf("%s: %+v, %v", line, got, err)
		}
	}
}

func TestAWorkbookHasTypedCellsAFrozenHeadAndFilters(t *testing.T) {
	var b bytes.Buffer
	write(t, report.XLSX, &b, 3)
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if rows, err := f.GetRows("Sheet1"); err != nil || len(rows) != 4 || strings.Join(rows[1], "|") != `=1+1 "Siti"|90|2026-05-11 10:02` {
		t.Errorf("%q, %v", rows, err)
	}
	if formula, err := f.GetCellFormula("Sheet1", "A2"); err != nil || formula != "" {
		t.Errorf("words became the formula %q, %v", formula, err)
	}
	if kind, err := f.GetCellType("Sheet1", "B2"); err != nil || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
		t.Errorf("a number is kept as text, %v", err)
	}
	panes, err1 := f.GetPanes("Sheet1")
	tables, err2 := f.GetTables("Sheet1")
	if err1 != nil || err2 != nil || !panes.Freeze || len(tables) != 1 || tables[0].Range != "A1:D4" {
		t.Errorf("panes %+v, tables %+v, %v %v", panes, tables, err1, err2)
	}
}

func TestThereAreNoOtherFormats(t *testing.T) {
	if _, err := report.New("exe", io.Discard, columns()); !errors.Is(err, report.ErrFormat) {
		t.Errorf("got %v", err)
	}
}

// However many rows, a file needs about the same memory.
func TestManyRowsNeedNoMoreMemoryThanFew(t *testing.T) {
	for _, f := range report.Formats() {
		high := func(rows int) (most uint64) {
			out, err := report.New(f, io.Discard, columns())
			if err != nil {
				t.Fatal(err)
			}
			var m runtime.MemStats
			for i := range rows {
				if err := out.Row(report.Text("Siti Rahma"), report.Number(int64(i)), report.Cell{}, report.Cell{}); err != nil {
					t.Fatal(err)
				}
				if i%(rows/5) == 0 {
					runtime.GC()
					runtime.ReadMemStats(&m)
					most = max(most, m.HeapAlloc)
				}
			}
			if err := out.Close(); err != nil {
				t.Fatal(err)
			}
			return most
		}
		const roomOfTheLibrary = 40 << 20 // it keeps up to 16 MB of a sheet before it goes to disk
		if few, many := high(5_000), high(400_000); many > few+roomOfTheLibrary {
			t.Errorf("%s: %d bytes at 5,000 rows, %d at 400,000", f, few, many)
		}
	}
}
