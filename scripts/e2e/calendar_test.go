package e2e

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const meetingCard = `document.querySelector("[data-session]")`

// A session is moved on the calendar, by keyboard and then by mouse; the page that opens
// saves it.
func TestASessionIsMovedOnTheCalendar(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	page := OpenBrowser(t, BrowserOptions{Viewport: Desktop()})
	w.signIn(page, setupLink(w))
	day := w.movesTo(page, time.Now().In(w.zone.Location()).Format(time.DateOnly), func() string {
		Eval[bool](page, `(`+meetingCard+`.querySelector("a").focus(), true)`)
		page.Do(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.Enter))
		return time.Now().In(w.zone.Location()).AddDate(0, 0, 2).Format(time.DateOnly)
	})
	w.movesTo(page, day, func() string {
		type drag struct {
			FromX, FromY, ToX, ToY float64
			Day                    string
		}
		d := Eval[drag](page, `(() => { const card = `+meetingCard+`, cell = card.closest("[data-date]"), to = cell.previousElementSibling ?? cell.nextElementSibling;
			cell.scrollIntoView({block: "center"});
			const a = card.getBoundingClientRect(), b = to.getBoundingClientRect();
			return {FromX: a.x + a.width / 2, FromY: a.y + 8, ToX: b.x + b.width / 2, ToY: b.y + b.height / 2, Day: to.dataset.date} })()`)
		page.Do(chromedp.MouseEvent("mousePressed", d.FromX, d.FromY, chromedp.ButtonLeft), chromedp.MouseEvent("mouseMoved", d.ToX, d.ToY, chromedp.ButtonLeft),
			chromedp.MouseEvent("mouseReleased", d.ToX, d.ToY, chromedp.ButtonLeft))
		return d.Day
	})
	if complaints := page.ConsoleErrors(); len(complaints) > 0 {
		t.Errorf("the pages complain: %q", complaints)
	}
}

// movesTo moves a class's one session from a day, and finds it at the day that the move
// was meant for.
func (w *town) movesTo(page *Page, from string, move func() string) (to string) {
	w.t.Helper()
	page.Open(w.server.URL + "/calendar?span=month&class=NANTI&day=" + from)
	page.Wait(meetingCard + `?.closest("[data-date]").dataset.date === ` + quote(from))
	to = move()
	page.Wait(`location.pathname.endsWith("/edit") && document.querySelector("input[name=day]").value === ` + quote(to))
	page.Type("[name=reason]", "ruang dipakai")
	Eval[bool](page, `(document.querySelector("input[name=day]").form.requestSubmit(), true)`) // what it warns of stands there already
	page.Wait(`!location.pathname.endsWith("/edit")`)
	page.Open(w.server.URL + "/calendar?span=day&class=NANTI&day=" + to)
	page.Wait(meetingCard + ` !== null`)
	return to
}
