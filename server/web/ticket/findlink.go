package ticket

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/office"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// FindPath is where participants who have lost their link find it again.
const FindPath = page.ParticipantRoot + "find"

type findView struct{ Form *page.Form }

// FindPage shows the form that finds a lost link.
func (p *Pages) FindPage(c *gin.Context) { p.showFind(c, &page.Form{}) }

func (p *Pages) showFind(c *gin.Context, f *page.Form) {
	p.privately(c)
	c.Header("Cache-Control", "no-store")
	page := templates.Page[findView]{Frame: p.Frame(c, templates.Say("find.title")), Body: findView{f}}
	if err := p.Set.Render(c.Writer, "ticket/find", page); err != nil {
		p.Fail(c, err)
	}
}

// FindLink leads a participant to their ticket by their number and date of birth. The
// answer to wrong input is always the same, whatever is wrong.
func (p *Pages) FindLink(c *gin.Context) {
	f := page.FormOf(c)
	number, born := f.Trimmed("number"), birthDate(f.Trimmed("born"))
	if number == "" {
		f.Refuse("number", "find.no_number")
	}
	if born == "" {
		f.Refuse("born", "find.no_date")
	}
	link := ""
	if f.Ok() {
		var err error
		if link, err = p.findLink(c, f, account.Claim{Number: number, Born: born, Address: c.ClientIP()}); err != nil && !p.refuseFind(c, f, err) {
			p.Fail(c, err)
			return
		}
	}
	if !f.Ok() {
		p.Again(c, f, "", nil, func() { p.showFind(c, f) })
		return
	}
	p.privately(c)
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, page.ParticipantRoot+link)
}

// findLink finds the link of a participant, or gives them another one where they ask for it.
func (p *Pages) findLink(c *gin.Context, f *page.Form, claim account.Claim) (string, error) {
	ctx := c.Request.Context()
	if !f.Checked("renew") {
		return p.Accounts.FindLink(ctx, claim)
	}
	return p.Accounts.RenewLink(ctx, claim, func(participant uuid.UUID) (string, error) {
		return p.Seating.RenewLink(ctx, office.Program("participant"), participant, p.Set.Texts.T(templates.Indonesian, "find.renew"))
	})
}

// refuseFind says it in words, if the error is one to be told.
func (p *Pages) refuseFind(c *gin.Context, f *page.Form, err error) bool {
	if errors.Is(err, account.ErrNotThem) {
		f.Refuse("number", "find.wrong")
		return true
	}
	locked, ok := errors.AsType[account.LockedError](err)
	if ok {
		lang := templates.ChooseLang(c.Writer, c.Request)
		f.Refuse("number", "find.locked", "When", p.Set.Texts.Formats(lang).DateTime(locked.Until, models.ZoneWIB))
		c.Header("Retry-After", locked.Until.Time().Format(http.TimeFormat))
	}
	return ok
}

// birthDate reads a day as people here type it, 15-06-1995, or as programs fill it in,
// 1995-06-15. It returns "" if the text is not a date.
func birthDate(typed string) models.LocalDate {
	typed = strings.NewReplacer("/", "-", ".", "-", " ", "-").Replace(typed)
	for _, layout := range []string{"2-1-2006", time.DateOnly} {
		if day, err := time.Parse(layout, typed); err == nil {
			return models.LocalDate(day.Format(time.DateOnly))
		}
	}
	return ""
}
