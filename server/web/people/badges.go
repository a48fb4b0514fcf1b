package people

import (
	"html/template"
	"net/url"
	"os"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/document"
	"buktihadir/server/office"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// everybody is all of a class.
const everybody = "all"

// mostWorn is how many people of a class wear a badge.
const mostWorn = 5000

// worn is who of a class gets which badges.
type worn struct {
	class  store.ClassEntry
	layout document.BadgeLayout
	who    string // a role, a place in the class, or all
	coded  bool
	reason string // key of the reason why there are no codes
	people []store.BadgeEntry
}

// wornOf reads what the address says.
func (p *Pages) wornOf(c *gin.Context) (worn, error) {
	class, err := p.ClassOf(c)
	if err != nil {
		return worn{}, err
	}
	layouts := document.BadgeLayouts()
	w := worn{class: class, layout: layouts[0], who: c.DefaultQuery("who", everybody), coded: c.Query("code") != "0"}
	if i := slices.IndexFunc(layouts, func(l document.BadgeLayout) bool { return l.Key == c.Query("layout") }); i >= 0 {
		w.layout = layouts[i]
	}
	q := p.Store.Read(c.Request.Context())
	pilot, err := q.Pilot(class.PilotID)
	if err != nil {
		return w, err
	}
	switch {
	case !page.VisitorOf(c).May(account.ManageTickets):
		w.reason = "badge.code_office"
	case store.PolicyOf(class.Class, pilot).LiveOnly:
		w.reason = "badge.code_live"
	}
	w.coded = w.coded && w.reason == ""
	f := store.BadgeFilter{Class: class.ID}
	if f.Enrollment, err = uuid.Parse(w.who); err != nil && w.who != everybody {
		f.Role = models.PersonRole(w.who)
	}
	list, err := q.ListBadges(f, store.Slice{Limit: mostWorn})
	w.people = list.Rows
	return w, err
}

// badges are those of some people.
func (w worn) badges(people []store.BadgeEntry) []document.Badge {
	list := make([]document.Badge, len(people))
	for i, x := range people {
		b := document.Badge{Name: x.Name, Number: x.Number,
			Role: x.Role, Class: w.class.Code, Course: w.class.CourseTitle, Provider: w.class.ProviderName, Site: w.class.SiteName}
		if w.class.FirstStart != 0 {
			b.First, b.Last = w.class.Zone.Date(w.class.FirstStart), w.class.Zone.Date(w.class.LastEnd)
		}
		if w.coded {
			b.Token = x.Token
		}
		list[i] = b
	}
	return list
}

// shown are the badges of the preview: the first of each role, and the longest name.
func (w worn) shown() []store.BadgeEntry {
	var some []store.BadgeEntry
	for _, role := range []models.PersonRole{models.PersonInstructor, models.PersonParticipant} {
		if i := slices.IndexFunc(w.people, func(x store.BadgeEntry) bool { return x.Role == role }); i >= 0 {
			some = append(some, w.people[i])
		}
	}
	if len(w.people) > 0 {
		longest := slices.MaxFunc(w.people, func(a, b store.BadgeEntry) int { return len(a.Name) - len(b.Name) })
		if !slices.Contains(some, longest) {
			some = append(some, longest)
		}
	}
	return some
}

// badgeFile is one file of badges.
type badgeFile struct {
	From, To int
	Href     string
}

func (w worn) files() []badgeFile {
	var files []badgeFile
	for from := 0; from < len(w.people); from += perPrint {
		q := url.Values{"layout": {w.layout.Key}, "who": {w.who}, "part": {strconv.Itoa(from / perPrint)}}
		if !w.coded {
			q.Set("code", "0")
		}
		files = append(files, badgeFile{from + 1, min(from+perPrint, len(w.people)), page.ClassHref(w.class.ID, "badges.pdf") + "?" + q.Encode()})
	}
	return files
}

// spelling is a name that is printed differently; As is empty if it is left blank, to be
// written with a pen.
type spelling struct{ Name, As string }

func (w worn) spellings() (list []spelling) {
	for _, x := range w.people {
		switch as, whole := document.Writable(x.Name); {
		case !whole:
			list = append(list, spelling{Name: x.Name})
		case as != x.Name:
			list = append(list, spelling{x.Name, as})
		}
	}
	return list
}

type badgesView struct {
	page.ClassView
	Form              *page.Form
	Layouts, Who, How []templates.Option
	Previews          []template.HTML
	Files             []badgeFile
	Spellings         []spelling
	Why               string // key of the reason why there are no codes
	Lacking           int    // people without a ticket that can be printed
	Count             int
}

// BadgesPage shows which badges of a class can be printed.
func (p *Pages) BadgesPage(c *gin.Context) {
	w, err := p.wornOf(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := badgesView{ClassView: page.ClassViewOf(c, w.class, "people"), Files: w.files(), Spellings: w.spellings(), Why: w.reason, Count: len(w.people)}
	how := "0"
	if w.coded {
		how = "1"
		for _, x := range w.people {
			if x.Token == "" {
				view.Lacking++
			}
		}
	}
	view.Form = page.Filled("layout", w.layout.Key, "who", w.who, "code", how)
	for _, l := range document.BadgeLayouts() {
		view.Layouts = append(view.Layouts, templates.Option{Value: l.Key, Text: templates.Say("badge.layout_" + l.Key)})
	}
	view.How = []templates.Option{{Value: "1", Text: templates.Say("badge.with_code")}, {Value: "0", Text: templates.Say("badge.without_code")}}
	if view.Who, err = p.wearers(c, w.class.ID); err != nil {
		p.Fail(c, err)
		return
	}
	images, err := p.Printer().BadgePreviews(w.layout, w.badges(w.shown()))
	if err != nil {
		p.Fail(c, err)
		return
	}
	for _, image := range images {
		view.Previews = append(view.Previews, template.HTML(image)) //nolint:gosec // drawn by us, all of its words escaped
	}
	f := p.ClassFrame(c, w.class)
	f.Title = templates.Say("badge.of", "Class", w.class.Code)
	f.Crumbs = append(f.Crumbs, templates.Crumb{Href: page.ClassHref(w.class.ID, "people"), Name: w.class.Code})
	page.Show(p.Kit, c, "people/class-badges", f, view)
}

// wearers are whose badges can be chosen.
func (p *Pages) wearers(c *gin.Context, class uuid.UUID) ([]templates.Option, error) {
	list, err := p.Store.Read(c.Request.Context()).ListBadges(store.BadgeFilter{Class: class}, store.Slice{Limit: mostWorn})
	if err != nil {
		return nil, err
	}
	choices := []templates.Option{{Value: everybody, Text: templates.Say("badge.everybody")},
		{Value: string(models.PersonParticipant), Text: templates.Say("badge.participants")},
		{Value: string(models.PersonInstructor), Text: templates.Say("badge.instructors")}}
	for _, x := range list.Rows {
		choices = append(choices, templates.Option{Value: x.Enrollment.String(), Name: x.Name + " · " + x.Number})
	}
	return choices, nil
}

// BadgesFile is the badges of a class as PDF.
func (p *Pages) BadgesFile(c *gin.Context) {
	w, err := p.wornOf(c)
	part, bad := strconv.Atoi(c.DefaultQuery("part", "0"))
	if err == nil && (bad != nil || part < 0 || part >= len(w.files())) {
		err = store.ErrNotFound
	}
	if err != nil {
		p.Fail(c, err)
		return
	}
	people := w.people[part*perPrint : min((part+1)*perPrint, len(w.people))]
	p.AsFile(c, "tanda-pengenal-"+plainName(w.class.Code), report.PDF, func(file *os.File) error {
		if err := p.Printer().Badges(file, w.class.Code, p.Now(), w.layout, w.badges(people)); err != nil {
			return err
		}
		return page.VisitorOf(c).Actor().Log(c.Request.Context(), p.Store,
			office.Done{Action: "badge.print", Entity: "class", ID: w.class.ID.String(), Detail: w.class.Code + " · " + strconv.Itoa(len(people))})
	})
}
