package desk

import (
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/site-agent/roster"
)

// Way is how another agent of the site is heard.
type Way string

// These are the ways.
const (
	ByServer  Way = "server"
	ByNetwork Way = "network" // directly, over the network of the site
)

// Other is another agent of the site, and when it was last heard by each way; zero: not since
// this program started.
type Other struct {
	roster.Agent
	Server, Network models.Millis
}

// others is what the desk knows of the site's other agents. It outlives the copy of the
// store, and is gone with the program.
type others struct {
	told  *roster.Others
	known []exchange.Known // how far the server has told of their journals
	heard map[Way]map[uuid.UUID]models.Millis
}

func newOthers() others {
	return others{told: roster.NewOthers(), heard: map[Way]map[uuid.UUID]models.Millis{ByServer: {}, ByNetwork: {}}}
}

// Others lists the other agents of the site by name.
func (d *Desk) Others() []Other {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []Other
	for _, a := range d.mem.Agents() {
		if a.ID != d.mem.identity.Agent {
			out = append(out, Other{a, d.others.heard[ByServer][a.ID], d.others.heard[ByNetwork][a.ID]})
		}
	}
	return out
}

// Awaits says whether scans are expected now, and another agent of the site may take them.
func (d *Desk) Awaits() bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	n := len(d.mem.Agents())
	_, me := d.mem.Agent(d.mem.identity.Agent)
	return (n > 1 || n == 1 && !me) && d.mem.InWindow(d.mem.time(d.clock()))
}

// ToldByServer is how far the server has told of the others' journals.
func (d *Desk) ToldByServer() []exchange.Known {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return slices.Clone(d.others.known)
}

// Hear takes what other agents of the site have told, by one of the ways. What agents tell
// that the roster does not name counts for nothing.
func (d *Desk) Hear(by Way, tails []exchange.Tail, heard ...exchange.Heard) {
	d.mu.Lock()
	defer d.mu.Unlock()
	news := false
	stays := func(id uuid.UUID) bool {
		_, ours := d.mem.Agent(id)
		return ours && id != d.mem.identity.Agent
	}
	for _, t := range tails {
		if !stays(t.Agent) {
			continue
		}
		news = d.others.told.Take(t) || news
		if by == ByServer {
			d.others.learn(t)
		}
	}
	for _, h := range heard {
		if stays(h.Agent) {
			d.others.heard[by][h.Agent] = max(d.others.heard[by][h.Agent], h.At)
		}
	}
	if len(tails) > 0 {
		d.others.told.Forget(d.mem.time(d.clock()), stays)
		d.others.known = slices.DeleteFunc(d.others.known, func(k exchange.Known) bool { return !stays(k.Agent) })
	}
	if news {
		d.announce()
	}
}

func (o *others) learn(t exchange.Tail) {
	o.known = slices.DeleteFunc(o.known, func(k exchange.Known) bool { return k.Agent == t.Agent && k.Epoch == t.Epoch })
	o.known = append(o.known, exchange.Known{Agent: t.Agent, Epoch: t.Epoch, Seq: t.Seq})
	if extra := len(o.known) - exchange.MostJournals; extra > 0 {
		o.known = slices.Delete(o.known, 0, extra)
	}
}
