package document

import (
	"io"

	"buktihadir/models"
)

// Badge is what somebody of a class wears. It says nothing that a stranger beside them
// may not read: no personal number and no date of birth.
type Badge struct {
	Name, Number            string
	Role                    models.PersonRole
	Class, Course, Provider string
	Site                    string
	First, Last             models.LocalDate // of the class's sessions; "" if it has no session
	Token                   string           // content of the QR code; "": no code
}

// BadgeLayout is a size of badges. Its name is the text
// "badge.layout_" and the key.
type BadgeLayout struct {
	Key           string
	Width, Height float64 // in millimetres, as it is read
	across, down  int     // on a sheet of A4, to be cut
	coded, bare   arrangement
}

// frame is a part of a badge, in millimetres from its upper left corner.
type frame struct{ x, y, w, h float64 }

// arrangement says where on a badge things stand.
type arrangement struct {
	role, name, class, number, facts, code frame
}

// BadgeLayouts lists the sizes. They fit common holders.
func BadgeLayouts() []BadgeLayout {
	return []BadgeLayout{
		{Key: "a4_10", Width: 85, Height: 54, across: 2, down: 5, coded: cardWithCode(85, 54), bare: cardWithout(85)},
		{Key: "a4_8", Width: 90, Height: 55, across: 2, down: 4, coded: cardWithCode(90, 55), bare: cardWithout(90)},
	}
}

func cardWithCode(w, h float64) arrangement {
	const pad = 3.0
	side := h - 22
	left := w - side - 2*pad - 1
	return arrangement{role: frame{pad, pad, w - 2*pad, 8},
		name: frame{pad, 12.5, left, 18.5}, class: frame{pad, 31.5, left, 6}, facts: frame{pad, 38, left, h - 41},
		code: frame{w - pad - side, 12, side, side}, number: frame{w - pad - side, 12 + side, side, 6}}
}

func cardWithout(w float64) arrangement {
	const pad = 3.0
	return arrangement{role: frame{pad, pad, w - 2*pad, 8},
		name: frame{pad, 12.5, w - 2*pad, 20}, class: frame{pad, 33.5, w - 38, 6}, number: frame{w - 34, 33.5, 31, 6}, facts: frame{pad, 40, w - 2*pad, 11}}
}

// Badges draws badges, in the order given. More than MostCards are ErrTooLong.
func (r Renderer) Badges(w io.Writer, title string, at models.Millis, l BadgeLayout, badges []Badge) error {
	if len(badges) > MostCards {
		return ErrTooLong
	}
	s := r.blank(models.ZoneWIB, Stamp{Version: 1, At: at}, upright, title)
	for i, b := range badges {
		s.onSheet(l, b, i%(l.across*l.down))
	}
	return s.Output(w)
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
