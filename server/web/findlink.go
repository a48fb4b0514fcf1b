package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/templates"
)

// findPath is where participants who have lost their link find it again.
const findPath = participantRoot + "find"

type findView struct{ Form *Form }

func (p *Pages) findPage(c *gin.Context) { p.showFind(c, &Form{}) }

func (p *Pages) showFind(c *gin.Context, f *Form) {
	p.privately(c)
	c.Header("Cache-Control", "no-store")
	page := templates.Page[findView]{Frame: p.frame(c, templates.Say("find.title")), Body: findView{f}}
	if err := p.Set.Render(c.Writer, "ticket/find", page); err != nil {
		p.fail(c, err)
	}
}

// findLink leads to the ticket of who knows its number and their date of birth. Until
// both are right the answer is the same, whatever is wrong.
func (p *Pages) findLink(c *gin.Context) {
	f := formOf(c)
	number, born := f.trimmed("number"), birthDate(f.trimmed("born"))
	if number == "" {
		f.refuse("number", "find.no_number")
	}
	if born == "" {
		f.refuse("born", "find.no_date")
	}
	link := ""
	if f.ok() {
		var err error
		if link, err = p.Accounts.FindLink(c.Request.Context(), number, born, c.ClientIP()); err != nil && !p.refuseFind(c, f, err) {
			p.fail(c, err)
			return
		}
	}
	if !f.ok() {
		p.again(c, f, "", nil, func() { p.showFind(c, f) })
		return
	}
	p.privately(c)
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, participantRoot+link)
}

// refuseFind says it in words, if the error is one to be told.
func (p *Pages) refuseFind(c *gin.Context, f *Form, err error) bool {
	if errors.Is(err, account.ErrNotThem) {
		f.refuse("number", "find.wrong")
		return true
	}
	locked, ok := errors.AsType[account.LockedError](err)
	if ok {
		lang := templates.ChooseLang(c.Writer, c.Request)
		f.refuse("number", "find.locked", "When", p.Set.Texts.Formats(lang).DateTime(locked.Until, models.ZoneWIB))
		c.Header("Retry-After", locked.Until.Time().Format(http.TimeFormat))
	}
	return ok
}

// birthDate reads a day as people here type it, 15-06-1995, or as programs fill it
// in, 1995-06-15; "" if it is none.
func birthDate(typed string) models.LocalDate {
	typed = strings.NewReplacer("/", "-", ".", "-", " ", "-").Replace(typed)
	for _, layout := range []string{"2-1-2006", time.DateOnly} {
		if day, err := time.Parse(layout, typed); err == nil {
			return models.LocalDate(day.Format(time.DateOnly))
		}
	}
	return ""
}
