package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"buktihadir/models"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/store"
)

// agentDir is the data of an enrolled agent whose session has just begun.
func agentDir(t *testing.T, change func(*sample.Site)) (string, *sample.Site) {
	t.Helper()
	site, err := sample.New(3, models.MillisOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(site)
	}
	dir := t.TempDir()
	st, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := site.Fill(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, site
}

func token(t *testing.T, site *sample.Site, i int) string {
	t.Helper()
	code, err := site.Token(i)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// call runs the program as a shell would.
func call(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(stdin), &out, &errs)
	return out.String(), errs.String(), code
}

func TestEveryLineGetsItsAnswer(t *testing.T) {
	dir, site := agentDir(t, nil)
	first := token(t, site, 0)
	input := strings.Join([]string{first, "", "   ", strings.ToLower(first) + "\r", strings.Repeat("Z", 100_000), "\xff\x00", token(t, site, 1)}, "\n")
	out, errs, code := call(t, input, "scan", "--json", "--data", dir)
	if code != exitDone {
		t.Fatalf("ended with %d: %s", code, errs)
	}
	want := []models.Verdict{models.VerdictAcceptedIn, models.VerdictAlreadyIn, models.VerdictMalformed, models.VerdictMalformed, models.VerdictAcceptedIn}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d answers, want %d:\n%s", len(lines), len(want), out)
	}
	for i, line := range lines {
		var a scanAnswer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		if a.Verdict != want[i] || a.Seq != uint64(i+1) || !strings.HasSuffix(a.Occurred, "+07:00") {
			t.Errorf("answer %d: %+v, want %s", i+1, a, want[i])
		}
		if (a.Person != nil) != (a.Verdict != models.VerdictMalformed) {
			t.Errorf("answer %d: person %v", i+1, a.Person)
		}
	}
}

func TestADeskThatWasWithdrawnSaysSoAndRecordsAllTheSame(t *testing.T) {
	dir, site := agentDir(t, nil)
	st, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(st.Withdraw(t.Context()), st.Close()); err != nil {
		t.Fatal(err)
	}
	out, errs, code := call(t, token(t, site, 0)+"\nrubbish\n", "scan", "--json", "--data", dir, "--lang", "en")
	if code != exitRefused || !strings.Contains(errs, "has deactivated this desk") {
		t.Errorf("ended with %d and said %q", code, errs)
	}
	for i, want := range []models.Verdict{models.VerdictWithdrawn, models.VerdictMalformed} {
		var a scanAnswer
		line := strings.Split(out+"\n", "\n")[i]
		if err := json.Unmarshal([]byte(line), &a); err != nil || a.Verdict != want || a.Overridable || a.Seq != uint64(i+1) {
			t.Errorf("line %d: %s (%v), want %s", i+1, line, err, want)
		}
	}
	if out, _, code := call(t, "", "doctor", "--data", dir, "--lang", "en"); code != exitRefused || !strings.Contains(out, "has deactivated this computer") ||
		strings.Contains(out, "reply file") {
		t.Errorf("doctor ended with %d and said %s", code, out)
	}
}

func TestASpotCheckIsAnsweredByTheNextLine(t *testing.T) {
	dir, site := agentDir(t, func(s *sample.Site) { s.Classes[0].Body.Policy.SpotCheck = 1000 })
	out, errs, code := call(t, token(t, site, 1)+"\n"+site.People[1].Body.NIK4+"\n", "--data", dir, "scan", "--json")
	if code != exitDone || !strings.Contains(out, `"verdict":"spot_check"`) || !strings.Contains(out, `"spot":"passed"`) {
		t.Errorf("ended with %d: %s%s", code, out, errs)
	}
}

func TestAnswersComeInBothLanguages(t *testing.T) {
	dir, site := agentDir(t, nil)
	for lang, want := range map[string]string{"id": "sesi 1", "en": "session 1"} {
		out, errs, code := call(t, token(t, site, 0)+"\n", "scan", "--data", dir, "--lang", lang, "--direction", "in")
		if code != exitDone || strings.Contains(out, "⟦") || !strings.Contains(out, site.People[0].Body.Name) || !strings.Contains(out, want) {
			t.Errorf("%s: ended with %d: %s%s, want %q", lang, code, out, errs, want)
		}
	}
}

func TestStatusSaysHowTheAgentStands(t *testing.T) {
	dir, site := agentDir(t, nil)
	call(t, token(t, site, 0)+"\nnonsense\n", "scan", "--data", dir)
	out, errs, code := call(t, "", "status", "--json", "--data", dir)
	var s statusAnswer
	if err := json.Unmarshal([]byte(out), &s); err != nil || code != exitDone {
		t.Fatalf("ended with %d, %v: %s%s", code, err, out, errs)
	}
	if s.Head != 2 || s.Unsent != 2 || s.Roster.People != 3 || s.Roster.AgeS < 0 || s.Site != "BLK-01" || !s.Verified ||
		s.Disk == nil || s.Disk.Free <= 0 || s.Disk.Free > s.Disk.Total || s.Disk.Scans > s.Disk.Free/models.ScanBytes ||
		s.Disk.Scans <= s.Disk.Free/models.ScanBytes/10*9 {
		t.Errorf("%+v", s)
	}
	for _, lang := range []string{"id", "en"} {
		if out, errs, code := call(t, "", "status", "--data", dir, "--lang", lang); code != exitDone || strings.Contains(out, "⟦") {
			t.Errorf("%s: ended with %d: %s%s", lang, code, out, errs)
		}
	}
}

func TestExitCodesTellRefusedFromWrongUse(t *testing.T) {
	dir, _ := agentDir(t, nil)
	for _, c := range []struct {
		name string
		args []string
		want int
	}{
		{"help is no mistake", []string{"--help"}, exitDone},
		{"nothing to scan", []string{"scan", "--data", dir}, exitDone},
		{"an agent that is not enrolled", []string{"scan", "--data", t.TempDir()}, exitRefused},
		{"a class that the site doesn't have", []string{"scan", "--data", dir, "--class", "NONE"}, exitRefused},
		{"an address that is none", []string{"serve", "--data", dir, "--listen", "nowhere:at:all"}, exitRefused},
		{"no command", nil, exitUsage},
		{"an unknown command", []string{"fly"}, exitUsage},
		{"an unknown option", []string{"scan", "--fast"}, exitUsage},
		{"a direction that is none", []string{"scan", "--direction", "up"}, exitUsage},
	} {
		out, errs, code := call(t, "", c.args...)
		if code != c.want {
			t.Errorf("%s: ended with %d, want %d\n%s%s", c.name, code, c.want, out, errs)
		}
		if code == exitRefused && !strings.HasPrefix(errs, "site-agent: ") {
			t.Errorf("%s: no sentence on standard error: %q", c.name, errs)
		}
	}
}

func TestTheDoctorSaysWhatToPutRight(t *testing.T) {
	doctor := func(change func(*sample.Site)) (grades map[string]string, errs string, code int) {
		dir, _ := agentDir(t, change)
		out, errs, code := call(t, "", "doctor", "--json", "--data", dir)
		grades = map[string]string{}
		for line := range strings.Lines(out) {
			var c struct{ Need, Grade, Says string }
			if err := json.Unmarshal([]byte(line), &c); err != nil || c.Says == "" {
				t.Fatalf("line %q: %v", line, err)
			}
			grades[c.Need] = c.Grade
		}
		return grades, errs, code
	}
	// Nobody has met the server in this boot, and the disk is this machine's own.
	grades, errs, code := doctor(nil)
	if code != exitDone || grades["roster"] != "good" || grades["clock"] != "warn" || grades["rhythm"] != "good" || grades["disk"] == "" {
		t.Errorf("doctor ended with %d, said %v and %q", code, grades, errs)
	}
	grades, errs, code = doctor(func(s *sample.Site) {
		s.Classes[0].Start, s.Classes[0].Body.Secret = s.Classes[0].Start.Add(time.Hour), nil
	})
	if code != exitRefused || grades["keys"] != "bad" || errs != "site-agent: Belum siap\n" {
		t.Errorf("without a key doctor ended with %d, said %v and %q", code, grades, errs)
	}
}

func TestATimeThatChangesNothingIsRefusedWithItsReason(t *testing.T) {
	minute := func(at time.Time) string { return at.In(models.ZoneWIB.Location()).Format("2006-01-02 15:04") }
	set := func(dir string, at time.Time) (out, errs string, code int) {
		return call(t, "", "clock", "--set", minute(at), "--data", dir, "--lang", "en")
	}
	dir, _ := agentDir(t, nil)
	for _, c := range []struct {
		name string
		at   time.Time
		code int
		says string
	}{
		{"another time", time.Now().Add(-time.Hour), exitDone, ""},
		{"the same time again", time.Now().Add(-time.Hour), exitRefused, "Nothing was changed"},
		{"and another one", time.Now(), exitDone, ""},
		{"before this program existed", time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC), exitRefused, "can't be right"},
		{"in a century", time.Date(2126, 1, 1, 0, 0, 0, 0, time.UTC), exitRefused, "can't be right"},
	} {
		if out, errs, code := set(dir, c.at); code != c.code || !strings.Contains(errs, c.says) {
			t.Errorf("%s: ended with %d and said %q %q, want %d and %q", c.name, code, out, errs, c.code, c.says)
		}
	}
	if out, _, _ := call(t, "", "clock", "--data", dir, "--lang", "en"); !strings.Contains(out, "confirmed by staff") {
		t.Errorf("a confirmed clock says %q", out)
	}
	st, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	clock, err := desk.SystemClock()
	if err != nil {
		t.Fatal(err)
	}
	now := clock()
	err = st.NoteContact(t.Context(), store.Contact{Boot: now.Boot, Mono: now.Mono, Wall: now.Wall, Server: now.Wall})
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := set(dir, time.Now().Add(time.Hour)); code != exitRefused || !strings.Contains(errs, "goes by the server's clock") {
		t.Errorf("another time than the server's: ended with %d and said %q %q", code, out, errs)
	}
}

func TestARefusalSpeaksOneLanguage(t *testing.T) {
	dir, _ := agentDir(t, nil)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"scan", "--data", dir, "--class", "NONE"}, "site-agent: tidak ada kelas berkode NONE di tempat pelatihan ini\n"},
		{[]string{"scan", "--data", dir, "--class", "NONE", "--lang", "en"}, "site-agent: there is no class NONE at this site\n"},
		{[]string{"clock", "--data", dir, "--set", "noon"}, "site-agent: Tanggal atau jam tidak terbaca, atau tidak mungkin benar. Periksa lagi.\n"},
	} {
		if _, errs, code := call(t, "", c.args...); code != exitRefused || errs != c.want {
			t.Errorf("%q: ended with %d and said %q, want %q", c.args, code, errs, c.want)
		}
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
