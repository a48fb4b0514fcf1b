package templates

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"buktihadir/models"
)

// Lang is a language of the interface.
type Lang string

// The languages; Indonesian is what a visitor gets without asking.
const (
	Indonesian Lang = "id"
	English    Lang = "en"
)

// Langs lists every language.
func Langs() []Lang { return []Lang{Indonesian, English} }

// Name is the language's name in itself.
func (l Lang) Name() string {
	if l == English {
		return "English"
	}
	return "Bahasa Indonesia"
}

const (
	langParam  = "lang"
	langCookie = "lang"
)

// ChooseLang returns the visitor's language: the one that ?lang asks for, which
// a cookie then keeps, else the kept one, else Indonesian. The browser's own
// list is not asked: phones sold with English menus are the rule.
func ChooseLang(w http.ResponseWriter, r *http.Request) Lang {
	if asked := Lang(r.URL.Query().Get(langParam)); asked == Indonesian || asked == English {
		http.SetCookie(w, &http.Cookie{ //nolint:gosec // a language is no secret; Secure where the page is
			Name: langCookie, Value: string(asked), Path: "/", HttpOnly: true, Secure: r.TLS != nil,
			SameSite: http.SameSiteLaxMode, MaxAge: int((365 * 24 * time.Hour).Seconds())})
		return asked
	}
	if c, err := r.Cookie(langCookie); err == nil && Lang(c.Value) == English {
		return English
	}
	return Indonesian
}

// Text is a text by key, with the named values that it mentions. Count chooses
// between one and many.
type Text struct {
	Key  string
	Args []any // name, value, name, value, ...
}

// Say makes a text by key: Say("import.done", "Count", 200).
func Say(key string, args ...any) Text { return Text{Key: key, Args: args} }

// Empty says that there is nothing to show.
func (t Text) Empty() bool { return t.Key == "" }

// Texts are all texts of the interface.
type Texts struct {
	langs map[Lang]*i18n.Localizer
	keys  map[Lang]map[string]bool
}

func newTexts(tree fs.FS) (*Texts, error) {
	bundle := i18n.NewBundle(language.Indonesian)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	texts := &Texts{langs: map[Lang]*i18n.Localizer{}, keys: map[Lang]map[string]bool{}}
	for _, lang := range Langs() {
		names, err := fs.Glob(tree, "texts/*."+string(lang)+".json")
		if err != nil {
			return nil, fmt.Errorf("list texts: %w", err)
		}
		texts.langs[lang] = i18n.NewLocalizer(bundle, string(lang))
		texts.keys[lang] = map[string]bool{}
		for _, name := range names {
			file, err := bundle.LoadMessageFileFS(tree, name)
			if err != nil {
				return nil, fmt.Errorf("texts %s: %w", name, err)
			}
			for _, m := range file.Messages {
				if texts.keys[lang][m.ID] {
					return nil, fmt.Errorf("texts %s: key %q is given twice", name, m.ID)
				}
				texts.keys[lang][m.ID] = true
			}
		}
	}
	return texts, nil
}

// Has reports whether there is a text of a key.
func (x *Texts) Has(key string) bool { return x.keys[Indonesian][key] }

// T returns the text of a key. A key without a text shows between brackets, for
// a page is better with a hole in it than not shown.
func (x *Texts) T(lang Lang, key string, args ...any) string {
	text, err := x.find(lang, key, args)
	if err != nil {
		return "⟦" + key + "⟧"
	}
	return text
}

// Say returns the text t in a language.
func (x *Texts) Say(lang Lang, t Text) string {
	if t.Empty() {
		return ""
	}
	return x.T(lang, t.Key, t.Args...)
}

// Named gives a text's arguments with the names of what they hold by code: a phase, a
// number of a policy.
func (x *Texts) Named(lang Lang, args []any) []any {
	named := slices.Clone(args)
	for i, arg := range named {
		switch code := arg.(type) {
		case models.Phase:
			named[i] = x.T(lang, "phase."+string(code))
		case models.PolicyField:
			named[i] = x.T(lang, "policy."+string(code))
		}
	}
	return named
}

var errNoText = errors.New("no text")

func (x *Texts) find(lang Lang, key string, args []any) (string, error) {
	if !x.keys[lang][key] {
		return "", fmt.Errorf("key %q: %w in %q", key, errNoText, lang)
	}
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		data[fmt.Sprint(args[i])] = args[i+1]
		if span, ok := args[i+1].(models.Minutes); ok {
			data[fmt.Sprint(args[i])] = x.Formats(lang).Lasting(int(span))
		}
	}
	count := data["Count"]
	if many, err := wholeNumber(x.Formats(lang).Number, count); err == nil {
		data["Count"] = many
	}
	config := &i18n.LocalizeConfig{MessageID: key, TemplateData: data, PluralCount: count}
	text, err := x.langs[lang].Localize(config)
	if err != nil { // a text with one form serves every number
		config.PluralCount = nil
		text, err = x.langs[lang].Localize(config)
	}
	if err != nil {
		return "", fmt.Errorf("key %q: %w", key, err)
	}
	return text, nil
}
