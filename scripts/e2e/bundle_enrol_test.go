package e2e

import (
	"errors"
	"fmt"
	"testing"

	"buktihadir/models"
	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	server "buktihadir/server/store"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/uplink"
)

// invited is a program that has an invitation and has not met the server.
func (l *line) invited() (*post, exchange.Invite) {
	l.t.Helper()
	var code string
	l.ok(l.office.Write(l.t.Context(), func(tx *server.Tx) (err error) {
		code, _, err = tx.NewAgentCode(l.site, "meja")
		return err
	}))
	carried, err := l.counter().Invite(l.t.Context(), l.door.URL, code)
	l.ok(err)
	invite, err := exchange.ParseInvite(carried.String())
	l.ok(err)
	p := &post{line: l, dir: l.t.TempDir()}
	p.open()
	return p, invite
}

func (p *post) request(invite exchange.Invite) []byte {
	p.t.Helper()
	file, err := p.up.Request(p.t.Context(), invite)
	p.ok(err)
	return file
}

func TestAnAgentIsMadeWithoutEverMeetingTheServer(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l *line) {
		p, invite := l.invited()
		request := p.request(invite)
		got := l.handIn(request)
		if !got.Enrolled || got.Items == 0 {
			t.Fatalf("the office took %+v", got)
		}
		if taken := p.take(got.Reply); !taken.Enrolled || taken.Items != got.Items || taken.Identity.Site.Code != "T-1" {
			t.Errorf("the reply brought %+v", taken)
		}
		p.happens(3, nil)
		if taken := p.take(l.handIn(p.export().File).Reply); taken.Sent != 3 {
			t.Errorf("the first bundle's reply brought %+v", taken)
		}
		p.happens(1, nil)
		rep, err := p.up.Sync(t.Context()) // a network, one day
		if err != nil || rep.Sent != 1 {
			t.Errorf("the network brought %+v, %v", rep, err)
		}
		p.sameAsServer()
		// The stick with the request is found again, much later.
		if again := l.handIn(request); again.AgentID != got.AgentID || !again.Enrolled {
			t.Errorf("the request again: %+v", again)
		}
		p.happens(1, nil)
		if rep, err := p.up.Sync(t.Context()); err != nil || rep.Sent != 1 {
			t.Errorf("after that the network brought %+v, %v", rep, err)
		}
	})
}

func TestEveryReplyToOneRequestMakesTheSameAgent(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	p, invite := l.invited()
	first, again := p.request(invite), p.request(invite)
	a, b := l.handIn(first), l.handIn(again)
	if a.AgentID != b.AgentID {
		t.Fatalf("one program became %s, then %s", a.AgentID, b.AgentID)
	}
	p.take(a.Reply) // the older one
	p.happens(1, nil)
	if rep, err := p.up.Sync(t.Context()); err != nil || rep.Sent != 1 {
		t.Errorf("with the first reply's token the network brought %+v, %v", rep, err)
	}
	p.take(b.Reply)
	if _, err := p.up.Sync(t.Context()); err != nil {
		t.Errorf("and with the second's: %v", err)
	}
	other, second := l.invited()
	l.handIn(other.request(second)) // and its reply was lost
	other.take(l.handIn(other.request(second)).Reply)
	if _, err := other.up.Sync(t.Context()); err != nil {
		t.Errorf("with the second reply's token alone: %v", err)
	}
	if _, err := p.up.Request(t.Context(), invite); !errors.Is(err, store.ErrEnrolled) {
		t.Errorf("an agent asks to become one: %v", err)
	}
	p.sameAsServer()
}

func TestAnInvitationMakesOneProgramAnAgent(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	p, invite := l.invited()
	l.handIn(p.request(invite))
	thief := &post{line: l, dir: t.TempDir()}
	thief.open()
	wrong := invite
	wrong.Code = "AAAA-BBBB-CCCC-DDDD"
	for name, file := range map[string][]byte{"a used code": thief.request(invite), "a code nobody gave": thief.request(wrong)} {
		l.refusedBundle(name, "bad_code", file)
	}
	// The signature of a request says whose it is, not its sender.
	plain, err := (exchange.Bundle{Protocol: exchange.Protocol, Enrol: mustPack(t, exchange.EnrolRequest{Protocol: exchange.Protocol, Code: invite.Code,
		PublicKey: p.st.DeviceKey()[32:], Version: "1", Epoch: models.Epoch{1}}), Recipient: thief.st.BundleKey().Recipient}).Sign(thief.st.DeviceKey())
	l.ok(err)
	stolen, err := bundle.Seal(plain, invite.Recipient)
	l.ok(err)
	l.refusedBundle("somebody else's public key", "unreadable", stolen)
	if _, err := thief.up.Import(t.Context(), l.handIn(p.request(invite)).Reply); !errors.Is(err, bundle.ErrNotForUs) {
		t.Errorf("another program's reply: %v", err)
	}
	if _, err := thief.up.Export(t.Context()); !errors.Is(err, store.ErrNotEnrolled) {
		t.Errorf("nobody writes a bundle: %v", err)
	}
}

func mustPack[M exchange.Message](t *testing.T, m M) []byte {
	t.Helper()
	b, err := exchange.Pack(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAReplyToNobodysRequestMakesNoAgent(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	p, invite := l.invited()
	reply := l.handIn(p.request(invite)).Reply
	empty := &post{line: l, dir: t.TempDir()}
	empty.open()
	if _, err := empty.up.Import(t.Context(), reply); !errors.Is(err, bundle.ErrNotForUs) {
		t.Errorf("a program that never asked: %v", err)
	}
	// The invitation names the server: an answer of another server is rejected.
	other := newLine(t)
	misled, err := other.counter().Invite(t.Context(), l.door.URL, invite.Code)
	l.ok(err)
	misled.Recipient = invite.Recipient
	victim := &post{line: l, dir: p.dir}
	victim.open()
	if _, err := victim.up.Request(t.Context(), misled); err != nil {
		t.Fatal(err)
	}
	if _, err := victim.up.Import(t.Context(), reply); !errors.Is(err, uplink.ErrNotAReply) {
		t.Errorf("a server that the invitation doesn't name: %v", err)
	}
}

// A roster of several pages that is cut off between them goes on where it stood,
// with the same reply or with the network.
func TestARosterThatIsCutOffInAReplyGoesOn(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.fill(1500)
	p := l.enrol("meja")
	request := p.export()
	reply := l.handIn(request.File)
	// The power went while the file was being written: only the first page is there.
	id, err := p.st.Identity(t.Context())
	l.ok(err)
	agent, err := l.office.Read(t.Context()).Agent(id.Agent)
	l.ok(err)
	page, err := l.counter().Pull(t.Context(), agent, 0, nil)
	l.ok(err)
	if page.Digest != nil {
		t.Fatal("the roster has one page only")
	}
	l.ok(p.st.ApplyPage(t.Context(), page, l.now))
	taken := p.take(reply.Reply)
	c, err := p.st.Cursor(t.Context())
	if err != nil || c.Count < 1500 || c.Alarm != "" || c.Confirmed == 0 {
		t.Errorf("the reply brought %+v; the roster stands at %+v, %v", taken, c, err)
	}
	if taken.Items != reply.Items-len(page.Items) {
		t.Errorf("%d items were taken of %d after %d", taken.Items, reply.Items, len(page.Items))
	}
	rep, err := p.up.Sync(t.Context())
	if err != nil || rep.Items != 0 {
		t.Errorf("the network brings %+v after that, %v", rep, err)
	}
}

// fill gives the site more people than a page of its roster has.
func (l *line) fill(people int) {
	l.t.Helper()
	pilot, err := l.office.Read(l.t.Context()).PilotByCode("UJI")
	l.ok(err)
	const most = 500 // to a class
	sites := "code,name,address,regency,capacity\nT-1,Balai Uji,Jl. Uji,32.73,5000\n"
	classes := "class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end\n"
	names := "number,nik,name,class_code\n"
	for i := range people {
		if i%most == 0 {
			classes += fmt.Sprintf("B%d,K,Kursus,4,LP,Lembaga,T-1,%d,1,2023-01-%02d,08:00,12:00\n", i/most, most, 2+i/most)
		}
		names += fmt.Sprintf("R-%d,327300%02d0190%04d,Orang %d,B%d\n", i, 1+i%28, i+100, i, i/most)
	}
	for i, k := range imports.Kinds() {
		_, err := imports.New(l.office).Import(l.t.Context(), office.Actor{Name: "test"},
			imports.File{Kind: k, Name: "x.csv", Content: []byte([]string{sites, classes, names}[i]),
				Pilot: &pilot.ID}, plan.Apply, nil)
		l.ok(err)
	}
}
