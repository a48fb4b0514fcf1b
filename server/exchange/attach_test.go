package exchange_test

import (
	"bytes"
	"net/http"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"buktihadir/models"
	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/server/office"
)

func TestAnAttachmentComesOverTheNetworkOrInABundle(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		d.enrol()
		picture := journal.Attachment{Salt: bytes.Repeat([]byte{1}, journal.SaltSize), Photo: []byte("\xff\xd8\xff\xe0picture")}
		raw, sum, err := picture.Bytes()
		d.ok(err)
		noted := d.batch(1, func(e *journal.Event) { e.Attached = sum })
		send := func(m exchange.Attachments) []models.Hash {
			t.Helper()
			return message[exchange.AttachAnswer](t, d.call(http.MethodPost, exchange.PathAttach, "Bearer "+d.token, packed(t, m))).Held
		}
		message1 := exchange.Attachments{Protocol: exchange.Protocol, Agent: d.agent, Items: [][]byte{[]byte("rubbish"), raw}}
		if held := send(message1); len(held) > 0 {
			t.Errorf("no event names it, and it is held: %v", held)
		}
		if ans := message[exchange.PushAnswer](t, d.push(packed(t, noted))); !slices.Equal(ans.Wants, []models.Hash{sum}) {
			t.Errorf("the server wants %v", ans.Wants)
		}
		s := newStick(t, d)
		plain, err := exchange.Bundle{Protocol: exchange.Protocol, Agent: d.agent, Batches: [][]byte{packed(t, noted)},
			Attached: [][]byte{raw}, Recipient: s.key.Recipient}.Sign(d.key)
		d.ok(err)
		got, err := s.service.Import(t.Context(), office.Actor{}, s.sealed(plain))
		d.ok(err)
		plain, err = bundle.Open(got.Reply, exchange.MaxBundle, s.key)
		d.ok(err)
		invite, err := s.service.Invite(t.Context(), "", "")
		d.ok(err)
		server, err := note.NewVerifier(invite.ServerKey)
		d.ok(err)
		reply, err := exchange.OpenReply(plain, server)
		if err != nil || !slices.Equal(reply.Held, []models.Hash{sum}) {
			t.Errorf("the reply says that %v is held, %v", reply.Held, err)
		}
		if held := send(message1); !slices.Equal(held, []models.Hash{sum}) {
			t.Errorf("sent again, %v is held", held)
		}
		if ans := message[exchange.PushAnswer](t, d.push(packed(t, noted))); len(ans.Wants) > 0 {
			t.Errorf("the server still wants %v", ans.Wants)
		}
		for name, m := range map[string]exchange.Attachments{
			"of another agent": {Protocol: exchange.Protocol, Items: [][]byte{raw}}, "of another protocol": {Protocol: 99, Agent: d.agent},
		} {
			w := d.call(http.MethodPost, exchange.PathAttach, "Bearer "+d.token, packed(t, m))
			if p := refusal(t, w); w.Code != http.StatusBadRequest || p.Code != "unreadable" {
				t.Errorf("%s: %d %s", name, w.Code, p.Code)
			}
		}
	})
}
