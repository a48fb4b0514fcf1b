package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"buktihadir/scripts/e2e/frames"
	"buktihadir/templates"
)

// hardFrames is the seed of the frames that the page's settings are chosen by.
const hardFrames = 1

// kindReading is how the page's reader did with one kind of frame.
type kindReading struct {
	frames, first, read int     // read at the first look, and at any
	wrong               int     // read as another text
	milliseconds        float64 // of all looks
	looks               int
}

// readings has the page's own reader look at frames as it looks at a ticket that is
// held before it: at each twice as often as it has ways to look.
func readings(t testing.TB, count int) map[frames.Kind]*kindReading {
	t.Helper()
	drawn := make([]frames.Frame, count)
	mux := http.NewServeMux()
	mux.HandleFunc("/frame/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.PathValue("n"))
		if err == nil && n < count {
			drawn[n], err = frames.Draw(hardFrames, n)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		size := drawn[n].Picture.Rect
		w.Header().Set("Size", fmt.Sprintf("%d %d", size.Dx(), size.Dy()))
		_, _ = w.Write(drawn[n].Picture.Pix) // a browser that is gone fails the test by itself
	})
	page := readerPage(t, mux)
	Eval[bool](page, `(() => {
		window.look = async (n) => {
			const answer = await fetch("/frame/" + n);
			const [width, height] = answer.headers.get("Size").split(" ").map(Number);
			const gray = new Uint8Array(await answer.arrayBuffer());
			const picture = new ImageData(width, height);
			new Uint32Array(picture.data.buffer).set(Uint32Array.from(gray, (g) => 0xff000000 | (g << 16) | (g << 8) | g));
			const canvas = Object.assign(document.createElement("canvas"), { width, height });
			canvas.getContext("2d").putImageData(picture, 0, 0);
			return held(canvas, 2 * WAYS.length);
		};
		return true;
	})()`)

	byKind := map[frames.Kind]*kindReading{}
	for n := range count {
		got := Eval[struct {
			Text  string
			Looks int
			MS    float64
		}](page, fmt.Sprintf("look(%d)", n))
		k := byKind[drawn[n].Kind]
		if k == nil {
			k = &kindReading{}
			byKind[drawn[n].Kind] = k
		}
		k.frames++
		k.looks += got.Looks
		k.milliseconds += got.MS
		switch {
		case got.Text == drawn[n].Text:
			k.read++
			if got.Looks == 1 {
				k.first++
			}
		case got.Text != "":
			k.wrong++
		}
	}
	return byKind
}

// readerPage opens a page with the reader and the choice that a desk has, as held: it looks
// at a picture as at a ticket that is held there, 120 ms each time, until something is taken.
func readerPage(t testing.TB, mux *http.ServeMux) *Page {
	t.Helper()
	set, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle(templates.AssetRoot, set.Assets)
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>frames</title>`)
	})
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	page := OpenBrowser(t, BrowserOptions{})
	page.Open(site.URL)
	address := func(name string) string {
		url, err := set.Assets.URL(name)
		if err != nil {
			t.Fatal(err)
		}
		return url
	}
	Eval[bool](page, fmt.Sprintf(`(async () => {
		const { Reader, WAYS } = await import(%q);
		const { Choice, middle } = await import(%q);
		const reader = new Reader({ worker: %q, reader: %q, wasm: %q });
		await reader.ready();
		Object.assign(window, { reader, WAYS, Choice, middle });
		window.held = async (canvas, most) => {
			const choice = new Choice();
			reader.restart();
			const began = performance.now();
			for (let looks = 1; ; looks++) {
				const { text, several } = choice.look(await reader.read(canvas), middle(canvas), 120 * looks);
				if (text || looks === most) return { text, several, looks, ms: performance.now() - began };
				reader.turn();
			}
		};
		return true;
	})()`, address("desk/reader.js"), address("desk/choice.js"), address("desk/scanner-worker.js"), address("vendor/zxing-wasm/reader.js"),
		address("vendor/zxing-wasm/zxing_reader.wasm")))
	return page
}

// tell writes a table, and gives the sums.
func tell(t testing.TB, byKind map[frames.Kind]*kindReading) (all kindReading) {
	t.Helper()
	var table strings.Builder
	line := func(name string, k *kindReading) {
		fmt.Fprintf(&table, "\n%-14s %5d frames  %5.1f %% at once  %5.1f %% held  %.1f ms a look", name, k.frames,
			100*float64(k.first)/float64(k.frames), 100*k.share(), k.milliseconds/float64(k.looks))
	}
	for _, kind := range frames.Kinds() {
		k := byKind[kind]
		line(string(kind), k)
		all.frames, all.first, all.read, all.wrong = all.frames+k.frames, all.first+k.first, all.read+k.read, all.wrong+k.wrong
		all.looks, all.milliseconds = all.looks+k.looks, all.milliseconds+k.milliseconds
	}
	line("all", &all)
	t.Log(table.String())
	return all
}

func (k *kindReading) share() float64 { return float64(k.read) / float64(k.frames) }

// TestHardFramesAreRead holds the page's settings to the first of the frames
// that BenchmarkHardFrames reads, which are as many as a test has time for.
func TestHardFramesAreRead(t *testing.T) {
	t.Parallel()
	least := map[frames.Kind]float64{
		frames.Blur: .8, frames.Tilt: .9, frames.Noise: .9, frames.LowContrast: .9, frames.Small: .9, frames.PenMarked: .7, frames.Folded: .7,
		frames.Cracked: .9, frames.Glare: .9, frames.Stranger: 1, frames.Another: 1,
	}
	byKind := readings(t, 110)
	for kind, share := range least {
		if k := byKind[kind]; k.share() < share || k.wrong > 0 {
			t.Errorf("%s: %.0f %% read, want at least %.0f %%; %d read wrongly", kind, 100*k.share(), 100*share, k.wrong)
		}
	}
	if all := tell(t, byKind); all.share() < .95 {
		t.Errorf("%.1f %% of all read, want at least 95 %%", 100*all.share())
	}
}

// BenchmarkHardFrames reads 1,100 frames once: ./scripts/bench frames.
func BenchmarkHardFrames(b *testing.B) {
	for b.Loop() {
		all := tell(b, readings(b, 1100))
		b.ReportMetric(100*all.share(), "%read")
		b.ReportMetric(all.milliseconds/float64(all.looks), "ms/look")
	}
}
