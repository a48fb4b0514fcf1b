package ticket

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/figures"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// markOf changes with everything that a participant's page shows, and only then: a phone
// asks for it every minute, and fetches the page only if it has changed.
func markOf(lang templates.Lang, body passBody) (string, error) {
	whole, err := json.Marshal(body)
	if err != nil {
		return "", fmt.Errorf("mark a participant's page: %w", err)
	}
	sum := sha256.Sum256(append(whole, lang...))
	return hex.EncodeToString(sum[:8]), nil
}

// passStanding is what a participant is told about their progress to completing a class.
type passStanding struct {
	Badge      templates.Badge
	Came, Left templates.Text
}

func passStandingOf(pass store.TicketPage) passStanding {
	p := pass.Progress
	s := figures.StandingOf(p)
	if s != figures.StandingDone && s != figures.StandingLost && p.Needed() == 0 {
		s = figures.StandingTasks // may stay away, and is not done for all that
		if p.Owed > 0 {
			s = figures.StandingHours
		}
	}
	came := templates.Say("pass.came", "Attended", p.Attended, "Sessions", p.Sessions)
	seen := 0 // sessions that the person was seen at and that may still change, counted or not
	for _, s := range pass.Sessions {
		if s.Attendance == models.StatusInside || s.Provisional() && s.Attendance != models.StatusAbsent && s.Attendance != models.StatusNotEnrolled {
			seen++
		}
	}
	if seen > p.Provisional {
		came = templates.Say("pass.came_open", "Attended", p.Attended, "Sessions", p.Sessions)
	} else if p.Provisional > 0 {
		came = templates.Say("pass.came_provisional", "Attended", p.Attended, "Sessions", p.Sessions, "Count", p.Provisional)
	}
	return passStanding{Badge: page.ProgressBadge(p), Came: came,
		Left: templates.Say("pass.left_"+string(s), "Count", p.Needed())}
}

// webManifest lets a phone put a participant's page beside its programs
// (https://www.w3.org/TR/appmanifest/).
type webManifest struct {
	Name       string         `json:"name"`
	ShortName  string         `json:"short_name"`
	Lang       templates.Lang `json:"lang"`
	StartURL   string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Background string         `json:"background_color"`
	Theme      string         `json:"theme_color"`
	Icons      []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Source  string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// PassManifest is a participant's own: it starts at their page.
func (p *Pages) PassManifest(c *gin.Context) {
	link := c.Param("link")
	if _, err := p.Store.Read(c.Request.Context()).ParticipantByLink(link); err != nil {
		p.failPass(c, err)
		return
	}
	icon, err := p.Set.Assets.URL("ticket/icon-192.png")
	if err != nil {
		p.failPass(c, err)
		return
	}
	lang := templates.ChooseLang(c.Writer, c.Request)
	name := p.Set.Texts.T(lang, "product.name")
	p.privately(c)
	c.Header("Content-Type", "application/manifest+json")
	c.JSON(http.StatusOK, webManifest{Name: name, ShortName: name, Lang: lang, StartURL: page.ParticipantRoot + link, Scope: page.ParticipantRoot,
		Display:    "standalone",
		Background: "#f6f5f0", Theme: "#0f5e5a", Icons: []manifestIcon{{icon, "192x192", "image/png", "any maskable"}}})
}
