// Package camera writes what a fake camera sees: a YUV4MPEG2 film that Chromium
// plays, over and over, in place of a real camera
// (--use-file-for-fake-video-capture). A film is a row of shots, each a ticket's
// code or an empty desk, held for some time.
package camera

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"time"

	qrcode "github.com/skip2/go-qrcode"
)

// The picture of a cheap webcam, which is what sites have. Ten frames a second
// keep the file small and are as fast as the page looks.
const (
	Width  = 640
	Height = 480
	FPS    = 10
)

const (
	frameHeader = "FRAME\n"
	paper       = 235 // BT.601 white
	ink         = 16  // BT.601 black
	desk        = 126 // a gray wall behind the code
	noColour    = 128
	quietZone   = 4 // modules around a code, ISO/IEC 18004
)

// Shot is one view held for some time.
type Shot struct {
	// Code is the text in the QR code; an empty one shows an empty desk.
	Code string
	// For is how long it is held, at least one frame.
	For time.Duration
}

// WriteY4M writes the film of the shots. Chromium repeats it without end.
func WriteY4M(path string, shots ...Shot) (err error) {
	if len(shots) == 0 {
		return errors.New("a film needs a shot")
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("make the film: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()

	w := bufio.NewWriter(file)
	fmt.Fprintf(w, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n", Width, Height, FPS)
	for _, shot := range shots {
		frame, err := shot.frame()
		if err != nil {
			return err
		}
		for range max(1, int(shot.For*FPS/time.Second)) {
			// A bufio.Writer keeps its first error for Flush.
			_, _ = w.WriteString(frameHeader)
			_, _ = w.Write(frame)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the film: %w", err)
	}
	return nil
}

// frame draws the shot as planar 4:2:0: brightness, then two planes of no colour.
func (s Shot) frame() ([]byte, error) {
	frame := make([]byte, Width*Height*3/2)
	for i := range frame {
		frame[i] = desk
		if i >= Width*Height {
			frame[i] = noColour
		}
	}
	if s.Code == "" {
		return frame, nil
	}
	code, err := qrcode.New(s.Code, qrcode.Low)
	if err != nil {
		return nil, fmt.Errorf("draw the code %.20q: %w", s.Code, err)
	}
	code.DisableBorder = true
	modules := code.Bitmap()
	side := len(modules) + 2*quietZone
	scale := Height / side
	left, top := (Width-side*scale)/2, (Height-side*scale)/2
	for y := range side * scale {
		for x := range side * scale {
			frame[(top+y)*Width+left+x] = shade(modules, x/scale-quietZone, y/scale-quietZone)
		}
	}
	return frame, nil
}

// shade is ink where the code is dark, paper elsewhere and around it.
func shade(modules [][]bool, x, y int) byte {
	if x >= 0 && y >= 0 && y < len(modules) && x < len(modules) && modules[y][x] {
		return ink
	}
	return paper
}
