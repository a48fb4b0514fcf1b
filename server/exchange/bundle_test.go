package exchange_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"

	"buktihadir/models"
	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	door "buktihadir/server/exchange"
	"buktihadir/server/office"
)

// stick hands in bundles that are sealed to this server.
type stick struct {
	*desk
	service   *door.Service
	recipient string
	key       bundle.Key
}

func newStick(t testing.TB, d *desk) stick {
	t.Helper()
	s := stick{desk: d, service: door.NewService(d.st, slog.New(slog.DiscardHandler))}
	invite, err := s.service.Invite(t.Context(), "http://localhost", "CODE")
	d.ok(err)
	s.recipient = invite.Recipient
	s.key, err = bundle.NewKey()
	d.ok(err)
	return s
}

func (s stick) sealed(plain []byte) []byte {
	s.t.Helper()
	file, err := bundle.Seal(plain, s.recipient)
	s.ok(err)
	return file
}

func (s stick) bundle(batches ...[]byte) []byte {
	s.t.Helper()
	plain, err := exchange.Bundle{Protocol: exchange.Protocol, Agent: s.agent, Batches: batches, Recipient: s.key.Recipient}.Sign(s.desk.key)
	s.ok(err)
	return plain
}

func TestABatchThatCannotBeVerifiedHoldsBackNoOther(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		s := newStick(t, d.enrol())
		forged := d.batch(1, nil)
		forged.Signature = make([]byte, 64)
		got, err := s.service.Import(t.Context(), office.Program("test"), s.sealed(s.bundle([]byte("rubbish"), packed(t, forged), packed(t, d.batch(2, nil)))))
		d.ok(err)
		if got.Batches != 3 || got.Rejected != 2 || got.Events != 2 || d.strays() != 2 {
			t.Errorf("%+v, and %d strays are kept", got, d.strays())
		}
		plain, err := bundle.Open(got.Reply, exchange.MaxBundle, s.key)
		if err != nil || len(plain) == 0 {
			t.Errorf("the reply: %v", err)
		}
	})
}

func TestACarriedBatchSaysNothingOfTheAgentsClock(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		s := newStick(t, d.enrol())
		agent := func() models.Agent {
			a, err := d.st.Read(t.Context()).Agent(d.agent)
			d.ok(err)
			return a
		}
		b := d.batch(1, nil)
		b.Unsent = 7
		d.now += 3 * 24 * 3600 * 1000 // three days on a boat
		file := s.sealed(s.bundle(packed(t, b)))
		if got, err := s.service.Import(t.Context(), office.Actor{}, file); err != nil || got.Events != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		first := agent()
		if first.ClockOffset != 0 || first.LastContact != d.now || first.Unsent != 7 {
			t.Errorf("after the bundle: %+v", first)
		}
		d.now += 1000
		if _, err := s.service.Import(t.Context(), office.Actor{}, file); err != nil {
			t.Fatal(err)
		}
		if again := agent(); again.LastContact != first.LastContact || again.ReportedUntil != first.ReportedUntil {
			t.Errorf("the same again is taken for a sign of life: %+v", again)
		}
	})
}

func TestABundleIsOpenedWithAKeyOfBefore(t *testing.T) {
	d := newDesk(t, "").enrol()
	s := newStick(t, d)
	file := s.sealed(s.bundle(packed(t, d.batch(1, nil))))
	again := newStick(t, d)
	if again.recipient != s.recipient {
		t.Fatalf("the key changes by itself: %s, then %s", s.recipient, again.recipient)
	}
	db, err := sql.Open("sqlite", filepath.Join(d.dir, "server.db"))
	d.ok(err)
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(t.Context(), "UPDATE signing_keys SET retired_at = 1 WHERE purpose = 'age'")
	d.ok(err)
	if newStick(t, d).recipient == s.recipient {
		t.Error("the retired key is still given away")
	}
	got, err := s.service.Import(context.Background(), office.Actor{}, file)
	if err != nil || got.Events != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

// FuzzImport hands in any bytes, sealed to this server or not: the server accepts, stores
// or refuses them, and never fails.
func FuzzImport(f *testing.F) {
	d := newDesk(f, "").enrol()
	s := newStick(f, d)
	f.Add([]byte(nil), true)
	f.Add([]byte("age-encryption.org/v1\n"), false)
	f.Add(s.bundle(packed(f, d.batch(2, nil))), true)
	f.Add(s.bundle([]byte("x")), true)
	request, err := exchange.Bundle{Protocol: exchange.Protocol, Enrol: d.request("AAAA"), Recipient: s.key.Recipient}.Sign(d.key)
	d.ok(err)
	f.Add(request, true)
	f.Fuzz(func(t *testing.T, raw []byte, seal bool) {
		if seal {
			file, err := bundle.Seal(raw, s.recipient)
			if err != nil {
				t.Fatal(err)
			}
			raw = file
		}
		_, err := s.service.Import(context.Background(), office.Actor{}, raw)
		if _, ok := errors.AsType[*door.RefusedError](err); err != nil && !ok {
			t.Errorf("%v", err)
		}
	})
}
