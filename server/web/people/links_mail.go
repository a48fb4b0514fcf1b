package people

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"buktihadir/server/mail"
	"buktihadir/server/office"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// MailClassLinks sends the people of a class the links to their tickets.
func (p *Pages) MailClassLinks(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.mailLinks(c, store.LinkFilter{Class: class.ID}, office.Done{Entity: "class", ID: class.ID.String()}, page.ClassHref(class.ID, "people"))
}

// MailPilotLinks sends the people of a pilot the links to their tickets.
func (p *Pages) MailPilotLinks(c *gin.Context) {
	id, err := page.IDParam(c)
	if err == nil {
		_, err = p.Store.Read(c.Request.Context()).Pilot(id)
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.mailLinks(c, store.LinkFilter{Pilot: id}, office.Done{Entity: "pilot", ID: id.String()}, "/pilots/"+id.String())
}

// mailLinks sends everybody of a class or pilot the link to their ticket.
func (p *Pages) mailLinks(c *gin.Context, f store.LinkFilter, of office.Done, back string) {
	if !p.MailOn {
		p.Flash(c, templates.Bad, templates.Say("links.mail_off"))
		c.Redirect(http.StatusSeeOther, back)
		return
	}
	n, err := mail.Links(c.Request.Context(), p.Store, page.VisitorOf(c).Actor(), f, c.PostForm("again") != "", p.linkLetter, of)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.Done(c, back, "links.mail_done", "Queued", n.Queued, "Before", n.Before, "Without", n.Without)
}

func (p *Pages) linkLetter(x store.LinkEntry) mail.Letter {
	say := func(key string, args ...any) string { return p.Set.Texts.T(templates.Indonesian, key, args...) }
	return mail.Letter{Address: x.Email, Name: x.Name, Participant: &x.Participant, Subject: say("links.subject", "Course", x.CourseTitle),
		Text: p.linkMessage(x.Name, x.CourseTitle, x.ClassCode, x.ProviderName, p.linkTo(x.Link))}
}
