package web

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/figures"
	"buktihadir/server/mail"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/server/subscription"
	"buktihadir/templates"
)

// subscriptionRoutes are for everybody who may export, on their own subscriptions; the
// domain lets who manages users reach everybody's.
func (p *Pages) subscriptionRoutes() []route {
	return []route{
		get("/subscriptions", account.ExportAttendance, p.subscriptionsPage),
		get("/subscriptions/new", account.ExportAttendance, p.newSubscriptionPage),
		post("/subscriptions", account.ExportAttendance, p.addSubscription),
		get("/subscriptions/:id", account.ExportAttendance, p.subscriptionPage),
		post("/subscriptions/:id/active", account.ExportAttendance, p.switchSubscription),
		post("/subscriptions/:id/send", account.ExportAttendance, p.sendSubscription),
		post("/subscriptions/:id/again", account.ExportAttendance, p.sendRunAgain),
		post("/subscriptions/:id/remove", account.ExportAttendance, p.sure("subscription.remove", p.removeSubscription)),
	}
}

// sendHref is where one asks to be sent what this page shows; empty for who may not.
func (p *Pages) sendHref(c *gin.Context) string {
	list, ok := figures.ParseList(c.Request.URL.String())
	if !ok || !visitorOf(c).may(account.ExportAttendance) {
		return ""
	}
	return "/subscriptions/new?" + url.Values{"list": {list.Address()}}.Encode()
}

// subscriptionLine is a subscription in words.
type subscriptionLine struct {
	store.SubscriptionEntry
	What, Rhythm, Ended templates.Text
}

func (p *Pages) subscriptionLineOf(c *gin.Context, s store.SubscriptionEntry) subscriptionLine {
	l := subscriptionLine{SubscriptionEntry: s, Rhythm: p.rhythmText(c, s.Rhythm)}
	if list, ok := figures.ParseList(s.List); ok {
		l.What = list.Title()
	}
	if s.Ended != "" {
		l.Ended = templates.Say("subscription.ended_" + s.Ended)
	}
	return l
}

func (p *Pages) rhythmText(c *gin.Context, r models.Rhythm) templates.Text {
	args := []any{"Hour", hourText(r.Hour), "Zone", string(r.Zone), "Day", r.Day}
	if r.Every == models.EveryWeek {
		args[5] = p.Set.Texts.Say(templates.ChooseLang(c.Writer, c.Request), weekdayText(time.Weekday(r.Day)))
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
	Suggestions []pageTab
}

func (p *Pages) subscriptionsPage(c *gin.Context) {
	v, slice := visitorOf(c), sliceOf(c)
	list, err := p.Store.Read(c.Request.Context()).ListSubscriptions(subscription.Whose(v.user), slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := subscriptionsView{MailOff: !p.MailOn, MayManage: v.may(account.ManageUsers), SeesOthers: subscription.Whose(v.user) == nil, Pages: pages(c, slice, len(list.Rows), list.Total)}
	for _, s := range list.Rows {
		view.Lines = append(view.Lines, p.subscriptionLineOf(c, s))
	}
	for _, page := range []figures.Page{figures.Overview, figures.ByKey, figures.Completing, figures.Visits} {
		of := figures.List{Page: page}
		view.Suggestions = append(view.Suggestions, pageTab{Text: of.Title(), Href: string(page)})
	}
	show(p, c, "subscriptions", p.frame(c, templates.Say("subscription.title")), view)
}

type newSubscriptionView struct {
	Form                                                             *Form
	What                                                             templates.Text
	MailOff, MayManage, HasPeriod                                    bool
	Periods, Rhythms, Weekdays, Hours, Zones, Formats, Langs, People []templates.Option
}

func (p *Pages) newSubscriptionPage(c *gin.Context) {
	list, ok := figures.ParseList(c.Query("list"))
	if !ok {
		list = figures.List{Page: figures.Overview}
	}
	lang := templates.ChooseLang(c.Writer, c.Request)
	p.showNewSubscription(c, filled("list", list.Address(), "name", p.Set.Texts.Say(lang, list.Title()), "every", string(models.EveryDay), "weekday", "1", "monthday", "1",
		"hour", "7", "zone", string(models.ZoneWIB), "format", string(report.XLSX), "lang", string(lang)))
}

func (p *Pages) showNewSubscription(c *gin.Context, f *Form) {
	v := visitorOf(c)
	view := newSubscriptionView{Form: f, MailOff: !p.MailOn, MayManage: v.may(account.ManageUsers), Weekdays: weekdayOptions()}
	if list, ok := figures.ParseList(f.Value("list")); ok {
		view.What, view.HasPeriod = list.Title(), list.Page == figures.Visits
	}
	for _, x := range models.Periods() {
		view.Periods = append(view.Periods, templates.Option{Value: string(x), Text: templates.Say("subscription.period_" + string(x))})
	}
	for _, x := range models.Rhythms() {
		view.Rhythms = append(view.Rhythms, templates.Option{Value: string(x), Text: templates.Say("subscription.every_" + string(x))})
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
			p.fail(c, err)
			return
		}
		view.People = []templates.Option{{Text: templates.Say("subscription.myself")}}
		for _, u := range users {
			if u.ID != v.user.ID && u.Standing() != "" {
				view.People = append(view.People, templates.Option{Value: u.ID.String(), Name: u.Name + " · " + u.Email})
			}
		}
	}
	frame := p.frame(c, templates.Say("subscription.new"))
	frame.Crumbs = crumbs("/subscriptions", "subscription.title")
	show(p, c, "subscription-new", frame, view)
}

func (p *Pages) addSubscription(c *gin.Context) {
	f := formOf(c)
	wish := subscription.New{Name: f.Value("name"), List: f.Value("list"), Format: f.Value("format"), Period: models.Period(f.Value("period")), Lang: templates.Lang(f.Value("lang")),
		Rhythm: models.Rhythm{Every: models.Every(f.Value("every")), Day: f.number("weekday"), Hour: f.number("hour"), Zone: models.Zone(f.Value("zone"))}}
	if wish.Every == models.EveryMonth {
		wish.Day = f.number("monthday")
	}
	wish.Recipient, _ = uuid.Parse(f.Value("recipient")) // none: whoever asks
	s, err := p.Subscriptions.Add(c.Request.Context(), wish, visitorOf(c).user)
	if err != nil {
		p.again(c, f, "", err, func() { p.showNewSubscription(c, f) })
		return
	}
	p.done(c, "/subscriptions/"+s.ID.String(), "subscription.added")
}

// number is a whole number that was typed; -1 for what is none.
func (f *Form) number(field string) int {
	n, err := strconv.Atoi(f.trimmed(field))
	if err != nil {
		return -1
	}
	return n
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
	if t := mail.TroubleOf(r.MailProblem); t != nil {
		key, args := t.Message()
		l.Reason = templates.Say(key, args...)
	}
	return l
}

func (p *Pages) subscriptionPage(c *gin.Context) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	q, slice := p.Store.Read(c.Request.Context()), sliceOf(c)
	s, err := subscription.Find(q, id, visitorOf(c).user)
	if err != nil {
		p.fail(c, err)
		return
	}
	user, err := q.User(s.UserID)
	if err != nil {
		p.fail(c, err)
		return
	}
	runs, err := q.ListRuns(id, slice)
	if err != nil {
		p.fail(c, err)
		return
	}
	view := subscriptionView{MailOff: !p.MailOn, Pages: pages(c, slice, len(runs.Rows), runs.Total),
		subscriptionLine: p.subscriptionLineOf(c, store.SubscriptionEntry{Subscription: s, UserName: user.Name, Email: user.Email})}
	for _, r := range runs.Rows {
		view.Runs = append(view.Runs, runLineOf(r))
	}
	frame := p.frame(c, templates.Say("subscription.one"))
	frame.Crumbs = crumbs("/subscriptions", "subscription.title")
	show(p, c, "subscription", frame, view)
}

// changeSubscription does something to the subscription that the address names.
func (p *Pages) changeSubscription(c *gin.Context, done string, change func(id uuid.UUID, by models.User) error) {
	id, err := idParam(c)
	if err != nil {
		p.fail(c, err)
		return
	}
	href := "/subscriptions/" + id.String()
	if err := change(id, visitorOf(c).user); err != nil {
		p.refused(c, href, err)
		return
	}
	if done == "subscription.removed" {
		href = "/subscriptions"
	}
	p.done(c, href, done)
}

func (p *Pages) switchSubscription(c *gin.Context) {
	done, change := "subscription.paused", p.Subscriptions.Pause
	if formOf(c).checked("active") {
		done, change = "subscription.goes_on", p.Subscriptions.Resume
	}
	p.changeSubscription(c, done, func(id uuid.UUID, by models.User) error { return change(c.Request.Context(), id, by) })
}

func (p *Pages) sendSubscription(c *gin.Context) {
	p.changeSubscription(c, "subscription.will_send", func(id uuid.UUID, by models.User) error {
		if !p.MailOn {
			return &subscription.Refusal{Key: "subscription.mail_off"}
		}
		return p.Dispatcher.SendNow(c.Request.Context(), id, by)
	})
}

func (p *Pages) sendRunAgain(c *gin.Context) {
	run, _ := uuid.Parse(formOf(c).Value("run")) // none: the zero id, which is not found
	p.changeSubscription(c, "subscription.will_send", func(id uuid.UUID, by models.User) error {
		return p.Subscriptions.SendAgain(c.Request.Context(), id, run, by)
	})
}

func (p *Pages) removeSubscription(c *gin.Context) {
	p.changeSubscription(c, "subscription.removed", func(id uuid.UUID, by models.User) error {
		return p.Subscriptions.Remove(c.Request.Context(), id, by)
	})
}
