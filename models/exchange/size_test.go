package exchange_test

import (
	"math/rand/v2"
	"testing"

	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
)

// Messages must fit through a village's phone line and a messenger's attachment. The ids
// and tickets are random, so the sizes are not smaller than in real life.

func TestAThousandEventsStaySmallOnTheWire(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	head := newHead(r)
	events := chain(t, head, morning(r, exchange.MaxBatch))
	b, err := exchange.NewBatch(head, events, events[len(events)-1].Occurred, agentKey())
	if err != nil {
		t.Fatal(err)
	}
	packed, err := exchange.Pack(b)
	if err != nil {
		t.Fatal(err)
	}
	each := float64(len(packed)) / float64(len(events))
	t.Logf("%.1f bytes an event, %d in all", each, len(packed))
	if each > 110 || len(packed) > exchange.MaxBatchBytes {
		t.Errorf("%.1f bytes an event, want at most 110; a batch may have %d bytes", each, exchange.MaxBatchBytes)
	}
}

func TestARosterPageStaysSmallOnTheWire(t *testing.T) {
	items := participants(t, rand.New(rand.NewPCG(3, 4)), 500)
	packed, err := exchange.Pack(exchange.RosterPage{Protocol: exchange.Protocol, Scope: []byte("scope"), To: 500, Latest: 500, Items: items})
	if err != nil {
		t.Fatal(err)
	}
	each := float64(len(packed)) / float64(len(items))
	t.Logf("%.1f bytes a participant, %d in all", each, len(packed))
	if each > 45 {
		t.Errorf("%.1f bytes a participant, want at most 45", each)
	}
}

// A day of five hundred people: everybody in and out, and one in twenty refused.
func TestADayOfFiveHundredFitsIntoAMessage(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	head := newHead(r)
	events := chain(t, head, morning(r, 1050))
	var batches [][]byte
	for len(events) > 0 {
		n := min(len(events), exchange.MaxBatch)
		b, err := exchange.NewBatch(head, events[:n], events[n-1].Occurred, agentKey())
		if err != nil {
			t.Fatal(err)
		}
		packed, err := exchange.Pack(b)
		if err != nil {
			t.Fatal(err)
		}
		_, s, err := b.Expand(public(agentKey()))
		if err != nil {
			t.Fatal(err)
		}
		batches, head, events = append(batches, packed), s.Head, events[n:]
	}
	items := participants(t, r, 500)
	page, err := exchange.Pack(exchange.RosterPage{Protocol: exchange.Protocol, To: 500, Latest: 500, Items: items, Reset: true})
	if err != nil {
		t.Fatal(err)
	}
	key, err := bundle.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, plain := range map[string][]byte{
		"the bundle": signedBundle(t, exchange.Bundle{Protocol: exchange.Protocol, Batches: batches, Recipient: key.Recipient}),
		"the reply":  signedReply(t, exchange.Reply{Protocol: exchange.Protocol, Pages: [][]byte{page}}),
	} {
		file, err := bundle.Seal(plain, key.Recipient)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s has %d bytes", name, len(file))
		if len(file) > 128<<10 { // a messenger's attachment may be a megabyte and more
			t.Errorf("%s has %d bytes", name, len(file))
		}
	}
}
