package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"buktihadir/models/exchange"
	"buktihadir/models/version"
)

// ran is what a command answered.
type ran struct {
	code           int
	stdout, stderr string
}

func command(t *testing.T, args ...string) ran {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(""), &out, &errs)
	return ran{code, out.String(), errs.String()}
}

func TestCommandsAnswerWithTheirExitCode(t *testing.T) {
	data := filepath.Join(t.TempDir(), "baru")
	for _, c := range []struct {
		name   string
		args   []string
		code   int
		stdout string
		stderr string
	}{
		{"help", []string{"--help"}, exitDone, "Usage: server", ""},
		{"the version as a command", []string{"version"}, exitDone, version.Line("server"), ""},
		{"the version as a flag", []string{"--version"}, exitDone, version.Line("server"), ""},
		{"no command", nil, exitUsage, "", "expected one of"},
		{"a command that doesn't exist", []string{"terbang"}, exitUsage, "", "unexpected argument terbang"},
		{"a language that doesn't exist", []string{"migrate", "--lang", "fr"}, exitUsage, "", "--lang"},
		{"a needed flag is missing", []string{"user", "add", "--email", "a@contoh.id"}, exitUsage, "", "missing flags"},
		{"the data directory before the command", []string{"--data", data, "migrate"}, exitDone, "Basis data siap", ""},
		{"and after it, in English", []string{"migrate", "--data", data, "--lang", "en"}, exitDone, "The database is ready", ""},
		{"a refusal in Indonesian", []string{"user", "add", "--data", data, "--email", "bukan alamat", "--name", "A", "--role", "pmo_admin"}, exitRefused, "",
			"alamat email"},
		{"and in English", []string{"--lang", "en", "user", "add", "--data", data, "--email", "no address", "--name", "A", "--role", "pmo_admin"}, exitRefused,
			"", "email address"},
		{"a provider that doesn't exist", []string{"user", "add", "--data", data, "--email", "a@contoh.id", "--name", "A", "--role", "coordinator", "--provider",
			"X"}, exitRefused, "", "berkode X"},
		{"a data directory that is a file", []string{"migrate", "--data", "main.go"}, exitRefused, "", "main.go"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := command(t, c.args...)
			if got.code != c.code || !strings.Contains(got.stdout, c.stdout) || !strings.Contains(got.stderr, c.stderr) {
				t.Errorf("%v: %+v\nwant %d, %q, %q", c.args, got, c.code, c.stdout, c.stderr)
			}
		})
	}
	if info, err := os.Stat(data); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the data directory: %v, %v; want it to be ours alone", info, err)
	}
}

func TestPeopleAreRegisteredAndListed(t *testing.T) {
	data := t.TempDir()
	added := command(t, "user", "add", "--data", data, "--email", "Ani@Contoh.id", "--name", "Ani", "--role", "pmo_reviewer", "--public-url",
		"https://hadir.example/", "--json")
	var one struct{ Email, Role, Link string }
	if err := json.Unmarshal([]byte(added.stdout), &one); err != nil || added.code != exitDone {
		t.Fatalf("%+v: %v", added, err)
	}
	if one.Email != "ani@contoh.id" || one.Role != "pmo_reviewer" || !strings.HasPrefix(one.Link, "https://hadir.example/setup/") {
		t.Errorf("added %+v", one)
	}
	if again := command(t, "user", "add", "--data", data, "--email", "ani@contoh.id", "--name", "Ani", "--role", "pmo_admin"); again.code != exitRefused {
		t.Errorf("the same address twice: %+v", again)
	}
	listed := command(t, "user", "list", "--data", data, "--json")
	if lines := strings.Split(strings.TrimSpace(listed.stdout), "\n"); len(lines) != 1 || !strings.Contains(lines[0], `"set_up":false`) {
		t.Errorf("listed %q", listed.stdout)
	}
	if table := command(t, "user", "list", "--data", data); !strings.Contains(table.stdout, "ani@contoh.id  Ani") {
		t.Errorf("table %q", table.stdout)
	}
}

// serving is a server that runs until the test ends.
type serving struct {
	lines chan string
	ended chan int
	stop  context.CancelFunc
}

func startServing(t *testing.T, data string) *serving {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r, w := io.Pipe()
	s := &serving{lines: make(chan string, 10), ended: make(chan int, 1), stop: stop}
	go func() {
		s.ended <- run(ctx, []string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, strings.NewReader(""), w, io.Discard)
		_ = w.Close()
	}()
	go func() {
		defer close(s.lines)
		for buf := make([]byte, 4096); ; {
			n, err := r.Read(buf)
			if err != nil {
				return
			}
			s.lines <- strings.TrimSpace(string(buf[:n]))
		}
	}()
	t.Cleanup(stop)
	return s
}

// address reads what is printed until the server listens.
func (s *serving) address(t *testing.T) (listening, setup string) {
	t.Helper()
	for {
		select {
		case line := <-s.lines:
			if url, ok := strings.CutPrefix(line, "set up the admin account: "); ok {
				setup = url
			}
			if url, ok := strings.CutPrefix(line, "listening on "); ok {
				return url, setup
			}
		case code := <-s.ended:
			t.Fatalf("ended with %d before it listened", code)
		case <-time.After(30 * time.Second):
			t.Fatal("never listened")
		}
	}
}

func TestServingBeginsWithASetUpLinkOnceAndEndsInPeace(t *testing.T) {
	data := t.TempDir()
	first := startServing(t, data)
	url, setup := first.address(t)
	for path, want := range map[string]int{url + "/healthz": http.StatusOK, setup: http.StatusOK, url + "/classes": http.StatusOK,
		url + exchange.PathRoster: http.StatusUnauthorized} {
		res, err := http.Get(path) //nolint:noctx // the test's own server
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
	first.stop()
	if code := <-first.ended; code != exitDone {
		t.Errorf("stopped with %d, want %d", code, exitDone)
	}
	second := startServing(t, data)
	if _, again := second.address(t); again != "" {
		t.Errorf("a second start prints another set-up link: %s", again)
	}
	second.stop()
	<-second.ended
}

// Without being told, commands print links to where the server was served last.
func TestCommandsKnowWhereTheServerIs(t *testing.T) {
	data := t.TempDir()
	link := func(email string, more ...string) string {
		t.Helper()
		args := append([]string{"user", "add", "--data", data, "--email", email, "--name", "A", "--role", "pmo_admin"}, more...)
		return strings.TrimSpace(command(t, args...).stdout)
	}
	if got := link("a@contoh.id"); !strings.HasPrefix(got, "/setup/") {
		t.Errorf("before the server ever ran, a link says where it is: %s", got)
	}
	s := startServing(t, data)
	url, _ := s.address(t)
	s.stop()
	<-s.ended
	if got := link("b@contoh.id"); !strings.HasPrefix(got, url+"/setup/") {
		t.Errorf("the server was at %s, and the link is %s", url, got)
	}
	if got := link("c@contoh.id", "--public-url", "https://hadir.example/"); !strings.HasPrefix(got, "https://hadir.example/setup/") {
		t.Errorf("told where it is, the link is %s", got)
	}
}

func TestTheHelpOfAGroupListsItsCommands(t *testing.T) {
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range parser.Model.Children {
		var names []string
		for _, command := range group.Children {
			names = append(names, command.Name)
		}
		if want := ": " + strings.Join(names, ", ") + "."; len(names) > 0 && !strings.HasSuffix(group.Help, want) {
			t.Errorf("%s says %q, want it to end with %q", group.Name, group.Help, want)
		}
	}
}
