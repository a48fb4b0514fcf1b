package paper

import (
	"io"

	"codeberg.org/go-pdf/fpdf"

	"buktihadir/models"
)

// Badge is what somebody of a class wears. It says nothing that a stranger beside them
// may not read: no personal number and no date of birth.
type Badge struct {
	Name, Number            string
	Role                    models.PersonRole
	Class, Course, Provider string
	Site                    string
	First, Last             models.LocalDate // of the class's sessions; "" where it has none
	Token                   string           // what the code says; "": there is none
}

// BadgeLayout is a size of badges and what they are printed on. Its name is the text
// "badge.layout_" and the key.
type BadgeLayout struct {
	Key           string
	Width, Height float64 // in millimetres, as it is read
	across, down  int     // on a sheet of A4, to be cut; 0: each is a page of its own
	turned        bool    // it is read along the page
	coded, bare   arrangement
}

// OnSheets says that several stand on a sheet of A4.
func (l BadgeLayout) OnSheets() bool { return l.across > 0 }

// frame is a part of a badge, in millimetres from its upper left corner.
type frame struct{ x, y, w, h float64 }

// arrangement says where on a badge things stand.
type arrangement struct {
	role, name, class, number, facts, code frame
	align                                  string // L or C
	brief                                  bool   // only the dates and the place of the facts
}

// BadgeLayouts lists the sizes. The first two fit common holders, the labels a printer
// for tape of 62 mm, which leaves 3 mm before and behind a label and 1.6 mm beside it
// blank (Brother QL), and a wristband leaves its end to the clasp.
func BadgeLayouts() []BadgeLayout {
	return []BadgeLayout{
		{Key: "a4_10", Width: 85, Height: 54, across: 2, down: 5, coded: cardWithCode(85, 54), bare: cardWithout(85)},
		{Key: "a4_8", Width: 90, Height: 55, across: 2, down: 4, coded: cardWithCode(90, 55), bare: cardWithout(90)},
		{Key: "label_29", Width: 62, Height: 29,
			coded: arrangement{role: frame{1.8, 3.1, 34, 4.2}, name: frame{1.8, 7.5, 34, 8.6}, class: frame{1.8, 16.2, 34, 3}, number: frame{1.8, 19.2, 34, 2.6}, facts: frame{1.8, 21.8, 34, 4.1}, code: frame{36, 1.5, 26, 26}, brief: true},
			bare:  arrangement{role: frame{1.8, 3.1, 58.4, 4.6}, name: frame{1.8, 8, 58.4, 10}, class: frame{1.8, 18.2, 34, 3.3}, number: frame{36, 18.2, 24.2, 3.3}, facts: frame{1.8, 21.6, 58.4, 4.2}, brief: true}},
		{Key: "label_100", Width: 62, Height: 100,
			coded: arrangement{role: frame{3, 4, 56, 11}, name: frame{3, 16.5, 56, 26}, class: frame{3, 43, 56, 6}, facts: frame{3, 49.5, 56, 12}, code: frame{15, 61, 32, 32}, number: frame{3, 92.5, 56, 4.5}, align: "C"},
			bare:  arrangement{role: frame{3, 4, 56, 12}, name: frame{3, 18, 56, 42}, class: frame{3, 61, 56, 9}, facts: frame{3, 71, 56, 18}, number: frame{3, 90, 56, 6.5}, align: "C"}},
		{Key: "wristband", Width: 250, Height: 25, turned: true,
			coded: arrangement{role: frame{5, 4, 34, 17}, name: frame{42, 2.5, 80, 20}, class: frame{124, 3, 46, 6}, number: frame{124, 9.2, 46, 4.6}, facts: frame{124, 14, 46, 8.5}, code: frame{171, 1, 23, 23}},
			bare:  arrangement{role: frame{5, 4, 34, 17}, name: frame{42, 2.5, 96, 20}, class: frame{141, 3, 54, 6}, number: frame{141, 9.2, 54, 4.6}, facts: frame{141, 14, 54, 8.5}}},
	}
}

func cardWithCode(w, h float64) arrangement {
	const pad = 3.0
	side := h - 22
	left := w - side - 2*pad - 1
	return arrangement{role: frame{pad, pad, w - 2*pad, 8}, name: frame{pad, 12.5, left, 18.5}, class: frame{pad, 31.5, left, 6}, facts: frame{pad, 38, left, h - 41},
		code: frame{w - pad - side, 12, side, side}, number: frame{w - pad - side, 12 + side, side, 6}}
}

func cardWithout(w float64) arrangement {
	const pad = 3.0
	return arrangement{role: frame{pad, pad, w - 2*pad, 8}, name: frame{pad, 12.5, w - 2*pad, 20}, class: frame{pad, 33.5, w - 38, 6}, number: frame{w - 34, 33.5, 31, 6}, facts: frame{pad, 40, w - 2*pad, 11}}
}

// Badges draws badges, in the order given. More than MostCards are ErrTooLong.
func (p Press) Badges(w io.Writer, title string, at models.Millis, l BadgeLayout, badges []Badge) error {
	if len(badges) > MostCards {
		return ErrTooLong
	}
	s := p.badgePaper(title, at, l)
	for i, b := range badges {
		switch {
		case l.OnSheets():
			s.onSheet(l, b, i%(l.across*l.down))
		case l.turned:
			s.AddPage()
			s.TransformBegin()
			s.TransformTranslateX(l.Height)
			s.TransformRotate(-90, 0, 0)
			s.paint(s.pieces(l, b), 0, 0)
			s.TransformEnd()
		default:
			s.AddPage()
			s.paint(s.pieces(l, b), 0, 0)
		}
	}
	return s.Output(w)
}

func (p Press) badgePaper(title string, at models.Millis, l BadgeLayout) *sheet {
	page := fpdf.InitType{OrientationStr: upright, UnitStr: "mm", Size: fpdf.SizeType{Wd: l.Width, Ht: l.Height}}
	switch {
	case l.OnSheets():
		page = fpdf.InitType{OrientationStr: upright, UnitStr: "mm", SizeStr: "A4"}
	case l.turned:
		page.Size = fpdf.SizeType{Wd: l.Height, Ht: l.Width}
	}
	return p.on(page, models.ZoneWIB, Stamp{Version: 1, At: at}, title)
}

// onSheet draws a badge at its place on a sheet, and before the first where to cut.
func (s *sheet) onSheet(l BadgeLayout, b Badge, place int) {
	if place == 0 {
		s.AddPage()
		s.cuts(l)
	}
	x, y := s.corner(l)
	s.paint(s.pieces(l, b), x+float64(place%l.across)*l.Width, y+float64(place/l.across)*l.Height)
}

// corner is where the first badge of a sheet stands.
func (s *sheet) corner(l BadgeLayout) (x, y float64) {
	w, h := s.GetPageSize()
	return (w - float64(l.across)*l.Width) / 2, (h - float64(l.down)*l.Height) / 2
}

// cuts draws a small cross at each corner of each badge.
func (s *sheet) cuts(l BadgeLayout) {
	const arm = 2.5
	s.SetDrawColor(110, 110, 110)
	s.SetLineWidth(0.15)
	left, top := s.corner(l)
	for row := range l.down + 1 {
		for column := range l.across + 1 {
			x, y := left+float64(column)*l.Width, top+float64(row)*l.Height
			s.Line(x-arm, y, x+arm, y)
			s.Line(x, y-arm, x, y+arm)
		}
	}
}
