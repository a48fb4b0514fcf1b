package e2e

import (
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"buktihadir/models"
)

// photograph is a picture as large as a phone takes it, with noise that packs badly.
func photograph(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 3000, 2000))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * i >> 7)
	}
	for x := 400; x < 2600; x++ {
		for y := 950; y < 1050; y++ {
			img.Set(x, y, color.White)
		}
	}
	path := filepath.Join(t.TempDir(), "surat.jpg")
	f, err := os.Create(path)
	if err == nil {
		err = jpeg.Encode(f, img, &jpeg.Options{Quality: 95})
	}
	if err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	return path
}

// Somebody is ill and somebody is on no list: both are written down at the desk with a
// picture, with no network, and the office decides by what it sees.
func TestWhatTheDeskWritesDownReachesTheOfficeWithItsPicture(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.tickets("KINI")
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	w.openDesk()
	phone := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	w.staffSignsIn(phone)
	narrow := looker{t, phone, "360"}
	session := narrow.linked(w.agent.URL+"/sessions", "^/sessions/[0-9a-f-]{36}$")
	at := w.server.URL[len("http://"):]
	w.server.Stop()

	photo := photograph(t)
	record := func(dialog, name string, fill func()) {
		t.Helper()
		phone.Wait(`document.querySelector("#` + dialog + `").open`)
		fill()
		phone.Upload("#"+dialog+" input[type=file]", photo)
		phone.Wait(`document.querySelector("#` + dialog + ` .picked canvas") !== null`)
		narrow.keep("desk-" + dialog + " 360 id")
		phone.Click("#" + dialog + " .form-actions button")
		phone.Wait(`document.querySelector("#verdict[open] .verdict-good")?.innerText.includes(` + quote(name) + `)`)
		phone.Click(`[data-do=next]`)
		phone.Wait(`document.querySelector("#verdict") !== null && !document.querySelector("#verdict").open`)
	}
	phone.Open(w.agent.URL + session)
	phone.Click(`[data-opens="note"][data-name="Siti Rahma"]`)
	record("note", "Siti Rahma", func() {
		phone.Click(`#note input[value="sick"]`)
		phone.Type(`#note textarea`, "demam, surat dokter")
	})
	phone.WaitText("main", "demam, surat dokter") // the page was loaded anew
	phone.Wait(`document.readyState === "complete"`)
	phone.Click(`[data-opens="walk-in"]`)
	record("walk-in", "Santoso, Budi", func() {
		phone.Type(`#walk-in input[name="name"]`, "Santoso, Budi")
		phone.Type(`#walk-in input[name="number"]`, "0002")
	})
	phone.WaitText("main", "Santoso, Budi")
	for _, l := range []looker{narrow, {t, OpenBrowser(t, BrowserOptions{Viewport: Desktop()}), "1280"}} {
		if l.page != phone {
			w.staffSignsIn(l.page)
		}
		l.at(w.agent.URL, "desk-session", session)
	}

	w.openOffice(at)
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	pmo := OpenBrowser(t, BrowserOptions{Viewport: Desktop()})
	w.signIn(pmo, setupLink(w))
	wide := looker{t, pmo, "1280"}
	href := wide.linked(w.server.URL+"/cases?kind=walk_in", "^/cases/[0-9a-f-]{36}$")
	wide.at(w.server.URL, "case-walk-in", href)
	pmo.Open(w.server.URL + href)
	pmo.Wait(`document.querySelector("img.evidence").naturalWidth > 600`)
	if best := Eval[string](pmo, `document.querySelector("#whose").options[1].text`); !strings.Contains(best, "Budi Santoso") {
		t.Errorf("the first who may have walked in is %q, want who has the same digits", best)
	}
	pmo.Click(`input[name="decision"][value="confirmed"]`)
	Eval[bool](pmo, `(document.querySelector("#whose").selectedIndex = 1, true)`)
	pmo.Type("#reason", "Nama dan foto KTP cocok")
	pmo.Click(`main form .form-actions button`)
	pmo.WaitText(".flash-good", "Keputusan disimpan")
	pmo.Open(w.server.URL + "/cases")

	if got := w.mark("KINI", "P-1"); got.Status != models.StatusSick {
		t.Errorf("who is ill is %s", got.Status)
	}
	if got := w.mark("KINI", "P-2"); got.Status != models.StatusInside || got.First == nil {
		t.Errorf("who walked in is %+v", got)
	}
	for _, p := range []*Page{phone, pmo} {
		if errs := p.ConsoleErrors(); len(errs) > 0 {
			t.Errorf("pages complain: %q", errs)
		}
	}
}
