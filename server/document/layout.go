package document

import (
	"bytes"
	"fmt"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
	"github.com/skip2/go-qrcode"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"buktihadir/models"
	"buktihadir/templates"
)

// Measures in millimetres; type in points.
const (
	margin   = 17.0
	top      = 15.0
	bottom   = 16.0
	family   = "go"
	lineHigh = 4.2
	qrSide   = 24.0
)

// sheet is a paper on which is drawn from top to bottom.
type sheet struct {
	*fpdf.Fpdf
	renderer Renderer
	formats  templates.Formats
	zone     models.Zone
	stamp    Stamp
	running  string // the head of the pages after the first
}

// A4 as it is held.
const (
	upright = "P"
	across  = "L"
)

func (r Renderer) sheet(zone models.Zone, stamp Stamp, held, title, running string) *sheet {
	s := r.blank(zone, stamp, held, title)
	s.running = running
	s.SetHeaderFunc(s.head)
	s.SetFooterFunc(s.foot)
	s.AddPage()
	return s
}

// blank is a paper of A4 without head, foot or page.
func (r Renderer) blank(zone models.Zone, stamp Stamp, held, title string) *sheet {
	f := fpdf.NewCustom(&fpdf.InitType{OrientationStr: held, UnitStr: "mm", SizeStr: "A4"})
	f.SetCatalogSort(true) // the same input gives the same bytes
	f.SetCreationDate(stamp.At.Time().UTC())
	f.SetModificationDate(stamp.At.Time().UTC())
	f.SetProducer("Bukti Hadir", true)
	f.SetTitle(title, true)
	f.SetLang(string(r.Lang))
	f.AliasNbPages("{nb}")
	f.AddUTF8FontFromBytes(family, "", goregular.TTF)
	f.AddUTF8FontFromBytes(family, "B", gobold.TTF)
	f.SetMargins(margin, top, margin)
	f.SetAutoPageBreak(false, bottom)
	f.SetCellMargin(1)
	return &sheet{Fpdf: f, renderer: r, formats: r.Texts.Formats(r.Lang), zone: zone, stamp: stamp}
}

func (s *sheet) say(key string, args ...any) string {
	return s.renderer.Texts.T(s.renderer.Lang, key, args...)
}

func (s *sheet) bytes() ([]byte, error) {
	var out bytes.Buffer
	if err := s.Output(&out); err != nil {
		return nil, fmt.Errorf("draw a paper: %w", err)
	}
	return out.Bytes(), nil
}

func (s *sheet) width() float64 { w, _ := s.GetPageSize(); return w - 2*margin }

// left is the free height of the page below the pen, in mm.
func (s *sheet) left() float64 { _, h := s.GetPageSize(); return h - bottom - s.GetY() }

// need begins a new page where less than this is free.
func (s *sheet) need(height float64) {
	if s.left() < height {
		s.AddPage()
	}
}

func (s *sheet) font(style string, size float64) { s.SetFont(family, style, size) }

func (s *sheet) ink(grey int) { s.SetTextColor(grey, grey, grey) }

// head draws a draft's mark below everything, and names the paper on later pages.
func (s *sheet) head() {
	if s.stamp.Draft() {
		w, h := s.GetPageSize()
		s.font("B", 110)
		s.ink(232)
		text := s.say("paper.draft")
		s.TransformBegin()
		s.TransformRotate(45, w/2, h/2)
		s.Text((w-s.GetStringWidth(text))/2, h/2+14, text)
		s.TransformEnd()
	}
	s.ink(0)
	s.SetXY(margin, top)
	if s.PageNo() == 1 {
		return
	}
	s.font("", 8)
	s.ink(80)
	s.CellFormat(s.width(), 4, readable(s.running), "B", 1, "L", false, 0, "")
	s.ink(0)
	s.Ln(3)
}

// foot draws where to check the paper, and the page's number of how many.
func (s *sheet) foot() {
	w, h := s.GetPageSize()
	s.font("", 7.5)
	s.ink(80)
	s.SetXY(margin, h-bottom+4)
	text := ""
	switch {
	case s.stamp.Draft():
		text = s.say("paper.draft_foot")
	case s.stamp.Proof != "":
		text = s.say("paper.proof_foot", "Address", s.stamp.Proof)
	}
	s.CellFormat(s.width()-40, 4, readable(text), "", 0, "L", false, 0, "")
	const total = 6 // room for the number of pages, which is not known yet
	s.SetXY(w-margin-40, h-bottom+4)
	s.CellFormat(40-total, 4, s.say("paper.page", "Number", s.PageNo()), "", 0, "R", false, 0, "")
	s.SetX(w - margin - total - 1)
	s.CellFormat(total, 4, "{nb}", "", 0, "L", false, 0, "")
	s.ink(0)
}

// letterhead draws whose paper it is, its code, its name and its version.
func (s *sheet) letterhead(of, place, title, subtitle string) {
	y := s.GetY()
	room := s.width()
	if s.stamp.Proof != "" {
		room -= qrSide + 4
		s.code(margin+s.width()-qrSide, y, qrSide)
	}
	s.font("B", 12)
	s.lines(room, 5.4, of, "L")
	s.font("", 8.5)
	s.ink(60)
	s.lines(room, lineHigh, place, "L")
	s.ink(0)
	if s.stamp.Proof != "" {
		s.SetY(max(s.GetY(), y+qrSide+4))
	}
	s.Ln(1.5)
	x, at := margin, s.GetY()
	s.SetLineWidth(0.7)
	s.Line(x, at, x+s.width(), at)
	s.SetLineWidth(0.2)
	s.Line(x, at+0.9, x+s.width(), at+0.9)
	s.Ln(5)
	s.font("B", 15)
	s.lines(s.width(), 7, title, "C")
	s.font("", 10.5)
	s.lines(s.width(), 5.2, subtitle, "C")
	s.font("B", 9)
	s.lines(s.width(), 5, s.version(), "C")
	s.Ln(3)
}

func (s *sheet) version() string {
	at := s.formats.DateTime(s.stamp.At, s.zone)
	if s.stamp.Draft() {
		return s.say("paper.draft_line", "Time", at)
	}
	text := s.say("paper.version_line", "Version", s.stamp.Version, "Time", at)
	if last := s.stamp.Last; last != nil {
		text += "\n" + s.say("paper.replaces_line", "Version", last.Version, "Time", s.formats.DateTime(last.At, s.zone))
	}
	return text
}

// code draws the QR code of the paper's proof, with what it is for below it.
func (s *sheet) code(x, y, side float64) {
	s.modules(s.stamp.Proof, x, y, side, 0) // the paper is white around it
	s.LinkString(x, y, side, side, s.stamp.Proof)
	px, py := s.GetXY()
	s.SetXY(x-6, y+side+0.3)
	s.font("", 6.5)
	s.CellFormat(side+12, 3, s.say("paper.scan"), "", 0, "C", false, 0, "")
	s.SetXY(px, py)
}

// modules draws a QR code of level M, which pen marks and folds don't harm, with a
// border of so many modules inside the side.
func (s *sheet) modules(text string, x, y, side float64, border int) {
	grid, err := gridOf(text)
	if err != nil {
		s.SetError(err)
		return
	}
	module := side / float64(len(grid)+2*border)
	x, y = x+float64(border)*module, y+float64(border)*module
	s.SetFillColor(0, 0, 0)
	for row, cells := range grid {
		for from := 0; from < len(cells); from++ {
			run := 0
			for from+run < len(cells) && cells[from+run] {
				run++
			}
			if run > 0 { // wide enough that no reader sees a gap between modules
				s.Rect(x+float64(from)*module, y+float64(row)*module, float64(run)*module+0.01, module+0.01, "F")
				from += run
			}
		}
	}
}

// gridOf is a QR code of level M without a border.
func gridOf(text string) ([][]bool, error) {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("draw QR code: %w", err)
	}
	q.DisableBorder = true
	return q.Bitmap(), nil
}

// lines writes a text as wide as this, in as many lines as it takes.
func (s *sheet) lines(width, high float64, text, align string) {
	x := s.GetX()
	for _, line := range s.SplitText(readable(text), width) {
		s.need(high)
		s.SetX(x)
		s.CellFormat(width, high, line, "", 1, align, false, 0, "")
	}
	s.SetX(x)
}

func (s *sheet) heading(text string) {
	s.need(22)
	s.Ln(3.5)
	s.font("B", 10.5)
	s.lines(s.width(), 5.5, text, "L")
	s.Ln(0.8)
}

func (s *sheet) paragraph(text string) {
	s.font("", 9.5)
	s.lines(s.width(), 4.8, text, "L")
	s.Ln(1)
}

// facts writes names with their values, two beside each other.
func (s *sheet) facts(pairs [][2]string) {
	const label, gap = 29.0, 5.0
	half := (s.width() - gap) / 2
	for i := 0; i < len(pairs); i += 2 {
		y, low := s.GetY(), s.GetY()
		for n, pair := range pairs[i:min(i+2, len(pairs))] {
			x := margin + float64(n)*(half+gap)
			s.SetXY(x, y)
			s.font("", 8.5)
			s.ink(70)
			s.CellFormat(label, lineHigh+0.3, readable(pair[0]), "", 0, "L", false, 0, "")
			s.ink(0)
			s.font("", 9)
			s.lines(half-label, lineHigh+0.3, ": "+pair[1], "L")
			low = max(low, s.GetY())
		}
		s.SetXY(margin, low)
	}
	s.Ln(2.5)
}

// signatures draws room for names to be signed above, three beside each other, or two
// where one would be left alone.
func (s *sheet) signatures(who [][2]string) {
	const high = 36.0
	each := 3
	if len(who) == 2 || len(who) == 4 {
		each = 2
	}
	wide := s.width() / float64(each)
	for i := 0; i < len(who); i += each {
		s.need(high)
		y := s.GetY()
		for n, w := range who[i:min(i+each, len(who))] {
			s.SetXY(margin+float64(n)*wide, y)
			s.font("", 9)
			s.lines(wide, 4.6, w[0], "C")
			name := w[1]
			if name == "" {
				name = " "
			}
			s.Line(margin+float64(n)*wide+6, y+28, margin+float64(n+1)*wide-6, y+28)
			s.SetXY(margin+float64(n)*wide, y+28.5)
			s.font("B", 9)
			s.lines(wide, 4.4, name, "C")
		}
		s.SetXY(margin, y+high)
	}
}

func count(n int) string { return strconv.Itoa(n) }
