package e2e

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/ledongthuc/pdf"
)

// A desk with a label printer: one label a person, of the printer's size, from the verdict on.
func TestADeskPrintsALabelOfWhoHasJustCome(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	siti := w.tickets("KINI")["P-1"]
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	w.openDesk()
	page := OpenBrowser(t, BrowserOptions{})
	page.Open(w.agent.URL + "/sign-in")
	Eval[bool](page, `(document.querySelector("select#officer").value = "`+w.officer.String()+`") !== ""`)
	page.Type("#pin", w.pin)
	page.Click("form.card button")
	page.Wait(`document.querySelector("#typed") !== null`)
	for _, x := range []struct {
		size          string
		width, height float64
	}{{"label", 62, 29}, {"wristband", 25, 250}} {
		page.Open(w.agent.URL + "/station")
		page.Click(`button[name="size"][value="` + x.size + `"]`)
		page.Wait(`location.search === "?labels=saved"`)
		page.Open(w.agent.URL + "/")
		page.Click("details.more summary")
		page.Type("#code", siti.Token+"\r")
		page.Wait(`document.querySelector("[data-do=label]:not([hidden])")?.href.includes("person=")`)
		page.Open(Eval[string](page, `document.querySelector("[data-do=label]").href`))
		if over := Eval[bool](page, `[...document.querySelectorAll(".label, .label *")].some((e) => e.scrollHeight > e.clientHeight + 2 && e.clientHeight > 0 || e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 0)`); over {
			t.Errorf("something sticks out of the %s", x.size)
		}
		content := Get(page, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
		paper, err := pdf.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		box := paper.Page(1).V.Key("MediaBox")
		width, height := box.Index(2).Float64()/72*25.4, box.Index(3).Float64()/72*25.4
		if paper.NumPage() != 1 || math.Abs(width-x.width) > 1 || math.Abs(height-x.height) > 1 {
			t.Errorf("a %s is printed on %d pages of %.0f × %.0f mm", x.size, paper.NumPage(), width, height)
		}
		text, err := paper.Page(1).GetPlainText(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(strings.Fields(text), ""); !strings.Contains(got, "SitiRahma") || !strings.Contains(got, "P-1") || strings.Contains(got, "Cetak") {
			t.Errorf("on the %s stands %q", x.size, got)
		}
	}
	if complaints := page.ConsoleErrors(); len(complaints) > 0 {
		t.Errorf("pages complain: %q", complaints)
	}
}
