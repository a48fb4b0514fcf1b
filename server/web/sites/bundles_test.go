package sites_test

import (
	"crypto/ed25519"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	"buktihadir/server/store"
	"buktihadir/server/web/sites"
	"buktihadir/templates"
)

func TestABundleIsTakenInAndAnsweredOnAPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	code := between(t, b.Follow(b.Post("/sites/"+o.Sites[0].ID.String()+"/agents", "agent", "Meja hutan")).Body, `name="code" value="`)
	file := b.Post("/sites/"+o.Sites[0].ID.String()+"/invite", "code", code)
	invite, err := exchange.ParseInvite(file.Body)
	if err != nil || invite.Code != code || !strings.Contains(file.Header.Get("Content-Disposition"), "pendaftaran-BDG-01.txt") {
		t.Fatalf("the invitation %+v, %v\n%v", invite, err, file.Header)
	}
	device, home := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), mustKey(t)
	enrol, err := exchange.Pack(exchange.EnrolRequest{Protocol: exchange.Protocol, Code: code, PublicKey: device[32:], Version: "1", Epoch: models.Epoch{1}})
	if err != nil {
		t.Fatal(err)
	}
	request := exchange.Bundle{Protocol: exchange.Protocol, Enrol: enrol, Recipient: home.Recipient}
	plain, err := request.Sign(device)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := bundle.Seal(plain, invite.Recipient)
	if err != nil {
		t.Fatal(err)
	}
	done := b.Upload("/bundles", "file", "permintaan.age", sealed)
	page := b.Follow(done)
	if !strings.Contains(page.Body, "Meja hutan kini komputer presensi di Balai Latihan Kerja Bandung") {
		t.Errorf("the page says\n%s", page.Body)
	}
	reply := b.Get(strings.TrimPrefix(done.Header.Get("Location"), o.URL) + "/reply")
	if got, err := bundle.Open([]byte(reply.Body), exchange.MaxBundle, home); err != nil || len(got) == 0 {
		t.Errorf("the reply: %d, %v", reply.Status, err)
	}
	if list := b.Get("/bundles"); !strings.Contains(list.Body, "Meja hutan") {
		t.Error("the list lacks it")
	}
}

func TestAFileThatIsNoBundleIsRefusedInWords(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	for _, c := range []struct {
		name, words string
		content     []byte
	}{
		{"a picture", "bukan berkas presensi", []byte("\x89PNG")},
		{"half a bundle", "terpotong", []byte("age-encryption.org/v1\n-> X25519")},
		{"another server's", "server lain", mustSeal(t, mustKey(t).Recipient)},
	} {
		if got := b.Upload("/bundles", "file", "x.age", c.content); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, c.words) {
			t.Errorf("%s: %d, without %q", c.name, got.Status, c.words)
		}
	}
	if got := b.Upload("/bundles", "other", "", nil); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Pilih berkas") {
		t.Errorf("no file: %d", got.Status)
	}
}

func mustKey(t *testing.T) bundle.Key {
	t.Helper()
	k, err := bundle.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func mustSeal(t *testing.T, to string) []byte {
	t.Helper()
	sealed, err := bundle.Seal([]byte("x"), to)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// between gives what stands in a page after a mark up to the next quote.
func between(t *testing.T, page, mark string) string {
	t.Helper()
	_, after, found := strings.Cut(page, mark)
	text, _, ended := strings.Cut(after, `"`)
	if !found || !ended {
		t.Fatalf("no %s in\n%s", mark, page)
	}
	return text
}

func TestWhateverCameOfABundleIsSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	set, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		came models.CarriedBundle
		want []string // the keys, in order
	}{
		{"a request", models.CarriedBundle{Enrolled: true, Items: 40}, []string{"enrolled", "roster"}},
		{"new scans", models.CarriedBundle{Events: 3}, []string{"took"}},
		{"nothing new", models.CarriedBundle{}, []string{"took_nothing"}},
		{"parts that can't be verified", models.CarriedBundle{Rejected: 2}, []string{"strays"}},
		{"a gap", models.CarriedBundle{Conflict: "gap"}, []string{"gap"}},
		{"a fork after new scans", models.CarriedBundle{Events: 1, Conflict: "fork"}, []string{"took", "fork"}},
		{"a revoked agent's", models.CarriedBundle{Events: 1, Revoked: true}, []string{"took", "revoked"}},
	} {
		entry := store.CarriedEntry{CarriedBundle: c.came, AgentName: "Meja", SiteName: "Balai"}
		entry.ID = uuid.New()
		var got []string
		for _, text := range sites.CarriedWords(entry) {
			got = append(got, strings.TrimPrefix(text.Key, "bundle."))
			for _, lang := range templates.Langs() {
				if s := set.Texts.Say(lang, text); strings.Contains(s, "⟦") || strings.Contains(s, "<no value>") {
					t.Errorf("%s in %s: %s", c.name, lang, s)
				}
			}
		}
		if strings.Join(got, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s is said as %v, want %v", c.name, got, c.want)
		}
	}
}
