package document_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/skip2/go-qrcode"

	"buktihadir/models"
	"buktihadir/server/document"
	"buktihadir/templates"
)

const longName = "Dewi Lestari Kusumaningtyas Prawirodirdjo binti Raden Mas Sosrokartono"

func badges(n int) []document.Badge {
	names := []string{"Siti Aminah", longName, "Agus", "Zoë Núñez Çelik", "Muhammadabdurrahmanwahidsyarifuddinhidayatullahalmukarram"}
	list := make([]document.Badge, n)
	for i := range list {
		list[i] = document.Badge{Name: names[i%len(names)],
			Number: fmt.Sprintf("REG-%05d", i), Role: models.PersonParticipant, Class: "BDG-BARISTA-1", Course: "Barista dan Pengelolaan Kedai Kopi Kecil",
			Provider: "LPK Kopi Nusantara Sejahtera", Site: "Balai Latihan Kerja Kabupaten Bandung", First: "2026-06-20", Last: "2026-06-24", Token: "BH1" +
				strings.Repeat(fmt.Sprintf("%07d0ABCDEFGHJKMNPQRSTVW", i), 6)}
	}
	list[0].Role = models.PersonInstructor
	return list
}

func drawBadges(t testing.TB, r document.Renderer, l document.BadgeLayout, list []document.Badge) []byte {
	t.Helper()
	return draw(t, "badges-"+l.Key, func() ([]byte, error) {
		var out bytes.Buffer
		err := r.Badges(&out, "Lencana", 1_780_000_000_000, l, list)
		return out.Bytes(), err
	})
}

func TestEveryBadgeSaysWholeWhoItsWearerIs(t *testing.T) {
	p := renderer(t, templates.Indonesian)
	list := badges(11)
	for _, l := range document.BadgeLayouts() {
		content := drawBadges(t, p, l, list)
		got := read(t, content)
		perPage := map[string]int{"a4_10": 10, "a4_8": 8}[l.Key]
		if want := (len(list) + perPage - 1) / perPage; len(got.pages) != want {
			t.Fatalf("%s: %d badges on %d pages, want %d", l.Key, len(list), len(got.pages), want)
		}
		for i, b := range list {
			page, role := got.pages[i/perPage], "PESERTA"
			if b.Role == models.PersonInstructor {
				role = "TENAGAPELATIH"
			}
			for _, want := range []string{squeezed(b.Name),
				b.Number, b.Class, role, "20Juni2026", "24Juni2026", squeezed(b.Course), squeezed(b.Provider), squeezed(b.Site)} {
				if !strings.Contains(page, want) {
					t.Errorf("%s: badge %d lacks %q: %.300s", l.Key, i, want, page)
				}
			}
		}
	}
}

func TestBadgesFillASheetOfA4(t *testing.T) {
	p := renderer(t, templates.Indonesian)
	want := map[string][2]float64{"a4_10": {210, 297}, "a4_8": {210, 297}}
	for _, l := range document.BadgeLayouts() {
		content := drawBadges(t, p, l, badges(3))
		r, err := pdf.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		media := r.Page(1).V.Key("MediaBox")
		if media.IsNull() {
			media = r.Page(1).V.Key("Parent").Key("MediaBox")
		}
		for i, side := range want[l.Key] {
			if got := media.Index(2+i).Float64() / 72 * 25.4; math.Abs(got-side) > 0.5 {
				t.Errorf("%s: side %d of the page is %.1f mm, want %.0f", l.Key, i, got, side)
			}
		}
	}
}

// The letters' size is what decides who can be read from where: capitals of 4 mm are a
// four-hundredth of 2 m and more.
func TestAnOrdinaryNameIsReadAtTwoMetres(t *testing.T) {
	p := renderer(t, templates.Indonesian)
	for _, l := range document.BadgeLayouts() {
		images, err := p.BadgePreviews(l, badges(1))
		if err != nil {
			t.Fatal(err)
		}
		largest := 0.0
		for _, x := range textsOf(t, images[0]) {
			if strings.Contains(x.text, "Siti") {
				largest = max(largest, x.size)
			}
		}
		if capital := largest * 0.72; capital < 4 {
			t.Errorf("%s: the capitals of a name are %.1f mm high", l.Key, capital)
		}
	}
}

func TestNothingOfABadgeLeavesIt(t *testing.T) {
	p := renderer(t, templates.Indonesian)
	odd := badges(5)
	odd[1].Name = strings.Repeat("Kusumaningtyas ", 30)
	odd[2].Name = strings.Repeat("W", 200)
	odd[3].Course, odd[3].Provider = strings.Repeat("Pengelolaan ", 40), strings.Repeat("X", 300)
	for _, b := range []bool{true, false} {
		for _, l := range document.BadgeLayouts() {
			if !b {
				for i := range odd {
					odd[i].Token = ""
				}
			}
			images, err := p.BadgePreviews(l, odd)
			if err != nil {
				t.Fatal(err)
			}
			for i, image := range images {
				letters := 0
				for _, x := range textsOf(t, image) {
					letters += len(squeezed(x.text))
					if x.x < 1 || x.x+x.length > l.Width-1 || x.y-x.size*0.8 < 1 || x.y+x.size*0.25 > l.Height-1 {
						t.Errorf("%s, coded %t: %q leaves badge %d: %+v", l.Key, b, x.text, i, x)
					}
				}
				if least := len(squeezed(odd[i].Name + odd[i].Number + odd[i].Class)); letters < least {
					t.Errorf("%s: badge %d has %d letters, at least %d are needed", l.Key, i, letters, least)
				}
			}
		}
	}
}

type svgText struct {
	x, y, size, length float64
	text               string
}

func textsOf(t *testing.T, image string) (list []svgText) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(image))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "text" {
			continue
		}
		var x struct {
			X      float64 `xml:"x,attr"`
			Y      float64 `xml:"y,attr"`
			Size   float64 `xml:"font-size,attr"`
			Length float64 `xml:"textLength,attr"`
			Text   string  `xml:",chardata"`
		}
		if err := d.DecodeElement(&x, &start); err != nil {
			t.Fatal(err)
		}
		list = append(list, svgText{x.X, x.Y, x.Size, x.Length, x.Text})
	}
}

// codeOf reads a page's black rectangles back into the modules of a QR code.
func codeOf(t *testing.T, content []byte, modules int) [][]bool {
	t.Helper()
	r, err := pdf.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var small []pdf.Rect
	for _, x := range r.Page(1).Content().Rect {
		if h := math.Abs(x.Max.Y - x.Min.Y); h < 3 {
			small = append(small, x)
		}
	}
	if len(small) == 0 {
		return nil
	}
	left, right, top := math.MaxFloat64, 0.0, 0.0
	for _, x := range small {
		left, right, top = min(left, x.Min.X), max(right, x.Max.X), max(top, x.Min.Y, x.Max.Y)
	}
	module := (right - left) / float64(modules)
	grid := make([][]bool, modules)
	for i := range grid {
		grid[i] = make([]bool, modules)
	}
	for _, x := range small {
		row := int(math.Round((top - max(x.Min.Y, x.Max.Y)) / module))
		for column := int(math.Round((x.Min.X - left) / module)); column < int(math.Round((x.Max.X-left)/module)); column++ {
			grid[row][column] = true
		}
	}
	return grid
}

func TestABadgesCodeIsTheTicketsAtLevelM(t *testing.T) {
	p := renderer(t, templates.Indonesian)
	list := badges(1)
	q, err := qrcode.New(list[0].Token, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	q.DisableBorder = true
	want := q.Bitmap()
	for _, l := range document.BadgeLayouts() {
		if got := codeOf(t, drawBadges(t, p, l, list), len(want)); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: the code is not that of the ticket", l.Key)
		}
		bare := badges(1)
		bare[0].Token = ""
		if got := codeOf(t, drawBadges(t, p, l, bare), len(want)); got != nil {
			t.Errorf("%s: a badge without a ticket has a code", l.Key)
		}
	}
}

func TestANameThatTheFontLacksIsLeftToBeWrittenByHand(t *testing.T) {
	p := renderer(t, templates.Indonesian)
	for _, x := range []struct {
		name, written string
		whole         bool
	}{{"Siti Aminah", "Siti Aminah", true}, {"Nguyễn Thị Hương", "Nguyên Thi Huong", true}, {"王小明", "???", false}, {"Siti?", "Siti?", true}} {
		if written, whole := document.Writable(x.name); written != x.written || whole != x.whole {
			t.Errorf("%s is written %q, whole %t", x.name, written, whole)
		}
		b := badges(1)
		b[0].Name = x.name
		for _, l := range document.BadgeLayouts() {
			got := read(t, drawBadges(t, p, l, b)).text()
			if shown := strings.Contains(got, squeezed(x.written)); shown != x.whole || !strings.Contains(got, b[0].Number) {
				t.Errorf("%s: of %s: %s", l.Key, x.name, got)
			}
		}
	}
}

func TestTheSameBadgesAreTheSameBytesAndNotTooMany(t *testing.T) {
	p := renderer(t, templates.Indonesian)
	for _, l := range document.BadgeLayouts() {
		if first := drawBadges(t, p, l, badges(3)); !bytes.Equal(first, drawBadges(t, p, l, badges(3))) {
			t.Errorf("%s: the same badges give other bytes", l.Key)
		}
	}
	if err := p.Badges(io.Discard, "", 1, document.BadgeLayouts()[0], badges(document.MostCards+1)); !errors.Is(err, document.ErrTooLong) {
		t.Errorf("too many for one file: %v", err)
	}
}
