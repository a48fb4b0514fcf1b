package main

import (
	"errors"
	"slices"

	"buktihadir/models"
)

func lineSteps() []step {
	return []step{
		{"an agent calls", 12, func(w *world) error { return w.call(w.somePost(), 0) }},
		{"every agent calls", 3, (*world).callAll},
		{"an agent calls in bad weather", 12, func(w *world) error { return w.call(w.somePost(), 60) }},
		{"the power fails while an agent calls", 5, (*world).crashInCall},
		{"what the network held back arrives", 3, (*world).stray},
		{"an agent writes a bundle", 3, (*world).writeBundle},
		{"a bundle is carried to the office", 3, (*world).carryBundle},
		{"a reply is carried back", 3, (*world).carryReply},
	}
}

// call is one exchange. In clear weather it must succeed.
func (w *world) call(p *post, storm int) error {
	p.wire.storm = storm
	report, err := p.up.Sync(w.ctx)
	p.wire.storm = 0
	w.note("  %s: sent %d, %d unsent, %d of the roster, %v", p.name, report.Sent, report.Unsent, report.Items, err)
	if storm == 0 && err != nil && !p.power.isOff() && !w.office.power.isOff() {
		w.fail("%s could not exchange with a good network: %v", p.name, err)
	}
	if err := w.settle(p); err != nil {
		return err
	}
	return p.renamed(w.ctx)
}

func (w *world) callAll() error {
	for _, p := range w.posts {
		if p.desk != nil {
			if err := w.call(p, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *world) crashInCall() error {
	p := w.somePost()
	p.power.cutAfter(w.luck.IntN(5))
	if err := w.call(p, 0); err != nil {
		return err
	}
	p.power.restore()
	return nil
}

// stray brings one request that the sender has long given up.
func (w *world) stray() error {
	if len(w.strays) == 0 {
		return nil
	}
	i := w.luck.IntN(len(w.strays))
	m := w.strays[i]
	w.strays = slices.Delete(w.strays, i, i+1)
	w.note("  what %s sent at %s", m.from.name, m.sent.Time().In(models.ZoneWIB.Location()).Format("2 Jan 15:04:05"))
	res, err := w.deliver(m)
	if err != nil {
		return err
	}
	w.watch()
	return errors.Join(res.Body.Close(), w.early())
}
