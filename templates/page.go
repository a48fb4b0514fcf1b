package templates

import (
	"net/url"
	"strings"

	"buktihadir/models"
)

// View is what Render takes: a Page, or a struct that embeds a Frame.
type View interface{ language() Lang }

// Page is a frame with the data of one page, reached in the page as .Body.
type Page[T any] struct {
	Frame
	Body T
}

// Frame is what layouts need, whatever the page shows. The zero value renders.
type Frame struct {
	Lang   Lang
	Title  Text
	URL    *url.URL // of the request: marks the current place and carries the language switch
	User   *User    // nil while nobody is signed in: no navigation then
	Nav    []NavGroup
	Crumbs []Crumb
	Flash  []Flash
	Zone   models.Zone   // in which times show unless a page says otherwise
	Now    models.Millis // the request's moment, for "5 minutes ago"
	Desk   *Desk         // agent pages only
	// Colours are what the visitor chose for this device.
	Colours Colours
	// Refresh, in seconds, reloads a page that works without scripts; 0 doesn't.
	Refresh int
}

// Colours are those of a page: as the system has them unless a visitor chose others.
type Colours string

// The colours.
const (
	AutoColours Colours = ""
	Light       Colours = "light"
	Dark        Colours = "dark"
)

// EveryColours lists them.
func (Frame) EveryColours() []Colours { return []Colours{AutoColours, Light, Dark} }

func (f Frame) language() Lang {
	if f.Lang == English {
		return English
	}
	return Indonesian
}

// Language is the language in which the frame is shown.
func (f Frame) Language() Lang { return f.language() }

// Here says whether a navigation target is the current page or above it.
func (f Frame) Here(href string) bool {
	if f.URL == nil {
		return false
	}
	if href == "/" {
		return f.URL.Path == "/"
	}
	return f.URL.Path == href || strings.HasPrefix(f.URL.Path, strings.TrimSuffix(href, "/")+"/")
}

// In is this page's address in another language, its query kept.
func (f Frame) In(lang Lang) string {
	if f.URL == nil {
		return "?lang=" + string(lang)
	}
	q := f.URL.Query()
	q.Set(langParam, string(lang))
	return (&url.URL{Path: f.URL.Path, RawQuery: q.Encode()}).String()
}

// User is who is signed in.
type User struct {
	Name  string
	Role  Text
	Scope string // the institution or site the user is limited to, if any
}

// NavGroup is a group of entries of the navigation. Without a title it is all of it.
type NavGroup struct {
	Title Text
	Items []NavItem
}

// NavItem is one entry of the navigation.
type NavItem struct {
	Href, Icon string
	Label      Text
}

// Crumb is one step above the current page. Name is data, shown as it is; Text is by key.
type Crumb struct {
	Href, Name string
	Text       Text
}

// Tone is the weight of a message, always shown with an icon beside its colour.
type Tone string

// The tones.
const (
	Good    Tone = "good"
	Warn    Tone = "warn"
	Bad     Tone = "bad"
	Note    Tone = "note"
	Neutral Tone = "neutral"
)

// Icon names the icon that stands for the tone.
func (t Tone) Icon() string {
	switch t {
	case Good:
		return "circle-check"
	case Warn:
		return "triangle-alert"
	case Bad:
		return "circle-x"
	case Note:
		return "info"
	case Neutral:
	}
	return "circle-dashed"
}

// Flash is a message about what the last request did.
type Flash struct {
	Tone Tone
	Text Text
}

// Desk is the state of a site's desk that its staff see on every page.
type Desk struct {
	Site     string
	Agent    string
	Unsent   int
	RosterAt models.Millis     // 0: no roster yet
	Stale    bool              // the roster is older than it should be
	Online   bool              // the last exchange with the server succeeded
	Disk     Text              // what to say of a disk that has little room; empty: nothing
	Alarm    string            // key of what somebody must be told of at once; empty: nothing
	Clock    models.Confidence // how far this machine's clock can be believed; empty: not shown
}
