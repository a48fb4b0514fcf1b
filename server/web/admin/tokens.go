package admin

import (
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

type tokensView struct{ Tokens []tokenLine }

// tokenLine is a token with its permissions as text, and its state.
type tokenLine struct {
	store.TokenEntry
	May   []templates.Text
	State templates.Badge
	Over  bool
}

// TokensPage lists the tokens of other systems.
func (p *Pages) TokensPage(c *gin.Context) {
	rows, err := p.Store.Read(c.Request.Context()).APITokens()
	if err != nil {
		p.Fail(c, err)
		return
	}
	var view tokensView
	for _, row := range rows {
		line := tokenLine{TokenEntry: row, State: templates.Badge{Tone: templates.Good, Icon: "check", Text: templates.Say("api.valid")}}
		switch {
		case row.RevokedAt != 0:
			line.Over, line.State = true, templates.Badge{Tone: templates.Neutral, Icon: "ban", Text: templates.Say("api.revoked")}
		case row.ExpiresAt <= p.Now():
			line.Over, line.State = true, templates.Badge{Tone: templates.Neutral, Icon: "hourglass", Text: templates.Say("api.expired")}
		}
		for _, s := range account.TokenScopes() {
			if (account.Caller{Token: row.APIToken}).May(s) {
				line.May = append(line.May, scopeText(s))
			}
		}
		view.Tokens = append(view.Tokens, line)
	}
	page.Show(p.Kit, c, "admin/tokens", p.Frame(c, templates.Say("api.tokens_title")), view)
}

func scopeText(s account.TokenScope) templates.Text { return templates.Say("scope." + string(s)) }

// choice is a checkbox of a group.
type choice struct {
	Value string
	Text  templates.Text
	Note  templates.Text
	Set   bool
}

type newTokenView struct {
	Form      *page.Form
	Providers []templates.Option
	Scopes    []choice
}

// NewTokenPage shows the form for a token.
func (p *Pages) NewTokenPage(c *gin.Context) { p.showNewToken(c, page.Filled("days", "365")) }

func (p *Pages) showNewToken(c *gin.Context, f *page.Form) {
	providers, err := p.ProviderOptions(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := newTokenView{Form: f, Providers: providers}
	for _, s := range account.TokenScopes() {
		one := choice{Value: string(s), Text: scopeText(s), Set: f.Ticked("scopes", string(s))}
		if !s.ForProviders() {
			one.Note = templates.Say("api.office_only")
		}
		view.Scopes = append(view.Scopes, one)
	}
	frame := p.Frame(c, templates.Say("api.new_token"))
	frame.Crumbs = page.Crumbs("/tokens", "api.tokens_title")
	page.Show(p.Kit, c, "admin/token-new", frame, view)
}

// AddToken makes a token; it is shown once.
func (p *Pages) AddToken(c *gin.Context) {
	f := page.FormOf(c)
	provider, _ := uuid.Parse(f.Value("provider")) // if it fails: the zero id
	days, _ := strconv.Atoi(f.Trimmed("days"))     // if it fails: 0, which is refused
	wish := account.NewToken{Name: f.Value("name"), Provider: provider, Days: days}
	for _, s := range f.Values["scopes"] {
		wish.Scopes = append(wish.Scopes, account.TokenScope(s))
	}
	row, text, err := p.Accounts.AddToken(c.Request.Context(), wish, page.VisitorOf(c).Actor())
	if err != nil {
		p.Again(c, f, "", err, func() { p.showNewToken(c, f) })
		return
	}
	p.TellOnce(c, "/tokens/"+row.ID.String(), text)
}

// toldView shows a secret, once, with its owner.
type toldView struct{ Name, Secret string }

// TokenPage shows a token, and right after it was made its secret.
func (p *Pages) TokenPage(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	row, err := p.Store.Read(c.Request.Context()).APIToken(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	frame := p.Frame(c, templates.Say("api.token_title"))
	frame.Crumbs = page.Crumbs("/tokens", "api.tokens_title")
	page.Show(p.Kit, c, "admin/token", frame, toldView{row.Name, p.ToldOnce(c)})
}

// RevokeToken ends a token.
func (p *Pages) RevokeToken(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	if err := p.Accounts.RevokeToken(c.Request.Context(), id, page.VisitorOf(c).Actor()); err != nil {
		p.Refused(c, "/tokens", err)
		return
	}
	p.Done(c, "/tokens", "api.token_revoked")
}
