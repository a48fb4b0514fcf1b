package document

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"buktihadir/models"
)

// A badge is composed of pieces once, and painted on paper or, to be looked at before, as SVG.

// form is what a piece looks like.
type form int

const (
	words form = iota
	box
	circle
	diamond
	rule // blank, to be written with a pen
	code
)

// piece is one thing on a badge.
type piece struct {
	form
	frame         // of words: where their line begins, on its base, and how long it is
	text  string  // of words and of a code
	style string  // "" or B
	size  float64 // of letters, in points
	fill  bool
	white bool
}

const (
	millimetre   = 72 / 25.4 // in points
	badgeLeading = 1.15      // a line's height, in letters' size
	badgeBase    = 0.9       // from a line's top to its base, in letters' size
	mostLetters  = 40.0      // in points: no name needs more
	leastLetters = 5.0       // in points: smaller, words are broken
)

// pieces composes a badge.
func (s *sheet) pieces(l BadgeLayout, b Badge) []piece {
	a := l.bare
	if b.Token != "" {
		a = l.coded
	}
	list := s.roleMarks(a.role, b.Role)
	if name, whole := Writable(b.Name); whole {
		list = append(list, s.fitted(name, "B", a.name, mostLetters, "")...)
	} else {
		list = append(list, piece{form: rule, frame: frame{a.name.x, a.name.y + a.name.h*0.8, a.name.w, 0}})
	}
	side := ""
	if a.number.x > a.name.x && a.number.y == a.class.y {
		side = "R"
	}
	if b.Token != "" && a.number.x == a.code.x {
		side = "C"
	}
	list = append(list, s.fitted(b.Class, "B", a.class, 14, "")...)
	list = append(list, s.fitted(b.Number, "", a.number, 11, side)...)
	facts := append([]string{b.Course, b.Provider}, s.whenAndWhere(b)...)
	list = append(list, s.fitted(strings.Join(facts, "\n"), "", a.facts, 10, "")...)
	if b.Token != "" {
		list = append(list, piece{form: code, frame: a.code, text: b.Token})
	}
	return list
}

func (s *sheet) whenAndWhere(b Badge) []string {
	var dates []string
	if b.First != "" {
		dates = append(dates, s.formats.Day(b.First))
	}
	if b.Last != "" && b.Last != b.First {
		dates = append(dates, s.formats.Day(b.Last))
	}
	var place []string
	for _, text := range []string{strings.Join(dates, " – "), b.Site} {
		if text != "" {
			place = append(place, text)
		}
	}
	return place
}

// roleMarks show who teaches, with a word, a black ground and a diamond. Participants
// have a circle on white.
func (s *sheet) roleMarks(f frame, role models.PersonRole) []piece {
	teaches := role == models.PersonInstructor
	sign := min(f.h*0.5, 6)
	at := frame{f.x + sign*0.6, f.y + (f.h-sign)/2, sign, sign}
	shape := circle
	if teaches {
		shape = diamond
	}
	room := frame{at.x + sign*1.5, f.y + f.h*0.08, f.w - sign*2.5, f.h * 0.84}
	text := s.fitted(strings.ToUpper(s.say("person."+string(role))), "B", room, 20, "L")
	for i := range text {
		text[i].white = teaches
	}
	return append([]piece{{form: box, frame: f, fill: teaches}, {form: shape, frame: at, fill: teaches, white: teaches}}, text...)
}

// fitted writes a text into a frame, as large as it fits and vertically centred. It never
// drops a letter: it shrinks a long text, and breaks a word that is longer than a line.
func (s *sheet) fitted(text, style string, f frame, most float64, align string) []piece {
	text = readable(text)
	if strings.TrimSpace(text) == "" {
		return nil
	}
	const measured = 100.0
	s.font(style, measured)
	wide := func(line string) float64 { return s.GetStringWidth(line) / measured }
	size := min(most, f.h*millimetre/badgeLeading)
	lines, fits := wrapped(text, f.w/size, wide, false)
	for !fits || float64(len(lines))*size*badgeLeading/millimetre > f.h {
		size *= 0.96
		lines, fits = wrapped(text, f.w/size, wide, size <= leastLetters)
	}
	high := size / millimetre
	y := f.y + (f.h-float64(len(lines))*high*badgeLeading)/2 + high*badgeBase
	var list []piece
	for i, line := range lines {
		length := wide(line) * size
		x := f.x
		switch align {
		case "C":
			x += (f.w - length) / 2
		case "R":
			x += f.w - length
		}
		list = append(list, piece{form: words, frame: frame{x, y + float64(i)*high*badgeLeading, length, 0}, text: line, style: style, size: size})
	}
	return list
}

// wrapped divides a text into lines no longer than width. It breaks between words, and
// within a word that is longer than a line where that is allowed. fits says whether every
// line is short enough.
func wrapped(text string, room float64, wide func(string) float64, broken bool) (lines []string, fits bool) {
	fits = true
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			if line != "" && wide(line+" "+word) <= room {
				line += " " + word
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			for broken && wide(word) > room && utf8.RuneCountInString(word) > 1 {
				n := 1
				for _, size := utf8.DecodeRuneInString(word[n:]); n+size < len(word) && wide(word[:n+size]) <= room; _, size = utf8.DecodeRuneInString(word[n:]) {
					n += size
				}
				lines, word = append(lines, word[:n]), word[n:]
			}
			line = word
			fits = fits && wide(word) <= room
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines, fits
}

// paint draws pieces on paper, from a corner on.
func (s *sheet) paint(pieces []piece, x, y float64) {
	s.SetDrawColor(0, 0, 0)
	for _, m := range pieces {
		at := frame{x + m.x, y + m.y, m.w, m.h}
		ink, style := 0, "D"
		if m.white {
			ink = 255
		}
		if m.fill {
			style = "F"
		}
		s.SetFillColor(ink, ink, ink)
		s.SetLineWidth(0.5)
		switch m.form {
		case words:
			s.font(m.style, m.size)
			s.ink(ink)
			s.Text(at.x, at.y, m.text)
		case box:
			s.Rect(at.x, at.y, at.w, at.h, style)
		case circle:
			s.Circle(at.x+at.w/2, at.y+at.h/2, at.w/2, style)
		case diamond:
			s.MoveTo(at.x+at.w/2, at.y)
			s.LineTo(at.x+at.w, at.y+at.h/2)
			s.LineTo(at.x+at.w/2, at.y+at.h)
			s.LineTo(at.x, at.y+at.h/2)
			s.ClosePath()
			s.DrawPath(style)
		case rule:
			s.Line(at.x, at.y, at.x+at.w, at.y)
		case code:
			s.modules(m.text, at.x, at.y, at.w, quietZone)
		}
	}
	s.ink(0)
}

// BadgePreviews shows badges as they would be printed, each as an SVG image.
func (r Renderer) BadgePreviews(l BadgeLayout, badges []Badge) ([]string, error) {
	s := r.blank(models.ZoneWIB, Stamp{Version: 1, At: 1}, upright, "")
	list := make([]string, len(badges))
	for i, b := range badges {
		var out strings.Builder
		fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img" lang="%s"><title>%s</title><path fill="#fff" d="M0 0h%gv%gH0z"/>`,
			l.Width, l.Height, r.Lang, html.EscapeString(b.Name), l.Width, l.Height)
		for _, m := range s.pieces(l, b) {
			if err := m.svg(&out); err != nil {
				return nil, err
			}
		}
		out.WriteString("</svg>")
		list[i] = out.String()
	}
	return list, nil
}

func (m piece) svg(out *strings.Builder) error {
	paint := `fill="none" stroke="#000" stroke-width=".5"`
	switch {
	case m.white:
		paint = `fill="#fff"`
	case m.fill:
		paint = `fill="#000"`
	}
	switch m.form {
	case words:
		weight, ink := "400", "#000"
		if m.style == "B" {
			weight = "700"
		}
		if m.white {
			ink = "#fff"
		}
		fmt.Fprintf(out,
			`<text x="%.2f" y="%.2f" font-family="Go, Arial, sans-serif" font-size="%.2f" font-weight="%s" fill="%s"`+
				` textLength="%.2f" lengthAdjust="spacingAndGlyphs">%s</text>`,
			m.x, m.y, m.size/millimetre, weight, ink, m.w, html.EscapeString(m.text))
	case box:
		fmt.Fprintf(out, `<rect x="%.2f" y="%.2f" width="%.2f" height="%.2f" %s/>`, m.x, m.y, m.w, m.h, paint)
	case circle:
		fmt.Fprintf(out, `<circle cx="%.2f" cy="%.2f" r="%.2f" %s/>`, m.x+m.w/2, m.y+m.h/2, m.w/2, paint)
	case diamond:
		fmt.Fprintf(out, `<path d="M%.2f %.2fl%[3]g %[4]g %[5]g %[4]g %[5]g %[6]gz" %s/>`, m.x+m.w/2, m.y, m.w/2, m.h/2, -m.w/2, -m.h/2, paint)
	case rule:
		fmt.Fprintf(out, `<path d="M%.2f %.2fh%.2f" %s/>`, m.x, m.y, m.w, paint)
	case code:
		return m.svgCode(out)
	}
	return nil
}

func (m piece) svgCode(out *strings.Builder) error {
	grid, err := gridOf(m.text)
	if err != nil {
		return err
	}
	module := m.w / float64(len(grid)+2*quietZone)
	fmt.Fprintf(out, `<path fill="#000" shape-rendering="crispEdges" transform="translate(%.3f %.3f) scale(%.5f)" d="`, m.x+quietZone*module, m.y+quietZone*module,
		module)
	for y, row := range grid {
		for x, dark := range row {
			if dark {
				fmt.Fprintf(out, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	out.WriteString(`"/>`)
	return nil
}
