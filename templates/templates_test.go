package templates

import (
	"io"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"buktihadir/models"
)

func mustSet(t *testing.T) *Set {
	t.Helper()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryKeyHasATextInBothLanguages(t *testing.T) {
	texts := mustSet(t).Texts
	for _, pair := range [][2]Lang{{Indonesian, English}, {English, Indonesian}} {
		for key := range texts.keys[pair[0]] {
			if !texts.keys[pair[1]][key] {
				t.Errorf("key %q has a text in %q, none in %q", key, pair[0], pair[1])
			}
		}
	}
}

// What names a key, an icon or an asset in a page, by literal.
var (
	keyUse   = regexp.MustCompile(`[{( ]t "([^"]+)"|field "[^"]*" "([^"]+)"|hint "([^"]+)"|progress "([^"]+)"|nothing "[^"]*" "([^"]+)"|badge "[^"]*" "[^"]*" "([^"]+)"`)
	iconUse  = regexp.MustCompile(`[{( ]icon "([^"]+)"|badge "[^"]*" "([^"]+)"|nothing "([^"]+)"`)
	assetUse = regexp.MustCompile(`[{( ]asset "([^"]+)"`)
)

func TestEveryKeyIconAndAssetThatATemplateNamesExists(t *testing.T) {
	s := mustSet(t)
	err := fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".html") {
			return err
		}
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		for _, key := range named(keyUse, source) {
			if !s.Texts.keys[Indonesian][key] {
				t.Errorf("%s: key %q has no text", name, key)
			}
		}
		for _, icon := range named(iconUse, source) {
			if !s.Assets.icons[icon] {
				t.Errorf("%s: icon %q is not in the sprite", name, icon)
			}
		}
		for _, asset := range named(assetUse, source) {
			if _, err := s.Assets.URL(asset); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func named(use *regexp.Regexp, source []byte) []string {
	var names []string
	for _, match := range use.FindAllSubmatch(source, -1) {
		for _, group := range match[1:] {
			if len(group) > 0 {
				names = append(names, string(group))
			}
		}
	}
	return names
}

func TestNothingInAPageIsInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|<script(?:[^>]*)?>[^<]|\sstyle=|\son[a-z]+="|javascript:`)
	err := fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".html") {
			return err
		}
		source, err := fs.ReadFile(files, name)
		if found := inline.Find(source); found != nil {
			t.Errorf("%s: %q is inline, which the content policy forbids", name, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// enumerations are all values of the models' enumerations that have names.
func enumerations() []any {
	var values []any
	values = appendAll(values, models.Phases())
	values = appendAll(values, []models.Mode{models.ModeOnsite, models.ModeOnline, models.ModeBlended})
	values = appendAll(values, models.Rhythms())
	values = appendAll(values, models.Roles())
	values = appendAll(values, []models.PersonRole{models.PersonParticipant, models.PersonInstructor})
	values = appendAll(values, []models.EnrollmentStatus{models.EnrollmentActive, models.EnrollmentCancelled})
	values = appendAll(values, []models.SessionStatus{models.SessionPlanned, models.SessionCancelled})
	values = appendAll(values, []models.AgentStatus{models.AgentActive, models.AgentRevoked})
	values = appendAll(values, models.AttendanceStatuses())
	values = appendAll(values, models.Verdicts())
	values = appendAll(values, []models.Direction{models.DirectionAuto, models.DirectionIn, models.DirectionOut})
	values = appendAll(values, models.EventKinds())
	values = appendAll(values, models.Methods())
	values = appendAll(values, models.Confidences())
	values = appendAll(values, models.SpotOutcomes())
	values = appendAll(values, models.Flags())
	values = appendAll(values, models.CaseKinds())
	values = appendAll(values, models.CaseStates())
	values = appendAll(values, models.Topics())
	values = appendAll(values, models.RequestKinds())
	values = appendAll(values, []models.RequestState{models.RequestOpen, models.RequestDone, models.RequestRefused})
	values = appendAll(values, models.Periods())
	values = appendAll(values, []models.DocumentKind{models.DocumentDecision, models.DocumentEvidence, models.DocumentSheet, models.DocumentReport})
	return values
}

func TestEveryEnumerationHasAName(t *testing.T) {
	s := mustSet(t)
	for _, value := range enumerations() {
		name, err := s.enum(Indonesian, value)
		if err != nil || strings.Contains(name, "⟦") {
			t.Errorf("%T %q is shown as %q, %v", value, value, name, err)
		}
	}
}

func appendAll[T any](all []any, values []T) []any {
	for _, v := range values {
		all = append(all, v)
	}
	return all
}

func TestAMissingTextShowsAsAHole(t *testing.T) {
	if got := mustSet(t).Texts.T(English, "no.such.key"); got != "⟦no.such.key⟧" {
		t.Errorf("got %q", got)
	}
}

func TestATextWithACountIsSaidForEveryNumber(t *testing.T) {
	texts := mustSet(t).Texts
	for lang, keys := range texts.keys {
		for key := range keys {
			for _, n := range []int{0, 1, 2} {
				if got := texts.T(lang, key, "Count", n); strings.Contains(got, "⟦") {
					t.Errorf("%s in %q for %d: %s", key, lang, n, got)
				}
			}
		}
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

func TestAPageThatFailsWritesNothing(t *testing.T) {
	s := mustSet(t)
	var written counter
	wrong := Page[int]{Body: 3}
	if err := s.Render(&written, "server/error", wrong); err == nil || written != 0 {
		t.Errorf("error %v after %d bytes, want an error after none", err, written)
	}
	if err := s.Render(io.Discard, "server/no-such-page", wrong); err == nil {
		t.Error("a page that does not exist was rendered")
	}
}

func TestEveryLayoutRendersWithoutAUser(t *testing.T) {
	s := mustSet(t)
	for _, page := range []string{"server/error", "agent/error", "ticket/error"} {
		for _, lang := range Langs() {
			var out strings.Builder
			view := Page[Empty]{Frame: Frame{Lang: lang, Title: Say("error.not_found.title")}, Body: Empty{Icon: "search", Title: Say("error.not_found.title")}}
			if err := s.Render(&out, page, view); err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{`<html lang="` + string(lang) + `">`, s.Texts.T(lang, "error.not_found.title"), `id="main"`} {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%s in %q lacks %q:\n%s", page, lang, want, &out)
				}
			}
		}
	}
}

func TestEveryKindOfCaseIsDecidedInItsOwnWords(t *testing.T) {
	texts := mustSet(t).Texts
	for _, kind := range models.CaseKinds() {
		for _, state := range models.CaseStates() {
			keys := []string{CaseStateKey(kind, state)}
			if state == models.CaseConfirmed || state == models.CaseDismissed {
				keys = append(keys, "cases."+string(state)+"."+string(kind))
			}
			for _, key := range keys {
				for _, lang := range Langs() {
					if got := texts.T(lang, key); strings.Contains(got, "⟦") {
						t.Errorf("%s in %q: %s", key, lang, got)
					}
				}
			}
		}
	}
}

func TestEveryRefusalSaysWhatToDo(t *testing.T) {
	texts := mustSet(t).Texts
	for _, v := range models.Verdicts() {
		if v == models.VerdictNone || VerdictTone(v) != Bad {
			continue
		}
		for _, lang := range Langs() {
			if key := "desk.hint." + string(v); !texts.keys[lang][key] {
				t.Errorf("%s has no text in %q", key, lang)
			}
		}
	}
}

func TestNotYetAndNotAreToldApart(t *testing.T) {
	texts := mustSet(t).Texts
	for _, lang := range Langs() {
		if yet, never := texts.T(lang, "desk.not_recorded_yet"), texts.T(lang, "desk.not_recorded"); yet == never {
			t.Errorf("in %q both are %q", lang, yet)
		}
	}
}
