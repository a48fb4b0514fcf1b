package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestATokenIsMadeListedAndRevoked(t *testing.T) {
	data := t.TempDir()
	do := func(args ...string) ran {
		return command(t, append([]string{"--data", data, "--lang", "en", "token"}, args...)...)
	}
	for _, bad := range []struct {
		name string
		args []string
		says string
	}{
		{"a scope that is none", []string{"add", "--name", "Bayar", "--scope", "all"}, `no scope "all"`},
		{"an institution that isn't there", []string{"add", "--name", "Bayar", "--scope", "attendance:read", "--provider", "X"}, "code X"},
		{"for ever", []string{"add", "--name", "Bayar", "--scope", "attendance:read", "--days", "9999"}, "from 1 to 730"},
		{"a token that isn't there", []string{"revoke", "01a20b79-e19a-7a51-90c7-899bcd2fab42"}, "no token 01a20b79"},
	} {
		if got := do(bad.args...); got.code != exitRefused || !strings.Contains(got.stderr, bad.says) {
			t.Errorf("%s: %+v, want %q", bad.name, got, bad.says)
		}
	}
	var made struct{ ID, Token string }
	if got := do("add", "--name", "Bayar", "--scope", "attendance:read", "--scope", "completions:read", "--json"); got.code != exitDone ||
		json.Unmarshal([]byte(got.stdout), &made) != nil {
		t.Fatalf("%+v", got)
	}
	for _, want := range []string{"valid", "revoked"} {
		got := do("list", "--json")
		var line struct {
			ID, State string
			Scopes    []string
		}
		if err := json.Unmarshal([]byte(got.stdout), &line); err != nil || line.ID != made.ID || line.State != want || len(line.Scopes) != 2 ||
			strings.Contains(got.stdout, made.Token) {
			t.Errorf("%s (%v), want %s", got.stdout, err, want)
		}
		if got := do("revoke", made.ID); got.code != exitDone {
			t.Errorf("revoke: %+v", got)
		}
	}
	if got := command(t, "--data", data, "serve", "--listen", "127.0.0.1:0", "--webhook-network", "rumah"); got.code != exitRefused ||
		!strings.Contains(got.stderr, "rumah") {
		t.Errorf("a network that is none: %+v", got)
	}
}
