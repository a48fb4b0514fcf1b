package web

import (
	"errors"
	"html/template"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/server/web/qr"
	"buktihadir/templates"
)

const pngPixels = 12 // a module; enough for paper at 300 dpi

// participants are the pages behind participants' links.
type participants struct {
	*Pages
	misses *missLimit
}

// participantRoutes are open to everybody: the link is the key.
func (p *Pages) participantRoutes() []route {
	s := &participants{Pages: p, misses: newMissLimit()}
	return []route{
		get(participantRoot+":link", account.Open, s.page),
		get(participantRoot+":link/qr.svg", account.Open, s.svg),
		get(participantRoot+":link/qr.png", account.Open, s.png),
	}
}

// open finds whom the link belongs to, or has answered already.
func (s *participants) open(c *gin.Context) (models.Participant, bool) {
	c.Header("Cache-Control", "private, no-cache")
	c.Header("Referrer-Policy", "no-referrer")
	c.Header("X-Robots-Tag", "noindex, nofollow")
	if !s.misses.allows(c.ClientIP(), s.Now()) {
		c.Header("Retry-After", strconv.Itoa(int(missWindow.Seconds())))
		s.sorry(c, http.StatusTooManyRequests, "ticket.too_many")
		return models.Participant{}, false
	}
	who, err := s.Store.Read(c.Request.Context()).ParticipantByLink(c.Param("link"))
	if err != nil {
		if errors.Is(err, store.ErrNotFound) {
			s.misses.missed(c.ClientIP())
		}
		s.misfortune(c, err)
		return models.Participant{}, false
	}
	return who, true
}

// sorry says in words why there is no ticket to see.
func (s *participants) sorry(c *gin.Context, status int, key string) {
	f := s.frame(c, templates.Say(key+".title"))
	body := templates.Empty{Icon: "circle-alert", Title: f.Title, Text: templates.Say(key + ".text")}
	c.Status(status)
	render(s, c, "error", f, body)
}

func (s *participants) page(c *gin.Context) {
	who, ok := s.open(c)
	if !ok {
		return
	}
	q := s.Store.Read(c.Request.Context())
	passes, err := s.passesOf(q, who)
	if err != nil {
		s.misfortune(c, err)
		return
	}
	f := s.frame(c, templates.Say("ticket.title"))
	view := passView{Name: who.Name, Link: c.Param("link"), Passes: passes}
	if chosen := choose(passes, c.Query("class")); chosen != nil {
		if err := s.complete(q, f, chosen); err != nil {
			s.misfortune(c, err)
			return
		}
		view.Chosen, f.Zone = chosen, chosen.Site.Zone
	}
	render(s, c, "pass", f, view)
}

// code draws the chosen class's code for paper, or has answered already. A live
// ticket's token alone admits nobody, so it is no file to keep.
func (s *participants) code(c *gin.Context) (qr.Code, bool) {
	who, ok := s.open(c)
	if !ok {
		return qr.Code{}, false
	}
	passes, err := s.passesOf(s.Store.Read(c.Request.Context()), who)
	if err != nil {
		s.misfortune(c, err)
		return qr.Code{}, false
	}
	chosen := choose(passes, c.Query("class"))
	if chosen == nil || !chosen.Shown() || chosen.Ticket.Live {
		s.misfortune(c, store.ErrNotFound)
		return qr.Code{}, false
	}
	code, err := qr.Encode(chosen.Ticket.Token, qr.Print)
	if err != nil {
		s.misfortune(c, err)
		return qr.Code{}, false
	}
	return code, true
}

func (s *participants) svg(c *gin.Context) {
	if code, ok := s.code(c); ok {
		title := s.Set.Texts.T(templates.ChooseLang(c.Writer, c.Request), "ticket.qr")
		c.Header("Content-Disposition", `attachment; filename="bukti-hadir.svg"`)
		c.Data(http.StatusOK, "image/svg+xml", []byte(code.SVG(title)))
	}
}

func (s *participants) png(c *gin.Context) {
	code, ok := s.code(c)
	if !ok {
		return
	}
	png, err := code.PNG(pngPixels)
	if err != nil {
		s.misfortune(c, err)
		return
	}
	c.Header("Content-Disposition", `attachment; filename="bukti-hadir.png"`)
	c.Data(http.StatusOK, "image/png", png)
}

func (s *participants) draw(f templates.Frame, token string) (template.HTML, error) {
	code, err := qr.Encode(token, qr.Print)
	if err != nil {
		return "", err
	}
	return template.HTML(code.SVG(s.Set.Texts.T(f.Lang, "ticket.qr"))), nil //nolint:gosec // qr escapes the title
}

func render[T any](s *participants, c *gin.Context, page string, f templates.Frame, body T) {
	c.Header("Content-Type", "text/html; charset=utf-8")
	if err := s.Set.Render(c.Writer, "ticket/"+page, templates.Page[T]{Frame: f, Body: body}); err != nil {
		s.Log.Error("show a ticket's page", "error", err)
		c.Status(http.StatusInternalServerError)
	}
}
