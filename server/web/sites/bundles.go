package sites

import (
	"errors"
	"html/template"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/models/exchange"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
	"buktihadir/templates/qr"
)

// carriedView is an import of a bundle, in words.
type carriedView struct {
	store.CarriedEntry
	Badge templates.Badge
}

// Sentences say what came of the bundle.
func (v carriedView) Sentences() []templates.Text { return CarriedWords(v.CarriedEntry) }

// ReplyName is what the reply's file is called.
func (v carriedView) ReplyName() string {
	return "balasan-" + v.SiteCode + "-" + strings.ReplaceAll(string(v.Zone.Date(v.Received)), "-", "") + ".age"
}

// CarriedWords says what came of a bundle.
func CarriedWords(e store.CarriedEntry) []templates.Text {
	var words []templates.Text
	who := []any{"Agent", e.AgentName, "Site", e.SiteName}
	say := func(key string, args ...any) {
		words = append(words, templates.Say("bundle."+key, append(args, who...)...))
	}
	switch {
	case e.Enrolled:
		say("enrolled")
	case e.Events > 0:
		say("took", "Count", e.Events)
	case e.Rejected == 0 && e.Conflict == "":
		say("took_nothing")
	}
	if e.Rejected > 0 {
		say("strays", "Count", e.Rejected)
	}
	switch exchange.Conflict(e.Conflict) {
	case exchange.ConflictGap:
		say("gap")
	case exchange.ConflictFork:
		say("fork")
	case exchange.ConflictNone:
	}
	if e.Revoked {
		say("revoked")
	}
	if e.Items > 0 {
		say("roster", "Count", e.Items)
	}
	return words
}

func carriedViewOf(e store.CarriedEntry) carriedView {
	switch {
	case e.Rejected > 0 || e.Conflict != "":
		return carriedView{e, templates.Badge{Tone: templates.Warn, Icon: "triangle-alert", Text: templates.Say("bundle.badge_trouble")}}
	case e.Enrolled:
		return carriedView{e, templates.Badge{Tone: templates.Good, Icon: "laptop", Text: templates.Say("bundle.badge_enrolled")}}
	case e.Events == 0:
		return carriedView{e, templates.Badge{Tone: templates.Neutral, Icon: "check", Text: templates.Say("bundle.badge_nothing")}}
	}
	return carriedView{e, templates.Badge{Tone: templates.Good, Icon: "circle-check", Text: templates.Say("bundle.badge_taken")}}
}

type bundlesView struct {
	Form    *page.Form
	Bundles []carriedView
	Pages   templates.Pagination
}

// BundlesPage lists the files that came from sites.
func (p *Pages) BundlesPage(c *gin.Context) { p.showBundles(c, &page.Form{}) }

func (p *Pages) showBundles(c *gin.Context, form *page.Form) {
	slice := page.SliceOf(c)
	list, err := p.Store.Read(c.Request.Context()).ListCarried(slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := bundlesView{Form: form, Pages: page.Paging(c, slice, len(list.Rows), list.Total)}
	for _, e := range list.Rows {
		view.Bundles = append(view.Bundles, carriedViewOf(e))
	}
	f := p.Frame(c, templates.Say("bundle.title"))
	f.Crumbs = page.Crumbs("/agents", "agents.title")
	page.Show(p.Kit, c, "sites/bundles", f, view)
}

// ImportBundle takes a file from a site.
func (p *Pages) ImportBundle(c *gin.Context) {
	f, file, err := page.UploadOf(c)
	if err != nil {
		p.UploadFailed(c, f, "file", err, func() { p.showBundles(c, f) })
		return
	}
	if file == nil {
		f.Refuse("file", "bundle.no_file")
		p.Again(c, f, "", nil, func() { p.showBundles(c, f) })
		return
	}
	got, err := p.Bundles.Import(c.Request.Context(), page.VisitorOf(c).Actor(), file.Content)
	if err != nil {
		p.Again(c, f, "file", err, func() { p.showBundles(c, f) })
		return
	}
	c.Redirect(303, "/bundles/"+got.ID.String())
}

// BundlePage shows what a file from a site has brought.
func (p *Pages) BundlePage(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	entry, err := p.Store.Read(c.Request.Context()).Carried(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	f := p.Frame(c, templates.Say("bundle.one", "Agent", entry.AgentName))
	f.Crumbs = append(page.Crumbs("/agents", "agents.title"), page.Crumbs("/bundles", "bundle.title")...)
	page.Show(p.Kit, c, "sites/bundle", f, carriedViewOf(entry))
}

// BundleReply is the reply to a file, to be taken back.
func (p *Pages) BundleReply(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	q := p.Store.Read(c.Request.Context())
	entry, err1 := q.Carried(id)
	reply, err2 := q.Reply(id)
	if err := errors.Join(err1, err2); err != nil {
		p.Fail(c, err)
		return
	}
	p.Download(c, carriedViewOf(entry).ReplyName(), "application/octet-stream", reply)
}

// Invite gives the invitation with a code that was just shown, as a file.
func (p *Pages) Invite(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	site, err := p.Store.Read(c.Request.Context()).Site(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	invite, err := p.Bundles.Invite(c.Request.Context(), p.PublicURL.String(), page.FormOf(c).Trimmed("code"))
	if err != nil {
		p.Fail(c, err)
		return
	}
	p.Download(c, "pendaftaran-"+site.Code+".txt", "text/plain; charset=utf-8", []byte(invite.String()))
}

// inviteQR is an invitation as a QR code, and its text.
func (p *Pages) inviteQR(c *gin.Context, code, title string) (text string, svg template.HTML, err error) {
	invite, err := p.Bundles.Invite(c.Request.Context(), p.PublicURL.String(), code)
	if err != nil {
		return "", "", err
	}
	drawn, err := qr.Encode(invite.String(), qr.Screen)
	if err != nil {
		return "", "", err
	}
	return invite.String(), template.HTML(drawn.SVG(title)), nil //nolint:gosec // drawn here; the title is escaped
}
