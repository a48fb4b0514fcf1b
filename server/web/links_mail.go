package web

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/mail"
	"buktihadir/server/store"
	"buktihadir/templates"
)

func (p *Pages) mailClassLinks(c *gin.Context) {
	class, err := p.classOf(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	p.mailLinks(c, store.LinkFilter{Class: class.ID}, models.HistoryEntry{Entity: "class", EntityID: class.ID.String()}, classHref(class.ID, "people"))
}

func (p *Pages) mailPilotLinks(c *gin.Context) {
	id, err := idParam(c)
	if err == nil {
		_, err = p.Store.Read(c.Request.Context()).Pilot(id)
	}
	if err != nil {
		p.fail(c, err)
		return
	}
	p.mailLinks(c, store.LinkFilter{Pilot: id}, models.HistoryEntry{Entity: "pilot", EntityID: id.String()}, "/pilots/"+id.String())
}

// mailed counts what became of a wish to mail links.
type mailed struct{ queued, before, without int }

// mailLinks puts a letter for everybody who has a ticket and an address in the outbox, all
// of them or none: once for each link, unless it is asked for again.
func (p *Pages) mailLinks(c *gin.Context, f store.LinkFilter, said models.HistoryEntry, back string) {
	if !p.MailOn {
		p.flash(c, templates.Bad, templates.Say("links.mail_off"))
		c.Redirect(http.StatusSeeOther, back)
		return
	}
	again, v := c.PostForm("again") != "", visitorOf(c)
	var n mailed
	err := p.Store.Write(c.Request.Context(), func(tx *store.Tx) (err error) {
		if n, err = p.queueLinks(tx, f, again); err != nil {
			return err
		}
		said.ActorID, said.Actor, said.Action, said.Detail = &v.user.ID, v.user.Name, "links.mail", strconv.Itoa(n.queued)
		return tx.Record(said)
	})
	if err != nil {
		p.fail(c, err)
		return
	}
	p.done(c, back, "links.mail_done", "Queued", n.queued, "Before", n.before, "Without", n.without)
}

func (p *Pages) queueLinks(tx *store.Tx, f store.LinkFilter, again bool) (n mailed, err error) {
	var list []store.LinkEntry // read to the end before anything is written
	seen := map[uuid.UUID]bool{}
	_, err = tx.EachLink(f, func(x store.LinkEntry) error {
		switch {
		case seen[x.ID] || !x.HasTicket:
		case x.Email == "":
			n.without++
		case x.LinkMailed == x.LinkVersion+1 && !again:
			n.before++
		default:
			list = append(list, x)
		}
		seen[x.ID] = seen[x.ID] || x.HasTicket
		return nil
	})
	if err != nil {
		return n, err
	}
	for _, x := range list {
		l := mail.Letter{
			Address: x.Email, Name: x.Name, Participant: &x.Participant, Subject: p.Set.Texts.T(templates.Indonesian, "links.subject", "Course", x.CourseTitle),
			Text: p.linkMessage(x.Name, x.CourseTitle, x.ClassCode, x.ProviderName, p.linkTo(x.Link)),
		}
		if _, err := mail.Post(tx, l); err != nil {
			return n, err
		}
		if err := tx.LinkMailed(x.Participant); err != nil {
			return n, err
		}
		n.queued++
	}
	return n, nil
}
