package exchange_test

import (
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
)

// agentKey is a key pair for tests, from a fixed seed.
func agentKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) }

func public(key ed25519.PrivateKey) ed25519.PublicKey { return ed25519.PublicKey(key[32:]) }

// randomID draws a version 4 id, and with a time a version 7 one.
func randomID(r *rand.Rand, at models.Millis) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:], r.Uint64())
	binary.BigEndian.PutUint64(id[8:], r.Uint64())
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	if at != 0 {
		binary.BigEndian.PutUint64(id[:], uint64(at)<<16|uint64(id[6]&0x0f|0x70)<<8|uint64(id[7]))
	}
	return id
}

// chain gives events their place in a journal that starts at head.
func chain(t testing.TB, head journal.Head, events []journal.Event) []journal.Event {
	t.Helper()
	for i := range events {
		e := &events[i]
		e.Agent, e.Epoch, e.Seq, e.Prev = head.Agent, head.Epoch, head.Seq+1, head.Hash
		b, err := e.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if head, err = head.Follow(*e, b); err != nil {
			t.Fatal(err)
		}
	}
	return events
}

func newHead(r *rand.Rand) journal.Head {
	return journal.Head{Agent: randomID(r, 0), Epoch: models.Epoch(randomID(r, 0))}
}

// morning is a desk's busy hour: n people of one session come, seconds apart.
func morning(r *rand.Rand, n int) []journal.Event {
	const start = models.Millis(1_655_686_800_000) // 08.00 WIB, 20 June 2022
	class, session, staff, boot := randomID(r, start), randomID(r, start), randomID(r, start), randomID(r, 0)
	now, booted := start-3_600_000, start-7_200_000
	events := make([]journal.Event, n)
	for i := range events {
		now += models.Millis(1500 + r.IntN(5000))
		e := journal.Event{
			Format: journal.Format, Occurred: now, Wall: now, Boot: boot, Mono: int64(now - booted),
			Confidence: models.ConfidenceSynced, Kind: models.EventIn, Verdict: models.VerdictAcceptedIn,
			Method: models.MethodCamera, Class: class, Session: session, Enrollment: randomID(r, 0), Desk: "Meja 1",
			Staff: staff, RosterRev: 4711, RosterAge: int64(now-booted)/1000 - 60,
		}
		binary.BigEndian.PutUint64(e.Ticket[:], r.Uint64())
		if r.IntN(20) == 0 {
			e.Kind, e.Verdict = models.EventRefused, models.VerdictAlreadyIn
		}
		events[i] = e
	}
	return events
}

// participants are enrollments as an import makes them: ids of version 7 within
// a few milliseconds, numbers in a row, random tickets.
func participants(t testing.TB, r *rand.Rand, n int) []exchange.Item {
	t.Helper()
	given := []string{"Siti", "Muhammad", "Dewi", "Agus", "Nur", "Ahmad", "Sri", "Budi", "Rina", "Eko", "Putri", "Yohanes",
		"Ketut", "Wayan", "Fitri", "Andi", "Maria", "Rizky", "Indah", "Hendra", "Yuni", "Bambang", "Ratna", "Dian", "Teguh"}
	family := []string{"Nurhaliza", "Wijaya", "Rahmawati", "Santoso", "Hidayat", "Lestari", "Saputra", "Wulandari", "Siregar",
		"Simanjuntak", "Kusuma", "Pratama", "Handayani", "Setiawan", "Tanjung", "Lubis", "Rumbiak", "Maharani", "Susanti", "Hakim"}
	const at = models.Millis(1_655_600_000_000)
	class := randomID(r, at)
	items := make([]exchange.Item, n)
	for i := range items {
		name := given[r.IntN(len(given))] + " " + family[r.IntN(len(family))]
		if r.IntN(3) == 0 {
			name = given[r.IntN(len(given))] + " " + name
		}
		id, ticket := randomID(r, at+models.Millis(i/8)), make([]byte, models.RefSize)
		binary.BigEndian.PutUint64(ticket, r.Uint64())
		it, err := exchange.NewItem(exchange.KindEnrollment, id[:], exchange.Enrollment{
			Class: class, Role: models.PersonParticipant, Name: name, Number: fmt.Sprintf("PRK-%06d", 1200+i),
			NIK4: fmt.Sprintf("%04d", r.IntN(10000)), Ticket: ticket,
		})
		if err != nil {
			t.Fatal(err)
		}
		items[i] = it
	}
	return items
}
