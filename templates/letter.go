package templates

import (
	"fmt"
	"strings"
)

// Letter is what an e-mail says, once as text and once as HTML.
type Letter struct {
	Title      string // data, shown as it is
	Greeting   Text
	Paragraphs []Text
	Facts      []Fact
	Link       string // where to go on; empty: nowhere
	LinkText   Text
	Foot       Text // why somebody gets this
}

// Fact is one figure with what it counts: Plain is data, Label is by key.
type Fact struct {
	Label Text
	Plain string
	Value string
}

// Letter writes a letter in a language.
func (s *Set) Letter(lang Lang, l Letter) (text, html string, err error) {
	var page strings.Builder
	if err := s.RenderPart(&page, "mail/letter", "layout", Page[Letter]{Frame: Frame{Lang: lang}, Body: l}); err != nil {
		return "", "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", l.Title)
	for _, t := range append([]Text{l.Greeting}, l.Paragraphs...) {
		if !t.Empty() {
			fmt.Fprintf(&b, "%s\n\n", s.Texts.Say(lang, t))
		}
	}
	for _, f := range l.Facts {
		fmt.Fprintf(&b, "%s: %s\n", s.factName(lang, f), f.Value)
	}
	if l.Link != "" {
		fmt.Fprintf(&b, "\n%s: %s\n", s.Texts.Say(lang, l.LinkText), l.Link)
	}
	fmt.Fprintf(&b, "\n-- \n%s\n", s.Texts.Say(lang, l.Foot))
	return b.String(), page.String(), nil
}

func (s *Set) factName(lang Lang, f Fact) string {
	if f.Label.Empty() {
		return f.Plain
	}
	return s.Texts.Say(lang, f.Label)
}
