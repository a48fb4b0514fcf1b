package report

import (
	"fmt"
	"io"
	"strconv"

	"buktihadir/models"
	"buktihadir/server/document"
)

// NewPDF begins a list on paper, with what stands above it. A row too many is
// document.ErrTooLong: a PDF, unlike the other files, is made in memory.
func NewPDF(w io.Writer, r document.Renderer, title, of string, at models.Millis, columns []Column) Table {
	var drawn []document.Column
	for _, c := range columns {
		drawn = append(drawn, document.Column{Title: c.Title, Width: c.Width})
	}
	return &printed{w, r.List(title, of, at, drawn)}
}

type printed struct {
	w    io.Writer
	list *document.List
}

// Row draws a row.
func (p *printed) Row(cells ...Cell) error {
	texts := make([]string, len(cells))
	for i, c := range cells {
		switch c.kind {
		case number:
			texts[i] = strconv.FormatInt(c.number, 10)
		case instant:
			texts[i] = c.at.Format("02/01/2006 15.04")
		case words, empty:
			texts[i] = c.text
		}
	}
	return p.list.Row(texts...)
}

// Close ends the file.
func (p *printed) Close() error {
	content, err := p.list.Bytes()
	if err != nil {
		return err
	}
	if _, err := p.w.Write(content); err != nil {
		return fmt.Errorf("write a list: %w", err)
	}
	return nil
}
