package admin

import (
	"fmt"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/figures"
	"buktihadir/server/mail"
	"buktihadir/server/office"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/server/subscription"
	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// subscriptionLine is a subscription in words.
type subscriptionLine struct {
	store.SubscriptionEntry
	What, Repeat, Ended templates.Text
}

func (p *Pages) subscriptionLineOf(c *gin.Context, s store.SubscriptionEntry) subscriptionLine {
	l := subscriptionLine{SubscriptionEntry: s, Repeat: p.repeatText(c, s.Repeat)}
	if list, ok := figures.ParseList(s.List); ok {
		l.What = list.Title()
	}
	if s.Ended != "" {
		l.Ended = templates.Say("subscription.ended_" + s.Ended)
	}
	return l
}

func (p *Pages) repeatText(c *gin.Context, r models.Repeat) templates.Text {
	args := []any{"Hour", hourText(r.Hour), "Zone", string(r.Zone), "Day", r.Day}
	if r.Every == models.EveryWeek {
		args[5] = p.Set.Texts.Say(templates.ChooseLang(c.Writer, c.Request), page.WeekdayText(time.Weekday(r.Day)))
	}
	return templates.Say("subscription.every_"+string(r.Every)+"_text", args...)
}

func hourText(hour int) string { return fmt.Sprintf("%02d.00", hour) }

type subscriptionsView struct {
	Lines       []subscriptionLine
	MailOff     bool
	MayManage   bool
	Pages       templates.Pagination
	SeesOthers  bool
	Suggestions []page.Tab
}

// SubscriptionsPage lists the scheduled reports that the visitor may see.
func (p *Pages) SubscriptionsPage(c *gin.Context) {
	v, slice := page.VisitorOf(c), page.SliceOf(c)
	list, err := p.Store.Read(c.Request.Context()).ListSubscriptions(subscription.Whose(v.User), slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := subscriptionsView{MailOff: !p.MailOn, MayManage: v.May(account.ManageUsers), SeesOthers: subscription.Whose(v.User) == nil,
		Pages: page.Paging(c, slice, len(list.Rows), list.Total)}
	for _, s := range list.Rows {
		view.Lines = append(view.Lines, p.subscriptionLineOf(c, s))
	}
	for _, shown := range []figures.Page{figures.Overview, figures.ByKey, figures.Completing, figures.Visits} {
		of := figures.List{Page: shown}
		view.Suggestions = append(view.Suggestions, page.Tab{Text: of.Title(), Href: string(shown)})
	}
	page.Show(p.Kit, c, "admin/subscriptions", p.Frame(c, templates.Say("subscription.title")), view)
}

type newSubscriptionView struct {
	Form                                                             *page.Form
	What                                                             templates.Text
	MailOff, MayManage, HasPeriod                                    bool
	Periods, Repeats, Weekdays, Hours, Zones, Formats, Langs, People []templates.Option
}

// NewSubscriptionPage shows the form to have a list sent regularly.
func (p *Pages) NewSubscriptionPage(c *gin.Context) {
	list, ok := figures.ParseList(c.Query("list"))
	if !ok {
		list = figures.List{Page: figures.Overview}
	}
	lang := templates.ChooseLang(c.Writer, c.Request)
	p.showNewSubscription(c, page.Filled("list", list.Address(), "name", p.Set.Texts.Say(lang, list.Title()), "every", string(models.EveryDay), "weekday", "1",
		"monthday", "1",
		"hour", "7", "zone", string(models.ZoneWIB), "format", string(report.XLSX), "lang", string(lang)))
}

func (p *Pages) showNewSubscription(c *gin.Context, f *page.Form) {
	v := page.VisitorOf(c)
	view := newSubscriptionView{Form: f, MailOff: !p.MailOn, MayManage: v.May(account.ManageUsers), Weekdays: page.WeekdayOptions()}
	if list, ok := figures.ParseList(f.Value("list")); ok {
		view.What, view.HasPeriod = list.Title(), list.Page == figures.Visits
	}
	for _, x := range models.Periods() {
		view.Periods = append(view.Periods, templates.Option{Value: string(x), Text: templates.Say("subscription.period_" + string(x))})
	}
	for _, x := range models.Repeats() {
		view.Repeats = append(view.Repeats, templates.Option{Value: string(x), Text: templates.Say("subscription.every_" + string(x))})
	}
	for hour := range 24 {
		view.Hours = append(view.Hours, templates.Option{Value: strconv.Itoa(hour), Name: hourText(hour)})
	}
	for _, x := range models.Zones() {
		view.Zones = append(view.Zones, templates.Option{Value: string(x), Name: string(x)})
	}
	for _, x := range []report.Format{report.XLSX, report.CSV} {
		view.Formats = append(view.Formats, templates.Option{Value: string(x), Text: templates.Say("report." + string(x))})
	}
	view.Formats = append(view.Formats, templates.Option{Text: templates.Say("subscription.no_file")})
	for _, x := range templates.Langs() {
		view.Langs = append(view.Langs, templates.Option{Value: string(x), Name: x.Name()})
	}
	if view.MayManage {
		users, err := p.Store.Read(c.Request.Context()).Users()
		if err != nil {
			p.Fail(c, err)
			return
		}
		view.People = []templates.Option{{Text: templates.Say("subscription.myself")}}
		for _, u := range users {
			if u.ID != v.User.ID && u.Standing() != "" {
				view.People = append(view.People, templates.Option{Value: u.ID.String(), Name: u.Name + " · " + u.Email})
			}
		}
	}
	frame := p.Frame(c, templates.Say("subscription.new"))
	frame.Crumbs = page.Crumbs("/subscriptions", "subscription.title")
	page.Show(p.Kit, c, "admin/subscription-new", frame, view)
}

// AddSubscription adds a scheduled report.
func (p *Pages) AddSubscription(c *gin.Context) {
	f := page.FormOf(c)
	wish := subscription.New{Name: f.Value("name"), List: f.Value("list"), Format: f.Value("format"), Period: models.Period(f.Value("period")),
		Lang:   templates.Lang(f.Value("lang")),
		Repeat: models.Repeat{Every: models.Every(f.Value("every")), Day: f.Number("weekday"), Hour: f.Number("hour"), Zone: models.Zone(f.Value("zone"))}}
	if wish.Every == models.EveryMonth {
		wish.Day = f.Number("monthday")
	}
	wish.Recipient, _ = uuid.Parse(f.Value("recipient")) // if it fails: nil, the user who asks
	s, err := p.Subscriptions.Add(c.Request.Context(), wish, page.VisitorOf(c).User)
	if err != nil {
		p.Again(c, f, "", err, func() { p.showNewSubscription(c, f) })
		return
	}
	p.Done(c, "/subscriptions/"+s.ID.String(), "subscription.added")
}

type subscriptionView struct {
	subscriptionLine
	MailOff bool
	Runs    []runLine
	Pages   templates.Pagination
}

// runLine is a run with how its mail fares, in words.
type runLine struct {
	store.RunEntry
	Badge  templates.Badge
	Reason templates.Text
	File   templates.Text
	Again  bool // it can be asked for
}

func runLineOf(r store.RunEntry) runLine {
	l := runLine{RunEntry: r, File: templates.Say("subscription.file_" + r.File)}
	switch {
	case r.Problem != "":
		l.Badge = templates.Badge{Tone: templates.Bad, Icon: "ban", Text: templates.Say("subscription.not_made")}
		l.Reason = templates.Say("subscription.ended_" + r.Problem)
		return l
	case r.MailState == "": // forgotten since: it was sent, or given up, long ago
		l.Badge = templates.Badge{Tone: templates.Neutral, Icon: "history", Text: templates.Say("subscription.long_ago")}
		return l
	case r.MailState == models.DeliveryDone:
		l.Badge = templates.Badge{Tone: templates.Good, Icon: "check", Text: templates.Say("subscription.sent")}
	case r.MailState == models.DeliveryDead:
		l.Badge = templates.Badge{Tone: templates.Bad, Icon: "x", Text: templates.Say("delivery.dead")}
		l.Again = true
	case r.MailState == models.DeliveryWaiting:
		l.Badge = templates.Badge{Tone: templates.Note, Icon: "hourglass", Text: templates.Say("delivery.waiting")}
	}
	if t := mail.ErrorOf(r.MailProblem); t != nil {
		key, args := t.Message()
		l.Reason = templates.Say(key, args...)
	}
	return l
}

// SubscriptionPage shows a scheduled report with what was sent of it.
func (p *Pages) SubscriptionPage(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	q, slice := p.Store.Read(c.Request.Context()), page.SliceOf(c)
	s, err := subscription.Find(q, id, page.VisitorOf(c).User)
	if err != nil {
		p.Fail(c, err)
		return
	}
	user, err := q.User(s.UserID)
	if err != nil {
		p.Fail(c, err)
		return
	}
	runs, err := q.ListRuns(id, slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := subscriptionView{MailOff: !p.MailOn, Pages: page.Paging(c, slice, len(runs.Rows), runs.Total),
		subscriptionLine: p.subscriptionLineOf(c, store.SubscriptionEntry{Subscription: s, UserName: user.Name, Email: user.Email})}
	for _, r := range runs.Rows {
		view.Runs = append(view.Runs, runLineOf(r))
	}
	frame := p.Frame(c, templates.Say("subscription.one"))
	frame.Crumbs = page.Crumbs("/subscriptions", "subscription.title")
	page.Show(p.Kit, c, "admin/subscription", frame, view)
}

// changeSubscription does something to the subscription that the address names.
func (p *Pages) changeSubscription(c *gin.Context, done string, change func(id uuid.UUID, by models.User) error) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	href := "/subscriptions/" + id.String()
	if err := change(id, page.VisitorOf(c).User); err != nil {
		p.Refused(c, href, err)
		return
	}
	if done == "subscription.removed" {
		href = "/subscriptions"
	}
	p.Done(c, href, done)
}

// SwitchSubscription pauses a scheduled report, or lets it go on.
func (p *Pages) SwitchSubscription(c *gin.Context) {
	done, change := "subscription.paused", p.Subscriptions.Pause
	if page.FormOf(c).Checked("active") {
		done, change = "subscription.goes_on", p.Subscriptions.Resume
	}
	p.changeSubscription(c, done, func(id uuid.UUID, by models.User) error { return change(c.Request.Context(), id, by) })
}

// SendSubscription sends a scheduled report now.
func (p *Pages) SendSubscription(c *gin.Context) {
	p.changeSubscription(c, "subscription.will_send", func(id uuid.UUID, by models.User) error {
		if !p.MailOn {
			return office.Refuse("subscription.mail_off")
		}
		return p.Dispatcher.SendNow(c.Request.Context(), id, by)
	})
}

// SendRunAgain sends again what was sent once.
func (p *Pages) SendRunAgain(c *gin.Context) {
	run, _ := uuid.Parse(page.FormOf(c).Value("run")) // if it fails: the zero id, which is not found
	p.changeSubscription(c, "subscription.will_send", func(id uuid.UUID, by models.User) error {
		return p.Subscriptions.SendAgain(c.Request.Context(), id, run, by)
	})
}

// RemoveSubscription ends a scheduled report.
func (p *Pages) RemoveSubscription(c *gin.Context) {
	p.changeSubscription(c, "subscription.removed", func(id uuid.UUID, by models.User) error {
		return p.Subscriptions.Remove(c.Request.Context(), id, by)
	})
}
