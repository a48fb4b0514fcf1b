package document

import (
	"strings"

	"buktihadir/models"
)

// Card is one ticket on paper.
type Card struct {
	Class, Name, Number string
	Token               string // content of the QR code
	Until               models.LocalDate
}

// MostCards is how many tickets one PDF holds: it is made in memory, some 30 kB a card.
const MostCards = 600

// Cards on a sheet: two beside each other, four below each other, to be cut along the lines.
const (
	cardsAcross   = 2
	cardsDown     = 4
	cardMargin    = 10.0
	mostNameLines = 6
	quietZone     = 4 // blank modules around a code that a reader needs (ISO/IEC 18004)
)

// Tickets draws tickets, eight to a sheet of A4. More than MostCards are ErrTooLong.
func (r Renderer) Tickets(title string, at models.Millis, cards []Card) ([]byte, error) {
	if len(cards) > MostCards {
		return nil, ErrTooLong
	}
	s := r.blank(models.ZoneWIB, Stamp{Version: 1, At: at}, upright, title)
	w, h := s.GetPageSize()
	width, height := (w-2*cardMargin)/cardsAcross, (h-2*cardMargin)/cardsDown
	for i, card := range cards {
		place := i % (cardsAcross * cardsDown)
		if place == 0 {
			s.AddPage()
		}
		s.card(card, cardMargin+float64(place%cardsAcross)*width, cardMargin+float64(place/cardsAcross)*height, width, height)
	}
	return s.bytes()
}

func (s *sheet) card(c Card, x, y, width, height float64) {
	const side, pad = 48.0, 3.0
	s.SetDrawColor(170, 170, 170)
	s.SetDashPattern([]float64{1.5, 1.5}, 0)
	s.Rect(x, y, width, height, "D")
	s.modules(c.Token, x+pad, y+(height-side)/2, side, quietZone)
	room := width - side - 3*pad
	left := x + side + 2*pad
	s.SetXY(left, y+(height-side)/2+4)
	s.font("B", 11)
	name := s.SplitText(readable(c.Name), room)
	s.lines(room, 5, strings.Join(name[:min(len(name), mostNameLines)], "\n"), "L")
	s.font("", 9.5)
	for _, text := range []string{c.Number, c.Class, s.say("pass.valid_until", "Day", s.formats.Day(c.Until))} {
		s.SetX(left)
		s.lines(room, 4.8, text, "L")
	}
}
