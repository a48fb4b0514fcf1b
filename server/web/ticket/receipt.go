package ticket

import (
	"github.com/gin-gonic/gin"

	"buktihadir/server/web/page"
	"buktihadir/templates"
)

// ReceiptPath is where the QR code of a receipt leads. The code itself stays behind a #: the page keeps it on
// the phone, and the participant's ticket page asks what has become of it.
const ReceiptPath = page.ParticipantRoot + "receipt"

// ReceiptPage keeps a receipt on a phone.
func (p *Pages) ReceiptPage(c *gin.Context) {
	p.privately(c)
	frame := templates.Page[templates.Empty]{Frame: p.Frame(c, templates.Say("receipt.title")), Body: templates.Empty{Href: FindPath}}
	if err := p.Set.Render(c.Writer, "ticket/receipt", frame); err != nil {
		p.Fail(c, err)
	}
}

// AskReceipt tells a participant what has become of what they hold a receipt of.
func (p *Pages) AskReceipt(c *gin.Context) {
	ctx := c.Request.Context()
	person, err := p.Store.Read(ctx).ParticipantByLink(c.Param("link"))
	if err != nil {
		p.failPass(c, err)
		return
	}
	f := page.FormOf(c)
	answer, err := p.Receipts.Ask(ctx, person.ID, f.Value("code"))
	view, err := p.Kit.AskReceipt(f, answer, err)
	view.Back = page.ParticipantRoot + c.Param("link")
	view.Action = view.Back + "/receipt"
	show := func() {
		p.privately(c)
		c.Header("Cache-Control", "no-store")
		frame := templates.Page[page.ReceiptView]{Frame: p.Frame(c, templates.Say("receipt.title")), Body: view}
		if err := p.Set.Render(c.Writer, "ticket/receipt-answer", frame); err != nil {
			p.failPass(c, err)
		}
	}
	if err != nil || !f.Ok() {
		p.Again(c, f, "code", err, show)
		return
	}
	show()
}
