package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"buktihadir/models/exchange"
)

func TestBundlesAndInvitationsOnTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	data, sites, invite := filepath.Join(dir, "data"), filepath.Join(dir, "sites.csv"), filepath.Join(dir, "invite.txt")
	for name, content := range map[string]string{sites: "code,name,address,regency,capacity\nT-1,Balai Uji,Jl. Uji,32.73,80\n",
		filepath.Join(dir, "rubbish.age"): "rubbish", filepath.Join(dir, "half.age"): "age-encryption.org/v1\n"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name   string
		args   []string
		code   int
		stderr string
	}{
		{"a site", []string{"import", "sites", sites}, exitDone, ""},
		{"an invitation without an address", []string{"agent", "add", "--site", "T-1", "--invite", invite}, exitRefused, "--public-url"},
		{"one with no web address", []string{"agent", "add", "--site", "T-1", "--invite", invite, "--public-url", "hadir"}, exitRefused, "--public-url"},
		{"an invitation", []string{"agent", "add", "--site", "T-1", "--invite", invite, "--public-url", "https://hadir.example.id"}, exitDone, "enroll --invite"},
		{"no bundle", []string{"bundle", "import", filepath.Join(dir, "rubbish.age")}, exitRefused, "bukan berkas presensi"},
		{"half a bundle, in English", []string{"bundle", "import", filepath.Join(dir, "half.age"), "--lang", "en"}, exitRefused, "cut off or damaged"},
		{"no file", []string{"bundle", "import", filepath.Join(dir, "none.age")}, exitUsage, "none.age"},
	} {
		if got := command(t, append([]string{"--data", data}, c.args...)...); got.code != c.code || !strings.Contains(got.stderr, c.stderr) {
			t.Errorf("%s: %+v\nwant %d, %q", c.name, got, c.code, c.stderr)
		}
	}
	text, err := os.ReadFile(invite)
	if err != nil {
		t.Fatal(err)
	}
	if i, err := exchange.ParseInvite(string(text)); err != nil || i.Server != "https://hadir.example.id" {
		t.Errorf("the invitation %+v, %v", i, err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*reply*")); err != nil || len(left) > 0 {
		t.Errorf("a refused bundle left %v, %v", left, err)
	}
}
