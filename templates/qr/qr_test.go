package qr_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"buktihadir/templates/qr"
)

func TestTheLongestTicketFitsVersion7(t *testing.T) {
	for name, c := range map[string]struct {
		length int
		use    qr.Use
	}{
		"on paper, level M":                  {178, qr.Print},
		"on a screen with its tail, level L": {191, qr.Screen},
	} {
		t.Run(name, func(t *testing.T) {
			code, err := qr.Encode("BH1"+strings.Repeat("A7", c.length)[:c.length-3], c.use)
			if err != nil {
				t.Fatal(err)
			}
			if code.Version() > 7 {
				t.Errorf("version %d, want at most 7", code.Version())
			}
		})
	}
}

func TestADrawnCodeScalesAndSpeaks(t *testing.T) {
	code, err := qr.Encode("BH1ABC", qr.Screen)
	if err != nil {
		t.Fatal(err)
	}
	svg := code.SVG(`Tiket <Siti & Budi>`)
	for _, want := range []string{`viewBox="0 0 29 29"`, `crispEdges`, `role="img"`, `<title>Tiket &lt;Siti &amp; Budi&gt;</title>`, `M4 4.5h7m`} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in %s", want, svg)
		}
	}
	raw, err := code.PNG(8)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Dx(); got != 29*8 {
		t.Errorf("%d pixels wide, want %d", got, 29*8)
	}
}
