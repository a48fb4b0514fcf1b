package people

import (
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/server/office"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// ClassLinks is the ticket links of a class as a file.
func (p *Pages) ClassLinks(c *gin.Context) {
	class, err := p.ClassOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.linksFile(c, store.LinkFilter{Class: class.ID}, office.Done{Entity: "class", ID: class.ID.String()}, class.Code)
}

// PilotLinks is the ticket links of a pilot as a file.
func (p *Pages) PilotLinks(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	pilot, err := p.Store.Read(c.Request.Context()).Pilot(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.linksFile(c, store.LinkFilter{Pilot: id}, office.Done{Entity: "pilot", ID: id.String()}, pilot.Code)
}

// linksFile writes into the history who gets whose numbers, before it sends the file.
func (p *Pages) linksFile(c *gin.Context, f store.LinkFilter, seen office.Done, code string) {
	format := report.Format(c.Param("format"))
	p.AsFile(c, "tautan-"+plainName(code), format, func(file *os.File) error {
		n, err := p.writeLinks(c, f, format, file)
		if err != nil {
			return err
		}
		seen.Action, seen.Detail = store.LinksExported, strconv.Itoa(n)
		return page.VisitorOf(c).Actor().Log(c.Request.Context(), p.Store, seen)
	})
}

// plainName is of letters that every system takes in a file's name.
func plainName(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, text)
}

func (p *Pages) writeLinks(c *gin.Context, f store.LinkFilter, format report.Format, file *os.File) (int, error) {
	lang := templates.ChooseLang(c.Writer, c.Request)
	var columns []report.Column
	for _, k := range []struct {
		name, key string
		width     float64
	}{{"number", "participants.number", 18}, {"name", "users.name", 30}, {"class", "session.class", 20}, {"ticket", "class.ticket", 8},
		{"phone", "participant.phone", 18}, {"link", "links.link", 60}, {"message", "links.message", 60}, {"whatsapp", "links.whatsapp", 60},
		{"email", "participant.email", 28}} {
		columns = append(columns, report.Column{Name: k.name, Title: p.Set.Texts.T(lang, k.key), Width: k.width})
	}
	t, err := report.New(format, file, columns)
	if err != nil {
		return 0, err
	}
	n, err := p.Store.Read(c.Request.Context()).EachLink(f, func(x store.LinkEntry) error {
		link := p.linkTo(x.Link)
		text := p.linkMessage(x.Name, x.CourseTitle, x.ClassCode, x.ProviderName, link)
		digits := strings.TrimPrefix(string(x.Whole), "+") // as messengers take it, and no spreadsheet for a sum
		has := report.Number(0)
		if x.HasTicket {
			has = report.Number(1)
		}
		return t.Row(report.Text(x.Number), report.Text(x.Name), report.Text(x.ClassCode), has, report.Text(digits),
			report.Text(link), report.Text(text), report.Text(shareLink(digits, text)), report.Text(x.Email))
	})
	if err != nil {
		return n, err
	}
	return n, t.Close()
}

func (p *Pages) linkTo(link string) string {
	return p.PublicURL.JoinPath(page.ParticipantRoot, link).String()
}

// linkMessage is what a participant is sent: in Indonesian, whoever sends it.
func (p *Pages) linkMessage(name, course, class, provider, link string) string {
	return p.Set.Texts.T(templates.Indonesian, "links.text", "Name", name, "Course", course, "Class", class, "Provider", provider, "Link", link)
}

// shareLink opens WhatsApp with a message, to a number or, without one, to somebody
// who is chosen there (https://faq.whatsapp.com/5913398998672934).
func shareLink(digits, text string) string {
	u := url.URL{Scheme: "https", Host: "wa.me", Path: "/" + digits, RawQuery: "text=" + strings.ReplaceAll(url.QueryEscape(text), "+", "%20")}
	return u.String()
}
