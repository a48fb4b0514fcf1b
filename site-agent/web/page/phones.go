package page

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
)

const (
	// silentAfter is the silence after which people are told that the agent waits for a
	// phone. An open page reports every 15 seconds, or once a minute if the browser saves
	// power.
	silentAfter = 90 * time.Second
	// OnTheWay is how long a contact may have been under way until its deadline.
	OnTheWay = 5 * time.Second
	// maxPhones bounds memory; the one that was clear longest ago makes room.
	maxPhones = 1000
)

// Phones are the phones that may have recorded events that the journal lacks; package
// offline says what they report about themselves. The state on the disk is never newer
// than the truth.
type Phones struct {
	clock  func() desk.Moment
	mu     sync.Mutex
	all    map[uuid.UUID]*phone
	saving sync.Mutex
	kept   int // how many the disk has
}

type phone struct {
	store.Phone
	page   uuid.UUID // that was heard last
	closed bool      // it has said farewell
	stored bool
	via    uuid.UUID // that hands over this one's queue: the same device after another sign-in
}

// PhoneReport is what a phone reports about itself.
type PhoneReport struct {
	Phone   uuid.UUID `json:"phone"`
	Page    uuid.UUID `json:"page"`
	Waiting int       `json:"waiting"` // how many scans it holds
	Erased  bool      `json:"erased"`  // its kit
}

// Unsaid is the number of queued scans in the report of a page from before an update.
const Unsaid = -1

// Heard notes a contact, and says whether the disk has to know of the phone before it
// gets a kit. A contact that came after its deadline, over a line that had been cut, says
// nothing about the present: the phone works offline already.
func (p *Phones) Heard(x PhoneReport, until roster.Deadline, v Visitor) (news bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock()
	e, known := p.all[x.Phone]
	if !known {
		p.makeRoom()
		e = &phone{Phone: store.Phone{ID: x.Phone}}
		p.all[x.Phone] = e
	}
	e.Officer, e.Device, e.Waiting, e.page, e.closed, e.Erased = v.ID, v.Device.ID, max(0, x.Waiting), x.Page, false, false
	if !known || x.Waiting == 0 && !until.Over(now.Boot, now.Mono) {
		e.Clear, e.Boot, e.Mono = now.At.Add(-OnTheWay), now.Boot, now.Mono-OnTheWay.Milliseconds()
	}
	if x.Waiting == 0 {
		maps.DeleteFunc(p.all, func(_ uuid.UUID, old *phone) bool { return old.via == x.Phone })
	}
	return !e.stored
}

func (p *Phones) makeRoom() {
	if len(p.all) < maxPhones {
		return
	}
	oldest := slices.MinFunc(slices.Collect(maps.Values(p.all)), func(a, b *phone) int { return int(a.Clear - b.Clear) })
	delete(p.all, oldest.ID)
}

// HandsOver notes that a phone hands over what it queued before its last sign-in.
func (p *Phones) HandsOver(by uuid.UUID, held offline.Queued) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e, ok := p.all[held.Stamp.Phone]; ok && by != uuid.Nil && by != e.ID {
		e.via = by
	}
}

// Leaves notes a goodbye. Only the phone itself knows its name.
func (p *Phones) Leaves(x PhoneReport) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.all[x.Phone]
	switch {
	case !ok:
	case x.Waiting > 0:
		e.Waiting, e.Erased = x.Waiting, e.Erased || x.Erased
	case x.Erased:
		delete(p.all, x.Phone)
	case x.Page == e.page: // another one of its pages may be open
		e.closed = true
	}
}

// shutOut waits no more for those of a device; of all where that is zero.
func (p *Phones) shutOut(device uuid.UUID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.all, func(_ uuid.UUID, e *phone) bool { return device == uuid.Nil || e.Device == device })
}

// state is what the disk must know.
func (p *Phones) state() (list []store.Phone, of []*phone) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock()
	for id, e := range p.all {
		switch {
		case e.Awaited(now.At, now.Mono, now.Boot).Until() <= now.At:
			delete(p.all, id)
		case !e.closed:
			list, of = append(list, e.Phone), append(of, e)
		}
	}
	return list, of
}

func (p *Phones) load(list []store.Phone) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = len(list)
	for _, x := range list {
		p.all[x.ID] = &phone{Phone: x, stored: true}
	}
}

// SavePhones stores the phones that the site waits for. While the disk cannot be written
// the office does not hear about it either.
func (k *Kit) SavePhones(ctx context.Context) {
	p := k.Phones
	p.saving.Lock() // an older state never replaces a newer one
	defer p.saving.Unlock()
	list, of := p.state()
	if len(list)+p.kept == 0 {
		return
	}
	if err := k.Store.KeepPhones(context.WithoutCancel(ctx), list); err != nil {
		k.Log.Error("keep which phones the site waits for", "error", err)
		return
	}
	p.kept = len(list)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.all {
		e.stored = slices.Contains(of, e)
	}
}

// AwaitedRow is a phone that the site waits for, as pages show it.
type AwaitedRow struct {
	Name         string // of the device, or of the officer who was signed in
	Href         string // where its device is removed; empty: it is not paired
	Clear, Until models.Millis
	Waiting      int
}

// Awaited lists the phones that the site waits for, the longest wait first.
func (k *Kit) Awaited() []AwaitedRow {
	k.Phones.mu.Lock()
	defer k.Phones.mu.Unlock()
	now := k.Phones.clock()
	var rows []AwaitedRow
	for _, e := range k.Phones.all {
		a := e.Awaited(now.At, now.Mono, now.Boot)
		if e.closed || now.At.Sub(a.Clear) < silentAfter || now.At >= a.Until() {
			continue
		}
		row := AwaitedRow{Clear: a.Clear, Until: a.Until(), Waiting: e.Waiting}
		if o, ok := k.Desk.Officer(e.Officer); ok {
			row.Name = o.Name
		}
		if d, ok := k.Devices.Device(e.Device); ok && d.Active() {
			row.Name, row.Href = d.Label(), "/devices/"+d.ID.String()
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b AwaitedRow) int { return int(a.Clear - b.Clear) })
	return rows
}
