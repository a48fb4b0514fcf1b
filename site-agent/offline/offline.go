// Package offline has the rules of a phone while its agent does not answer, and of the
// agent when it takes over what the phone recorded.
//
// # The way of a scan
//
//  1. At every contact (a few times a minute) the agent gives a phone on which an
//     officer is signed in a Kit: the roster without PINs, the accepted scans of the
//     last two days, the gate that its device is set to, and a Stamp, by which the agent can prove later when that was.
//     The phone keeps it encrypted, with its own clocks' Reading of that moment.
//  2. Where the agent does not answer, a Phone judges: the same roster and the same
//     rulebook as the desk's. What it decides is written down as Queued before it is shown.
//  3. When the agent answers again it is handed every Queued, in order. It journals each as
//     an event of its own, once, and only then does the phone forget it.
//
// The agent uses what phones report about themselves to know which ones to wait for
// before anybody is absent (journal.Told). At each contact a phone says how many scans
// are queued on it: with zero, everything that it recorded is in the journal. A page that
// is closed, or that has erased its kit, says goodbye; the agent does not wait for such a
// phone. That is not a proof: the page may be opened again where there is no Wi-Fi, and a
// silent phone may lie in a drawer. So the agent waits a working day for a silent phone,
// and believes a goodbye.
//
// An override and a void are not offered offline. The agent checks a supervisor's PIN,
// because its hash must not be on a phone; and a void may undo an event of another desk.
//
// # What the agent makes of it
//
// The verdict that the phone showed stands: green stays green. The agent checks the
// code's signature again, and judges for itself as of that moment. If its verdict
// differs, the event says so (journal.Event.Other), and a person looks at it. The agent's
// verdict counts only if the code is not a ticket, or the session is not one of the
// ticket's class (journal.DoubtTicket).
//
// # Time
//
// A phone's clock may be wrong, and may be set while the phone is offline. What counts is
// how long before the hand-over something happened, by the phone's clocks. The agent
// mostly knows itself how long ago the last contact was, and if the two do not agree the
// time is in doubt (see Queued.When). An agent that woke up in 1970 believes the phone if
// both of the phone's clocks agree.
// An event before the last contact, after the hand-over or later than Longest is kept,
// and counts once a person says so.
//
// Times are UTC milliseconds. The package has no clock, no randomness and no storage.
package offline

import (
	"crypto/ed25519"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/site-agent/roster"
)

const (
	// Longest is how long a phone goes on without its agent: a working day.
	Longest = journal.MaxOffline * time.Millisecond
	// Remembered is how far back a kit says who has come.
	Remembered = 48 * time.Hour
	// Tolerated is how far two ways to tell the time may lie apart: answers take time
	// themselves, and no rule looks at seconds.
	Tolerated = 30 * time.Second
)

// Reading is what a phone's clocks say at one moment.
type Reading struct {
	Wall models.Millis `json:"wall"` // set by whoever sets the clock
	Mono int64         `json:"mono"` // ms since the page was opened; may stop while the phone sleeps
	Page uuid.UUID     `json:"page"` // names the page that Mono counts for
}

// Stamp is an agent's word that it spoke with a phone. It proves when the phone was
// not alone yet.
type Stamp struct {
	Officer   uuid.UUID     `json:"officer"` // the officer who was signed in
	Phone     uuid.UUID     `json:"phone"`   // the device, as of this sign-in
	Revision  uint64        `json:"revision"`
	At        models.Millis `json:"at"`   // the best that the agent knew of the time
	Sure      bool          `json:"sure"` // it knew the time: from the server, or from staff
	Boot      uuid.UUID     `json:"boot"`
	Mono      int64         `json:"mono"` // ms since the agent's boot
	Signature []byte        `json:"signature"`
}

const stampLabel = "bukti-hadir/stamp/1\n"

func (s Stamp) message() []byte {
	b := append([]byte(stampLabel), s.Officer[:]...)
	b = append(append(b, s.Phone[:]...), s.Boot[:]...)
	if s.Sure {
		b = append(b, 1)
	}
	b = binary.BigEndian.AppendUint64(b, s.Revision)
	b = binary.BigEndian.AppendUint64(b, uint64(s.At))      //nolint:gosec // as bits
	return binary.BigEndian.AppendUint64(b, uint64(s.Mono)) //nolint:gosec // as bits
}

// Sign makes it the agent's.
func (s Stamp) Sign(key ed25519.PrivateKey) Stamp {
	s.Signature = ed25519.Sign(key, s.message())
	return s
}

// By says whether the agent with that key has made it.
func (s Stamp) By(key ed25519.PublicKey) bool { return ed25519.Verify(key, s.message(), s.Signature) }

// Kit is what a phone needs to work offline.
type Kit struct {
	Stamp   Stamp           `json:"stamp"`
	Site    exchange.Site   `json:"site"`
	Items   []exchange.Item `json:"items"`   // the roster, without officers
	Marks   []roster.Mark   `json:"marks"`   // the people who have come lately
	Offsets []int           `json:"offsets"` // how far live codes run ahead, learned by the desk
	Officer string          `json:"officer"` // the name of the officer who is signed in
	Place   Place           `json:"place"`
}

// Place is the setting of the phone's device. It overrides what its page says. The zero
// value is a device that is not paired.
type Place struct {
	Desk    string        `json:"desk,omitempty"`    // as journals name it
	Classes []uuid.UUID   `json:"classes,omitempty"` // that may enter there; empty: any
	Gates   []roster.Gate `json:"gates,omitempty"`   // of the site, to say where others go
}

// Sum tells one place from another.
func (p Place) Sum() uint32 {
	text, _ := json.Marshal(p) // of strings and bytes: it can't fail
	return crc32.ChecksumIEEE(text)
}

// set makes an ask one of this place.
func (p Place) set(a Ask) Ask {
	if p.Desk != "" {
		a.Desk = p.Desk
	}
	a.Classes = p.Classes
	return a
}

// Pack makes a kit of a roster: without officers, and without the site's other agents.
func Pack(stamp Stamp, items []exchange.Item, r *roster.Roster) Kit {
	k := Kit{Stamp: stamp, Site: r.Site, Offsets: r.Learned(), Officer: r.Officers()[stamp.Officer].Name, Marks: r.Marks(stamp.At.Add(-Remembered))}
	for _, it := range items {
		if it.Kind != exchange.KindOfficer && it.Kind != exchange.KindAgent {
			k.Items = append(k.Items, it)
		}
	}
	return k
}
