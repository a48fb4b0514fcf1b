package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A browser that keeps nothing, such as one inside another program, promises nothing.
func TestATicketPromisesNoOfflineUseWhereNothingIsKept(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	phone := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	phone.OnEveryPage(`delete Navigator.prototype.serviceWorker`)
	phone.Open(w.server.URL + w.passPath("P-1"))
	phone.Wait(`!document.getElementById("share").hidden`)
	if text := Eval[string](phone, `document.body.innerText`); strings.Contains(text, "bisa dipakai tanpa sinyal") || !strings.Contains(text, "Simpan gambar tiketnya") {
		t.Errorf("the page promises what it can't keep: %s", text)
	}
}

// The code stays large, and black on white, on the smallest phone, with letters of double size and in dark colours.
func TestATicketFitsTheSmallestPhone(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	phone := OpenBrowser(t, BrowserOptions{Viewport: Viewport{Width: 320, Height: 640, Touch: true}})
	phone.Open(w.server.URL + w.passPath("P-1"))
	phone.Wait(kept)
	phone.Dark(func() { fits(t, phone) })
}

func fits(t *testing.T, phone *Page) {
	t.Helper()
	for _, size := range []string{"100%", "200%"} {
		phone.Wait(`(document.documentElement.style.fontSize = "` + size + `", document.querySelectorAll("details").forEach((d) => { d.open = true; }), true)`)
		got := Eval[struct {
			Wide, Code  float64
			Ground, Ink string
		}](phone, `({ wide: document.documentElement.scrollWidth - 320, code: document.querySelector(".pass-qr > svg").getBoundingClientRect().width,
			ground: getComputedStyle(document.querySelector(".pass-qr")).backgroundColor, ink: getComputedStyle(document.querySelector(".pass-qr path:last-of-type")).fill })`)
		if got.Wide > 0 || got.Code < .6*320 || got.Ground != "rgb(255, 255, 255)" || got.Ink != "rgb(0, 0, 0)" {
			t.Errorf("letters of %s: %+v", size, got)
		}
		if dir := os.Getenv("SCREENSHOTS"); dir != "" {
			phone.Screenshot(filepath.Join(dir, "ticket-320-"+strings.TrimSuffix(size, "%")+".png"))
		}
	}
}
