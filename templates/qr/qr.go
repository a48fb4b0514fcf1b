// Package qr draws QR codes: as SVG for pages and paper, and as PNG for
// everything else. Tickets use only the characters of a code's alphanumeric
// mode, which keeps them small; see models/ticket for the budget.
package qr

import (
	"fmt"
	"html"
	"strings"

	"github.com/skip2/go-qrcode"
)

// Use is what a code is drawn for: it decides how much damage it survives.
type Use int

// Paper gets pen marks and folds: level M. A screen gets blurred and moved,
// where bigger modules help more: level L (ISO/IEC 18004).
const (
	Print Use = iota
	Screen
)

// quiet is the blank border that a reader needs, in modules.
const quiet = 4

// Code is a drawn code.
type Code struct {
	text    string
	level   qrcode.RecoveryLevel
	version int
	grid    [][]bool // without the border
}

// Encode draws a text.
func Encode(text string, use Use) (Code, error) {
	level := qrcode.Medium
	if use == Screen {
		level = qrcode.Low
	}
	q, err := qrcode.New(text, level)
	if err != nil {
		return Code{}, fmt.Errorf("draw QR code of %d characters: %w", len(text), err)
	}
	q.DisableBorder = true
	return Code{text: text, level: level, version: q.VersionNumber, grid: q.Bitmap()}, nil
}

// Version is the code's size class, 1 to 40: 17 + 4 × version modules a side.
func (c Code) Version() int { return c.version }

// SVG gives the code as one path in an image that scales without blur, its rows as
// strokes, which take half the bytes of filled modules and leave no gap between
// them. title is what a screen reader says.
func (c Code) SVG(title string) string {
	side := len(c.grid) + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img"><title>%s</title>`+
		`<path fill="#fff" d="M0 0h%dv%dH0z"/><path stroke="#000" stroke-width="1.02" d="`, side, side, html.EscapeString(title), side, side)
	for y, row := range c.grid {
		from := 0 // where the pen stands
		fmt.Fprintf(&b, "M%d %d.5", quiet, y+quiet)
		for x := 0; x < len(row); {
			run := 1
			for x+run < len(row) && row[x+run] == row[x] {
				run++
			}
			if row[x] {
				if x > from {
					fmt.Fprintf(&b, "m%d 0", x-from)
				}
				fmt.Fprintf(&b, "h%d", run)
				from = x + run
			}
			x += run
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String()
}

// PNG gives the code with so many pixels a module, border included.
func (c Code) PNG(pixels int) ([]byte, error) {
	q, err := qrcode.New(c.text, c.level) // the library settles the border when it encodes
	if err != nil {
		return nil, fmt.Errorf("draw QR code: %w", err)
	}
	png, err := q.PNG(-pixels)
	if err != nil {
		return nil, fmt.Errorf("draw QR code: %w", err)
	}
	return png, nil
}
