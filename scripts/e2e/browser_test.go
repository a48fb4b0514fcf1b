package e2e

import (
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"buktihadir/scripts/e2e/camera"

	"github.com/chromedp/chromedp"
)

// serve serves one page under the content security policy of a strict site, so
// that what works here works on our own pages.
func serve(t *testing.T, html string) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'")
		_, _ = w.Write([]byte(strings.ReplaceAll(html, "ACCEPT", r.Header.Get("Accept-Language"))))
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestTheFakeCameraShowsTheFilm(t *testing.T) {
	t.Parallel()
	film := filepath.Join(t.TempDir(), "film.y4m")
	if err := camera.WriteY4M(film, camera.Shot{Code: "BH1TICKET", For: time.Second}); err != nil {
		t.Fatal(err)
	}
	p := OpenBrowser(t, BrowserOptions{Viewport: Phone(), Camera: film})
	p.Open(serve(t, `<!doctype html><title>Kamera</title><video autoplay muted playsinline></video><script>
		navigator.mediaDevices.getUserMedia({video: true}).then(s => document.querySelector("video").srcObject = s)</script>`))
	p.Wait(`document.querySelector("video").readyState >= HTMLMediaElement.HAVE_CURRENT_DATA`)

	// What the page sees through the camera, on the code's top finder pattern:
	// paper, ink, and the wall beside.
	type view struct {
		Width, Height     int
		Darkest, Lightest int
	}
	got := Eval[view](p, `(() => {
		const v = document.querySelector("video"), c = document.createElement("canvas").getContext("2d", {willReadFrequently: true})
		c.canvas.width = v.videoWidth; c.canvas.height = v.videoHeight
		c.drawImage(v, 0, 0)
		const px = c.getImageData(0, 0, v.videoWidth, v.videoHeight).data.filter((_, i) => i % 4 == 1)
		let Darkest = 255, Lightest = 0
		for (const b of px) { if (b < Darkest) Darkest = b; if (b > Lightest) Lightest = b }
		return {Width: v.videoWidth, Height: v.videoHeight, Darkest, Lightest}
	})()`)
	if got.Width != camera.Width || got.Height != camera.Height {
		t.Errorf("the camera's picture is %d×%d, want %d×%d", got.Width, got.Height, camera.Width, camera.Height)
	}
	if got.Darkest > 40 || got.Lightest < 215 {
		t.Errorf("the picture reaches from %d to %d, want black ink on white paper", got.Darkest, got.Lightest)
	}
	if errs := p.ConsoleErrors(); len(errs) != 0 {
		t.Errorf("console errors: %q", errs)
	}
}

func TestABrowserSpeaksTheLanguageAndHasTheSizeItIsTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		language string
		viewport Viewport
	}{{"id", Phone()}, {"en", Desktop()}} {
		t.Run(c.language, func(t *testing.T) {
			p := OpenBrowser(t, BrowserOptions{Language: c.language, Viewport: c.viewport})
			p.Open(serve(t, `<!doctype html><meta name=viewport content="width=device-width"><body style="margin:0;height:2000px"><p>ACCEPT</p>`))
			if got := p.Text("p"); !strings.HasPrefix(got, c.language) {
				t.Errorf("Accept-Language = %q, want %s first", got, c.language)
			}
			shot := filepath.Join(t.TempDir(), "page.png")
			p.Screenshot(shot)
			file, err := os.Open(shot)
			if err != nil {
				t.Fatal(err)
			}
			size, err := png.DecodeConfig(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := file.Close(); err != nil {
				t.Error(err)
			}
			if size.Width != int(c.viewport.Width) || size.Height < 2000 {
				t.Errorf("the screenshot is %d×%d, want the whole page: %d×2000", size.Width, size.Height, c.viewport.Width)
			}
		})
	}
}

func TestAPageTellsWhatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	p := OpenBrowser(t, BrowserOptions{})
	p.Open(serve(t, `<!doctype html><html lang=id><title>x</title><main><h1>Presensi</h1><img src="data:,"><input id=name>
		<button onclick="document.querySelector('output').textContent = 'Halo ' + document.getElementById('name').value">Sapa</button>
		<output></output></main><script>setTimeout(() => { throw new Error("rusak") })</script>`))
	p.Type("#name", "Siti")
	p.Click("button")
	p.WaitText("output", "Halo Siti")

	if errs := p.ConsoleErrors(); !slices.ContainsFunc(errs, func(e string) bool { return strings.Contains(e, "rusak") }) {
		t.Errorf("console errors = %q, want the one that the page throws", errs)
	}
	var rules []string
	for _, v := range p.Axe() {
		rules = append(rules, v.ID)
		if len(v.Nodes) == 0 || !strings.Contains(v.String(), v.Nodes[0].HTML) {
			t.Errorf("%s does not name its element", v)
		}
	}
	for _, want := range []string{"image-alt", "label"} {
		if !slices.Contains(rules, want) {
			t.Errorf("axe found %q, want %s among them", rules, want)
		}
	}
	p.Do(chromedp.Reload())
}

// failing is a test that has failed, for the page to find.
type failing struct{ *testing.T }

func (failing) Failed() bool { return true }

func TestAFailedTestLeavesThePageItFailedOn(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("ARTIFACTS", dir)
	t.Run("story", func(t *testing.T) {
		OpenBrowser(failing{t}, BrowserOptions{}).Open(serve(t, `<p>Gagal di sini</p>`))
	})
	stem := filepath.Join(dir, "TestAFailedTestLeavesThePageItFailedOn_story")
	html, err := os.ReadFile(stem + ".html")
	if err != nil || !strings.Contains(string(html), "Gagal di sini") {
		t.Errorf("the page's HTML: %q, %v", html, err)
	}
	if _, err := os.Stat(stem + ".png"); err != nil {
		t.Errorf("the screenshot: %v", err)
	}
}
