// Package frames draws tickets as a desk's camera sees them on a bad day: out of
// focus, tilted, in the dark, in the shade, far away, written on, folded, cracked, beside
// other codes. The same seed gives the same pictures, so that a change of how the page reads can be
// compared with what was before it.
package frames

import (
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"image"
	"math"
	"math/rand/v2"

	qrcode "github.com/skip2/go-qrcode"

	"buktihadir/models"
	"buktihadir/models/ticket"
)

// Kind is what makes a frame hard.
type Kind string

// These are the kinds of pictures, and the worst values of each. Lengths are in modules,
// the small squares of a code; brightness goes from 0 to 255. The values of one frame are
// spread evenly between the two ends.
const (
	Blur        Kind = "blur"         // out of focus by a Gaussian of 0.25 to 0.55, or moved by 0.6 to 1.4
	Tilt        Kind = "tilt"         // turned by any angle, and leaning away by 20 to 50 degrees
	Noise       Kind = "noise"        // each pixel off by a standard deviation of 18 to 45
	LowContrast Kind = "low contrast" // 25 to 70 between ink and paper, half of it under a shadow's edge
	Small       Kind = "small"        // 1.8 to 2.6 pixels a module, where 3 are comfortable
	PenMarked   Kind = "pen-marked"   // two to four strokes of a ballpoint, 0.4 to 0.7 wide, across a printed code
	Folded      Kind = "folded"       // a printed code with a crease, bent there by 8 to 35 degrees
	Cracked     Kind = "cracked"      // two or three cracks of a phone's glass, 0.2 to 0.4 wide, across the code
	Glare       Kind = "glare"        // a lamp's reflection on glass, as wide as 0.1 to 0.22 of the code
	Stranger    Kind = "stranger"     // somebody else's code beside the ticket: Wi-Fi, payment, a poster
	Another     Kind = "another"      // another ticket beside the frame that the page draws
)

// Kinds are all of them, in the order in which frames take turns.
func Kinds() []Kind {
	return []Kind{Blur, Tilt, Noise, LowContrast, Small, PenMarked, Folded, Cracked, Glare, Stranger, Another}
}

// strangers are codes that stand about at a training site.
var strangers = []string{
	"WIFI:T:WPA;S:Warung Kopi;P:rahasia-sekali;;", "https://example.id/promo",
	"00020101021126610014COM.GO-JEK.WWW01189360091430000000000215G000000000030351445204581253033605802ID5913WARUNG SRI6006SLEMAN61055528163040000",
}

// Frame is one picture with the text in its code.
type Frame struct {
	Kind Kind
	// Paper is a printed code (level M); otherwise it is on a phone's screen (level L).
	Paper bool
	// Text is the code's.
	Text    string
	Picture *image.Gray
}

// Draw gives frame i of a seed. Half of the frames are 640 × 480, like a cheap webcam;
// the others are 1280 × 720, the size that the page asks phones for.
func Draw(seed uint64, i int) (Frame, error) {
	kinds := Kinds()
	r := rand.New(rand.NewPCG(seed, uint64(i)))
	f := Frame{Kind: kinds[i%len(kinds)]}
	glass := f.Kind == Cracked || f.Kind == Glare
	f.Paper = f.Kind == PenMarked || f.Kind == Folded || !glass && r.IntN(2) == 0
	size := image.Pt(640, 480)
	if r.IntN(2) == 0 {
		size = image.Pt(1280, 720)
	}
	var err error
	if f.Text, err = f.text(r); err != nil {
		return Frame{}, err
	}
	level := qrcode.Low
	if f.Paper {
		level = qrcode.Medium
	}
	code, err := bitmap(f.Text, level)
	if err != nil {
		return Frame{}, err
	}
	sc := newScene(r, f, code)
	if err := f.beside(r, sc); err != nil {
		return Frame{}, err
	}
	f.Picture = newView(r, f.Kind, size, sc).picture(r, sc)
	return f, nil
}

// bitmap is a code's modules.
func bitmap(text string, level qrcode.RecoveryLevel) ([][]bool, error) {
	code, err := qrcode.New(text, level)
	if err != nil {
		return nil, fmt.Errorf("draw a code: %w", err)
	}
	code.DisableBorder = true
	return code.Bitmap(), nil
}

// beside puts a second code into the scene, where the kind has one.
func (f Frame) beside(r *rand.Rand, sc *scene) (err error) {
	text := strangers[r.IntN(len(strangers))]
	switch f.Kind {
	case Another:
		if text, err = f.text(r); err != nil {
			return err
		}
	case Stranger:
	case Blur, Tilt, Noise, LowContrast, Small, PenMarked, Folded, Cracked, Glare:
		return nil
	}
	sc.other = &neighbour{side: sign(r)}
	sc.other.modules, err = bitmap(text, qrcode.Medium)
	return err
}

// text is a ticket as a programme could issue it. A ticket on a screen ends in a tail
// that changes every 30 seconds.
func (f Frame) text(r *rand.Rand) (string, error) {
	names := []string{"Siti Rahma", "Agus Salim", "Ni Luh Ayu Lestari", "Yohanes Wanggai", "Dewi", "Muhammad Rizki P."}
	seed := make([]byte, ed25519.SeedSize)
	binary.BigEndian.PutUint64(seed, r.Uint64())
	day := ticket.Day(r.IntN(1000) + 1000)
	t := ticket.Ticket{Print: f.Paper, Live: !f.Paper, ValidFrom: day, ValidUntil: day + 30, Name: names[r.IntN(len(names))]}
	binary.BigEndian.PutUint64(t.ID[:], r.Uint64())
	binary.BigEndian.PutUint64(t.Class[:], r.Uint64())
	token, err := ticket.Sign(t, ed25519.NewKeyFromSeed(seed))
	if err != nil {
		return "", fmt.Errorf("sign a ticket: %w", err)
	}
	if !f.Paper {
		token += ticket.TailAt(seed, t.ID, ticket.StepAt(models.Millis(r.Int64N(1<<40)))).Text()
	}
	return token, nil
}

// between is any number from a to b.
func between(r *rand.Rand, a, b float64) float64 { return a + (b-a)*r.Float64() }

// sign is 1 or -1.
func sign(r *rand.Rand) float64 { return float64(2*r.IntN(2) - 1) }

// smooth rises from 0 at a to 1 at b.
func smooth(a, b, x float64) float64 {
	t := math.Max(0, math.Min(1, (x-a)/(b-a)))
	return t * t * (3 - 2*t)
}
