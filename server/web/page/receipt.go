package page

import (
	"errors"

	"buktihadir/models/receipt"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// ReceiptView is a form that takes a receipt, and what is said of it.
type ReceiptView struct {
	Action string // where the form goes
	Back   string // the participant's own page
	Form   *Form
	Answer *store.ReceiptAnswer // nil before somebody has asked
}

// Badge says in a word what has become of it.
func (v ReceiptView) Badge() templates.Badge {
	b := templates.Badge{Tone: templates.Warn, Icon: "triangle-alert", Text: templates.Say("receipt.state_" + string(v.Answer.State))}
	switch v.Answer.State {
	case store.ReceiptCounts:
		b.Tone, b.Icon = templates.Good, "check"
	case store.ReceiptWaits, store.ReceiptOwed:
		b.Icon = "hourglass"
	case store.ReceiptUndone, store.ReceiptSetAside, store.ReceiptCorrected, store.ReceiptRefused:
	case store.ReceiptUnknown:
		b.Tone, b.Icon = templates.Bad, "x"
	}
	return b
}

// AskReceipt answers about the receipt that a form has, or says in the form why not.
func (p *Kit) AskReceipt(f *Form, answer store.ReceiptAnswer, err error) (ReceiptView, error) {
	v := ReceiptView{Form: f}
	locked, isLocked := errors.AsType[account.LockedError](err)
	switch {
	case err == nil:
		v.Answer = &answer
	case errors.Is(err, receipt.ErrMistyped):
		f.Refuse("code", "receipt.mistyped")
	case isLocked:
		f.Refuse("code", "receipt.locked", "Minutes", (locked.Until.Sub(p.Now())/60_000_000_000)+1)
	default:
		return v, err
	}
	return v, nil
}
