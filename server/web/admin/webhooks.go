package admin

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/server/web/page"
	"buktihadir/server/webhook"
	"buktihadir/templates"
)

type webhooksView struct{ Webhooks []store.WebhookEntry }

// WebhooksPage lists the webhooks.
func (p *Pages) WebhooksPage(c *gin.Context) {
	rows, err := p.Store.Read(c.Request.Context()).Webhooks()
	if err != nil {
		p.Fail(c, err)
		return
	}
	page.Show(p.Kit, c, "admin/webhooks", p.Frame(c, templates.Say("api.webhooks_title")), webhooksView{rows})
}

type newWebhookView struct {
	Form      *page.Form
	Providers []templates.Option
	Topics    []choice
}

// NewWebhookPage shows the form for a webhook.
func (p *Pages) NewWebhookPage(c *gin.Context) { p.showNewWebhook(c, &page.Form{}) }

func (p *Pages) showNewWebhook(c *gin.Context, f *page.Form) {
	providers, err := p.ProviderOptions(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := newWebhookView{Form: f, Providers: providers}
	for _, topic := range models.Topics() {
		view.Topics = append(view.Topics, choice{Value: string(topic), Text: templates.Say("topic." + string(topic)),
			Set: f.Ticked("topics", string(topic))})
	}
	frame := p.Frame(c, templates.Say("api.new_webhook"))
	frame.Crumbs = page.Crumbs("/webhooks", "api.webhooks_title")
	page.Show(p.Kit, c, "admin/webhook-new", frame, view)
}

// AddWebhook adds a webhook and shows its secret.
func (p *Pages) AddWebhook(c *gin.Context) {
	f := page.FormOf(c)
	provider, _ := uuid.Parse(f.Value("provider")) // if it fails: the zero id
	wish := webhook.New{Name: f.Value("name"), URL: f.Value("url"), Provider: provider}
	for _, topic := range f.Values["topics"] {
		wish.Topics = append(wish.Topics, models.Topic(topic))
	}
	row, secret, err := p.Webhooks.Add(c.Request.Context(), wish, page.VisitorOf(c).Actor())
	if err != nil {
		p.Again(c, f, "", err, func() { p.showNewWebhook(c, f) })
		return
	}
	p.TellOnce(c, "/webhooks/"+row.ID.String(), secret)
}

type webhookView struct {
	Webhook    models.Webhook
	Secret     string
	Deliveries []deliveryLine
	Pages      templates.Pagination
}

// deliveryLine is a message with where it stands, in words.
type deliveryLine struct {
	models.Delivery
	Badge   templates.Badge
	Reason  templates.Text // of the last failure; empty if Problem says it better
	Waiting bool
}

// WebhookPage shows a webhook with its messages.
func (p *Pages) WebhookPage(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	q, slice := p.Store.Read(c.Request.Context()), page.SliceOf(c)
	hook, err := q.Webhook(id)
	if err != nil {
		p.Fail(c, err)
		return
	}
	list, err := q.ListDeliveries(store.DeliveryFilter{Webhook: id}, slice)
	if err != nil {
		p.Fail(c, err)
		return
	}
	view := webhookView{Webhook: hook, Secret: p.ToldOnce(c), Pages: page.Paging(c, slice, len(list.Rows), list.Total)}
	for _, d := range list.Rows {
		view.Deliveries = append(view.Deliveries, deliveryOf(d))
	}
	frame := p.Frame(c, templates.Say("api.webhook_title"))
	frame.Crumbs = page.Crumbs("/webhooks", "api.webhooks_title")
	page.Show(p.Kit, c, "admin/webhook", frame, view)
}

func deliveryOf(d models.Delivery) deliveryLine {
	line := deliveryLine{Delivery: d, Badge: templates.Badge{Text: templates.Say("delivery." + string(d.State))}}
	switch d.State {
	case models.DeliveryDone:
		line.Badge.Tone, line.Badge.Icon = templates.Good, "check"
	case models.DeliveryDead:
		line.Badge.Tone, line.Badge.Icon = templates.Bad, "x"
	case models.DeliveryWaiting:
		line.Badge.Tone, line.Badge.Icon, line.Waiting = templates.Note, "hourglass", true
	}
	switch d.Problem {
	case "status":
		line.Reason = templates.Say("api.answered", "Status", d.Status)
	case "timeout":
		line.Reason = templates.Say("api.timeout")
	case "address_closed":
		line.Reason = templates.Say("api.address_closed")
	}
	return line
}

// SwitchWebhook pauses a webhook, or lets it go on.
func (p *Pages) SwitchWebhook(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	active := page.FormOf(c).Checked("active")
	if err := p.Webhooks.SetActive(c.Request.Context(), id, active, page.VisitorOf(c).Actor()); err != nil {
		p.Refused(c, "/webhooks", err)
		return
	}
	key := "api.webhook_off"
	if active {
		key = "api.webhook_on"
	}
	p.Done(c, "/webhooks", key)
}

// SendAgain sends a message of a webhook once more.
func (p *Pages) SendAgain(c *gin.Context) {
	id, err := page.IDParam(c)
	if err != nil {
		p.Fail(c, err)
		return
	}
	delivery, _ := uuid.Parse(page.FormOf(c).Value("delivery")) // if it fails: the zero id, which is not found
	if err := p.Webhooks.SendAgain(c.Request.Context(), id, delivery, page.VisitorOf(c).Actor()); err != nil {
		p.Refused(c, "/webhooks", err)
		return
	}
	p.Done(c, "/webhooks/"+id.String(), "api.will_send_again")
}
