package report

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"
)

// sheetRows is how many rows a sheet has room for (ECMA-376); the next ones go to another.
const sheetRows = 1 << 20

type book struct {
	w       io.Writer
	columns []Column
	file    *excelize.File
	sheet   *excelize.StreamWriter
	sheets  int
	row     int // the last one written
	head    int // style of the head
	times   int // style of times
}

func newXLSX(w io.Writer, columns []Column) (*book, error) {
	b := &book{w: w, columns: columns, file: excelize.NewFile()}
	var err1, err2 error
	b.head, err1 = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	format := "yyyy-mm-dd hh:mm"
	b.times, err2 = b.file.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err := errors.Join(err1, err2); err != nil {
		return nil, fmt.Errorf("begin a workbook: %w", err)
	}
	return b, b.begin()
}

// begin begins a sheet with its head.
func (b *book) begin() error {
	b.sheets++
	name := fmt.Sprint("Sheet", b.sheets)
	if _, err := b.file.NewSheet(name); err != nil {
		return fmt.Errorf("begin a sheet: %w", err)
	}
	var err error
	if b.sheet, err = b.file.NewStreamWriter(name); err != nil {
		return fmt.Errorf("begin a sheet: %w", err)
	}
	head := make([]any, len(b.columns))
	for i, c := range b.columns {
		head[i] = excelize.Cell{StyleID: b.head, Value: c.Title}
		if err := b.sheet.SetColWidth(i+1, i+1, c.Width); err != nil {
			return fmt.Errorf("begin a sheet: %w", err)
		}
	}
	if err := b.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("begin a sheet: %w", err)
	}
	b.row = 1
	return b.sheet.SetRow("A1", head)
}

// end gives a sheet its filters.
func (b *book) end() error {
	last, err := excelize.CoordinatesToCellName(len(b.columns), max(b.row, 2))
	if err != nil {
		return fmt.Errorf("end a sheet: %w", err)
	}
	striped := true
	err1 := b.sheet.AddTable(&excelize.Table{Range: "A1:" + last, Name: fmt.Sprint("Data", b.sheets), ShowRowStripes: &striped, StyleName: "TableStyleLight1"})
	return errors.Join(err1, b.sheet.Flush())
}

// Row writes a row of typed cells: a spreadsheet runs nothing that it finds in words.
func (b *book) Row(cells ...Cell) error {
	if b.row == sheetRows {
		if err := errors.Join(b.end(), b.begin()); err != nil {
			return err
		}
	}
	b.row++
	row := make([]any, len(cells))
	for i, c := range cells {
		switch c.kind {
		case words:
			row[i] = c.text
		case number:
			row[i] = c.number
		case instant:
			_, offset := c.at.Zone() // a spreadsheet knows no zones: the clock on the wall there
			row[i] = excelize.Cell{StyleID: b.times, Value: c.at.UTC().Add(time.Duration(offset) * time.Second)}
		case empty:
		}
	}
	at, err := excelize.CoordinatesToCellName(1, b.row)
	if err == nil {
		err = b.sheet.SetRow(at, row)
	}
	if err != nil {
		return fmt.Errorf("write row %d: %w", b.row, err)
	}
	return nil
}

// Close writes the file.
func (b *book) Close() error {
	err := b.end()
	if err == nil {
		_, err = b.file.WriteTo(b.w)
	}
	if err := errors.Join(err, b.file.Close()); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}
