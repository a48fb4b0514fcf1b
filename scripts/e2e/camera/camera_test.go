package camera_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"buktihadir/scripts/e2e/camera"

	"github.com/google/go-cmp/cmp"
	qrcode "github.com/skip2/go-qrcode"
)

const (
	brightness = camera.Width * camera.Height
	frameSize  = len("FRAME\n") + brightness*3/2
)

// film writes the shots and returns the file's header line and frames.
func film(t *testing.T, shots ...camera.Shot) (header string, frames [][]byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "film.y4m")
	if err := camera.WriteY4M(path, shots...); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := bytes.Cut(content, []byte("\n"))
	for len(rest) > 0 {
		if len(rest) < frameSize || !bytes.HasPrefix(rest, []byte("FRAME\n")) {
			t.Fatalf("%d bytes left after frame %d, starting %.10q", len(rest), len(frames), rest)
		}
		frames = append(frames, rest[len("FRAME\n"):frameSize])
		rest = rest[frameSize:]
	}
	return string(head), frames
}

func TestAFilmHoldsEachShotForItsTime(t *testing.T) {
	header, frames := film(t,
		camera.Shot{Code: "BH1AAAA", For: 500 * time.Millisecond},
		camera.Shot{For: 200 * time.Millisecond},
		camera.Shot{Code: "BH1BBBB"},
	)
	if want := "YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg"; header != want {
		t.Errorf("header = %q, want %q", header, want)
	}
	if len(frames) != 5+2+1 {
		t.Fatalf("%d frames, want 5 of the first code, 2 empty, 1 of the second", len(frames))
	}
	for i, sameAsBefore := range []bool{1: true, 2: true, 3: true, 4: true, 5: false, 6: true, 7: false} {
		if i > 0 && bytes.Equal(frames[i], frames[i-1]) != sameAsBefore {
			t.Errorf("frame %d equals the one before: %v, want %v", i, !sameAsBefore, sameAsBefore)
		}
	}
}

// TestAFrameShowsTheCodeThatQRCodeDraws reads the modules back out of the frame
// at their centres. The browser's own reader is tried in the stories beside.
func TestAFrameShowsTheCodeThatQRCodeDraws(t *testing.T) {
	text := "BH1" + strings.Repeat("0123456789ABCDEF", 11)
	_, frames := film(t, camera.Shot{Code: text})
	code, err := qrcode.New(text, qrcode.Low)
	if err != nil {
		t.Fatal(err)
	}
	code.DisableBorder = true
	want := code.Bitmap()
	scale := camera.Height / (len(want) + 8)
	left := (camera.Width-len(want)*scale)/2 + scale/2
	top := (camera.Height-len(want)*scale)/2 + scale/2

	got := make([][]bool, len(want))
	for y := range want {
		got[y] = make([]bool, len(want))
		for x := range want {
			got[y][x] = frames[0][(top+y*scale)*camera.Width+left+x*scale] < 100
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("modules in the frame (-want +got):\n%s", diff)
	}
	for i, c := range frames[0][brightness:] {
		if c != 128 {
			t.Fatalf("colour byte %d = %d, want 128: the picture is gray", i, c)
		}
	}
}

func TestAFilmRefusesWhatACameraCannotShow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "film.y4m")
	for name, shots := range map[string][]camera.Shot{
		"no shot at all":                    nil,
		"a text longer than any code holds": {{Code: strings.Repeat("x", 4000)}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := camera.WriteY4M(path, shots...); err == nil {
				t.Error("written without an error")
			}
		})
	}
}
