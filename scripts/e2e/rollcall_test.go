package e2e

import (
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"buktihadir/models"
	"buktihadir/site-agent/store"
)

// What people need of a roll call's time; the rest is the program's.
const (
	toCallANameAndTap = 3 * time.Second
	toChooseAndSign   = 30 * time.Second
	mostOfARollCall   = 3 * time.Minute
)

// draws signs with a pen of zigzags.
func (p *Page) draws(css string) {
	p.t.Helper()
	box := Eval[struct{ X, Y, W, H float64 }](p, `(() => {
		const field = document.querySelector(`+quote(css)+`);
		field.scrollIntoView({ block: "center", behavior: "instant" });
		const { x, y, width, height } = field.getBoundingClientRect();
		return { x, y, w: width, h: height };
	})()`)
	steps := []chromedp.Action[chromedp.Void]{chromedp.MouseEvent("mousePressed", box.X+box.W/8, box.Y+box.H/2, chromedp.ButtonLeft)}
	for i := range 24 {
		steps = append(steps, chromedp.MouseEvent("mouseMoved", box.X+box.W/8+float64(i)*box.W/32, box.Y+box.H/2+float64(i%5-2)*box.H/8, chromedp.ButtonLeft))
	}
	p.Do(append(steps, chromedp.MouseEvent("mouseReleased", box.X+box.W/2, box.Y+box.H/2, chromedp.ButtonLeft))...)
}

// A class comes without a single ticket. Its names are called, who is here is tapped, who
// teaches signs, and one press records all; a reload and a slip on the way cost nothing.
func TestARollCallOfFortyTakesLessThanThreeMinutes(t *testing.T) {
	t.Parallel()
	site, dir := aClass(t)
	page, address := staffAt(t, site, dir)
	session := "/sessions/" + site.Classes[0].Session.String()
	page.Open(address + session)
	page.Click(`a[href$="/roll-call"]`)
	page.Wait(`document.getElementById("called-count")?.textContent.startsWith("0 dari 39")`)
	if w := Eval[int](page, `document.documentElement.scrollWidth`); w > Eval[int](page, `innerWidth`) {
		t.Errorf("the page is %d pixels wide", w)
	}
	if n := Eval[int](page, `document.querySelectorAll(".called-letters a").length`); n < 5 {
		t.Errorf("%d letters to jump to", n)
	}
	start, taps := time.Now(), 0
	tap := func(from, to int) {
		for i := from; i < to; i++ {
			Eval[bool](page, `(document.querySelectorAll(".called label")[`+strconv.Itoa(i)+`].click(), true)`)
			taps++
		}
	}
	tap(0, 20)
	tap(19, 20) // a slip
	page.Open(address + session + "/roll-call")
	page.Wait(`document.getElementById("called-count")?.textContent.startsWith("19 dari 39")`)
	tap(19, 38)
	Eval[bool](page, `(document.querySelector("#roll-call [name=reason]").click(), true)`)
	page.Type("#called-signer", "Bu Ratna")
	page.Click(".called-send button")
	page.WaitText("#verdict[open]", "Tanda tangan pengajar belum ada")
	page.Click("#verdict [data-do=next]")
	page.draws("#called-ink")
	page.keep("roll-call")
	page.Click(".called-send button")
	page.WaitText("#verdict[open] .verdict-good", "38 / 38")
	machine := time.Since(start)
	if whole := machine + time.Duration(taps)*toCallANameAndTap + toChooseAndSign; whole > mostOfARollCall {
		t.Errorf("it takes %v, of which %v are the program's", whole, machine)
	} else {
		t.Logf("%v, of which %v are the program's", whole, machine)
	}
	page.WaitText(".counts", "38")
	page.Wait(`location.pathname === ` + quote(session))
	if kept := Eval[bool](page, `localStorage.getItem("bukti-hadir.roll-call.`+site.Classes[0].Session.String()+`") !== null`); kept {
		t.Error("the draft is still on the phone")
	}
	st, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	rows, err := st.Rows(t.Context(), 0, 200)
	if err != nil {
		t.Fatal(err)
	}
	entered := map[string]bool{}
	for _, r := range rows {
		if e := r.Event; e.Kind == models.EventManual {
			if a, err := st.Attachment(t.Context(), e.Attached); err != nil || len(a.Photo) < 1000 || a.Name != "Bu Ratna" {
				t.Errorf("event %d has no signature: %v, %d bytes", e.Seq, err, len(a.Photo))
			}
			entered[e.Enrollment.String()] = true
		}
	}
	if len(entered) != 38 {
		t.Errorf("%d people are in the journal, want 38", len(entered))
	}
}
