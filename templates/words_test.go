package templates

import (
	"encoding/json"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"
)

// forms returns what the files of a language say for each key: one text, or one for
// each number.
func forms(t *testing.T, lang Lang) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range textFiles(t, lang) {
		for key, raw := range mustTexts(t, name) {
			var one string
			many := map[string]string{}
			if json.Unmarshal(raw, &one) == nil {
				many["other"] = one
			} else if err := json.Unmarshal(raw, &many); err != nil {
				t.Fatalf("%s: %s: %v", name, key, err)
			}
			all[key] = slices.Sorted(maps.Values(many))
		}
	}
	return all
}

func textFiles(t *testing.T, lang Lang) []string {
	t.Helper()
	names, err := fs.Glob(files, "texts/*."+string(lang)+".json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no texts in %q: %v", lang, err)
	}
	return names
}

func mustTexts(t *testing.T, name string) map[string]json.RawMessage {
	t.Helper()
	source, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]json.RawMessage
	if err := json.Unmarshal(source, &texts); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return texts
}

// word is a word that the interface has dropped. A pattern is matched without regard
// to case, outside of what a text fills in.
type word struct {
	pattern, instead string
	except           []string // keys, or families of keys that end with a dot or an underscore
}

// commandLine are the texts of the two programs' command lines and logs, whose
// readers know the names of the code.
var commandLine = []string{"cli.", "terminal.", "salvage.", "log.", "action.agent.", "bundle.error_", "bundle.invite_written", "bundle.invite_url",
	"bundle.requested", "bundle.reply_written", "clock.terminal"}

var dropped = map[Lang][]word{
	Indonesian: {
		{pattern: `kasus`, instead: "perkara"},
		{pattern: `pengawas`, instead: "penyelia"},
		{pattern: `absen(si)?`, instead: "presensi; alpa"},
		{pattern: `rekaman`, instead: "catatan, pindaian"},
		{pattern: `kejadian`, instead: "catatan"},
		{pattern: `(ter|di)?sinkron(kan|isasi)?`, instead: "Kirim dan terima sekarang"},
		{pattern: `ponsel|telepon`, instead: "HP, nomor HP"},
		{pattern: `bundel(nya)?`, instead: "berkas presensi", except: commandLine},
		{pattern: `undangan`, instead: "berkas pendaftaran", except: commandLine},
		{pattern: `tembok api`, instead: "firewall"},
		{pattern: `porta`, instead: "port"},
		{pattern: `surel(nya)?`, instead: "email"},
		{pattern: `peramban`, instead: "browser"},
		{pattern: `papan tik`, instead: "keyboard"},
		{pattern: `pencetak`, instead: "printer"},
		{pattern: `saringan(nya)?|penyaring(nya)?`, instead: "filter"},
		{pattern: `flash disk`, instead: "flashdisk"},
		{pattern: `kalau|bila`, instead: "jika"},
		{pattern: `dahulu`, instead: "dulu"},
		{pattern: `data (peserta|lokasi)`, instead: "daftar peserta", except: []string{"action.person.erase", "plan.person_erased"}}, // what is known of a person
		{pattern: `nomor (registrasi|peserta)`, instead: "nomor pendaftaran"},
		{pattern: `kelulusan`, instead: "penyelesaian"},
		{pattern: `sahkan|disahkan|kesampingkan|dikesampingkan|mengesampingkan|tepis|ditepis|vonis`, instead: "the words of the case's kind"},
		{pattern: `andaikan|diandaikan`, instead: "simulasi"},
		{pattern: `lokasi`, instead: "tempat pelatihan, komputer presensi", except: []string{"nav.crumbs"}}, // where one is among the pages
		{pattern: `agen`, instead: "komputer presensi", except: commandLine},
		{pattern: `pusat`, instead: "kantor program", except: commandLine},
		{pattern: `lakukan \(`, instead: "the deed itself"},
		{pattern: `menit lagi`, instead: "dalam … menit", except: []string{"pass.starts_in"}},
	},
	English: {
		{pattern: `reckon(s|ed|ing)?`, instead: "calculate"},
		{pattern: `mend(ed|s)?`, instead: "correct"},
		{pattern: `put right`, instead: "correct"},
		{pattern: `(take|takes|took|taken) in`, instead: "import"},
		{pattern: `(is|are) no`, instead: "isn't a"},
		{pattern: `enroll(s|ment|ments)?`, instead: "enrol, enrolment", except: commandLine},
		{pattern: `institutions?`, instead: "training provider"},
		{pattern: `stations?`, instead: "site computer"},
		{pattern: `training places?`, instead: "site"},
		{pattern: `e-mails?`, instead: "email"},
		{pattern: `invitations?`, instead: "enrolment file", except: commandLine},
		{pattern: `bundles?`, instead: "attendance file", except: commandLine},
		{pattern: `synchroni[sz]ed?`, instead: "Send and receive now"},
		{pattern: `overrid(e|es|den)`, instead: "admit with a supervisor's permission"},
		{pattern: `void(ed)?`, instead: "undo a record", except: []string{"kind."}},
		{pattern: `dismiss(ed)?`, instead: "the words of the case's kind"},
		{pattern: `missed too much|may miss`, instead: "missed too many sessions"},
		{pattern: `by hand`, instead: "manual", except: []string{"badge.by_hand"}}, // a line for handwriting
		{pattern: `key(ed)? in`, instead: "enter"},
		{pattern: `site-agents?`, instead: "site computer", except: append([]string{"service.", "bundle.invite_command"}, commandLine...)}, // the program's own name
		{pattern: `telephone|phone number`, instead: "mobile number"},
		{pattern: `do it`, instead: "the deed itself"},
		{pattern: `all the same`, instead: "anyway"},
		{pattern: `stands there|met the server|takes? home|how it stands|makes no sense`, instead: "plain English"},
	},
}

// alike says whether a key is one of the keys, or of one of the families.
func alike(key string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return key == name || (strings.HasSuffix(name, ".") || strings.HasSuffix(name, "_")) && strings.HasPrefix(key, name)
	})
}

var (
	filled   = regexp.MustCompile(`\{\{.*?\}\}`)
	harmless = strings.NewReplacer("there is no ", "", "there are no ", "", "no longer", "")
)

// whole matches the pattern where it is a word of its own.
func whole(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`(^|[^\pL.-])(` + pattern + `)($|\PL)`)
}

func TestNoTextHasADroppedWord(t *testing.T) {
	for lang, words := range dropped {
		patterns, all := make([]*regexp.Regexp, len(words)), make([]string, len(words))
		for i, w := range words {
			patterns[i], all[i] = whole(w.pattern), w.pattern
		}
		some := whole(strings.Join(all, "|"))
		for key, list := range forms(t, lang) {
			for _, text := range list {
				read := harmless.Replace(strings.ToLower(filled.ReplaceAllString(text, "…")))
				if !some.MatchString(read) {
					continue
				}
				for i, w := range words {
					if patterns[i].MatchString(read) && !alike(key, w.except) {
						t.Errorf("%s in %q has %q, which gave way to %q: %s", key, lang, w.pattern, w.instead, text)
					}
				}
			}
		}
	}
}

// A bare "tempat" is a site, a seat and an enrolment at once.
func TestTempatSaysWhichPlaceItIs(t *testing.T) {
	which := strings.NewReplacer("tempat pelatihan", "", "tempat tinggal", "", "nama tempat anda", "", "kelas tempat peserta didaftarkan", "",
		"di dua tempat", "", "tempat rahasia", "")
	bare := whole(`tempat(nya)?`)
	for key, list := range forms(t, Indonesian) {
		for _, text := range list {
			if bare.MatchString(which.Replace(strings.ToLower(text))) {
				t.Errorf("%s says a bare \"tempat\": %s", key, text)
			}
		}
	}
}

// notLabels are quoted words that no page of ours shows as a control.
var notLabels = map[string]string{
	"import.not_utf8": "a spreadsheet program's own name for a format",
	"clock.terminal":  "a time on a command line",
	"api.name_hint":   "an example of a name",
}

var quoted = regexp.MustCompile(`“([^”]*)”|"([^"]*)"|«([^»]*)»`)

func TestWhatATextQuotesIsALabel(t *testing.T) {
	for _, lang := range Langs() {
		texts := forms(t, lang)
		labels := map[string]bool{}
		for _, list := range texts {
			for _, text := range list {
				labels[strings.ToLower(text)] = true
			}
		}
		for key, list := range texts {
			for _, text := range list {
				for _, found := range quoted.FindAllStringSubmatch(text, -1) {
					label := found[1] + found[2] + found[3]
					if !labels[strings.ToLower(label)] && notLabels[key] == "" && !strings.Contains(label, "{{") {
						t.Errorf("%s in %q quotes %q, which nothing is called: %s", key, lang, label, text)
					}
				}
			}
		}
	}
}

func TestBothLanguagesFillInTheSame(t *testing.T) {
	texts := map[Lang]map[string][]string{Indonesian: forms(t, Indonesian), English: forms(t, English)}
	for key := range texts[Indonesian] {
		id, en := fields(t, key, texts[Indonesian][key]), fields(t, key, texts[English][key])
		if !maps.Equal(id, en) {
			t.Errorf("%s fills in %v in Indonesian, %v in English", key, slices.Sorted(maps.Keys(id)), slices.Sorted(maps.Keys(en)))
		}
	}
}

// fields are the values that the forms of a text mention.
func fields(t *testing.T, key string, list []string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, text := range list {
		parsed, err := template.New(key).Parse(text)
		if err != nil {
			t.Errorf("%s: %v", key, err)
		} else if parsed.Tree != nil {
			collect(parsed.Root, found)
		}
	}
	return found
}

func collect(node parse.Node, found map[string]bool) {
	branch := func(b *parse.BranchNode) {
		collect(b.Pipe, found)
		collect(b.List, found)
		if b.ElseList != nil {
			collect(b.ElseList, found)
		}
	}
	switch n := node.(type) {
	case *parse.ListNode:
		for _, each := range n.Nodes {
			collect(each, found)
		}
	case *parse.ActionNode:
		collect(n.Pipe, found)
	case *parse.PipeNode:
		for _, command := range n.Cmds {
			for _, argument := range command.Args {
				collect(argument, found)
			}
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.FieldNode:
		found[strings.Join(n.Ident, ".")] = true
	}
}
