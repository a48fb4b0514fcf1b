package e2e

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/ledongthuc/pdf"
)

// sticksOut asks whether anything on a label is wider than its place, or lies outside the
// label or on what stands below it. A font's own height above and below its letters counts
// for nothing: Noto Sans has more of it than a line is high, and draws nothing there.
const sticksOut = `[...document.querySelectorAll(".label")].some((label) => {
	const place = label.getBoundingClientRect(), parts = [...label.children].map((e) => e.getBoundingClientRect());
	const crosses = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
	return label.scrollHeight > label.clientHeight + 2 || [label, ...label.querySelectorAll("*")].some((e) => e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 0) ||
		parts.some((p) => p.top < place.top - 1 || p.bottom > place.bottom + 1) || parts.some((p, i) => parts.slice(i + 1).some((q) => crosses(p, q)))
})`

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
		if over := Eval[bool](page, sticksOut); over {
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
