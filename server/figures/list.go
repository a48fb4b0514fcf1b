package figures

import (
	"io"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// Page is the path of a page that shows figures, or a list behind one.
type Page string

// The pages.
const (
	Overview   Page = "/"
	ByKey      Page = "/figures"
	Completing Page = "/progress"
	Visits     Page = "/attendance"
)

// List is the content of such a page, as its address says. Fields that belong to another
// page are empty.
type List struct {
	Page     Page
	Dim      models.Dimension // of ByKey and Visits
	Key      string
	Measure  models.Measure
	From, To models.LocalDate
	Sort     string
	Standing Standing
}

// ParseList reads a page's address and ignores unknown parts. It is false if the address
// is not of such a page.
func ParseList(address string) (List, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host != "" || u.Scheme != "" {
		return List{}, false
	}
	l, q := List{Page: Page(u.Path)}, u.Query()
	dim := models.Dimension(q.Get("by"))
	switch l.Page {
	case Overview:
	case ByKey:
		if l.Dim = models.ByProvince; slices.Contains(models.Dimensions(), dim) {
			l.Dim = dim
		}
		if _, ok := Orders()[q.Get("sort")]; ok {
			l.Sort = q.Get("sort")
		}
	case Completing:
		if l.Standing = StandingLost; slices.Contains(Standings(), Standing(q.Get("standing"))) {
			l.Standing = Standing(q.Get("standing"))
		}
	case Visits:
		if slices.Contains(models.Dimensions(), dim) {
			l.Dim, l.Key = dim, q.Get("key")
		}
		l.Measure = models.Measure(q.Get("what"))
		l.From, l.To = date(q.Get("from")), date(q.Get("to"))
	default:
		return List{}, false
	}
	return l, true
}

func date(text string) models.LocalDate {
	d, err := models.ParseLocalDate(text)
	if err != nil {
		return ""
	}
	return d
}

// Address is the page's address; ParseList reads it back.
func (l List) Address() string {
	q := url.Values{}
	for name, value := range map[string]string{"by": string(l.Dim), "key": l.Key, "what": string(l.Measure), "from": string(l.From), "to": string(l.To),
		"sort": l.Sort, "standing": string(l.Standing)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return (&url.URL{Path: string(l.Page), RawQuery: q.Encode()}).String()
}

// Title is the page's name.
func (l List) Title() templates.Text {
	return templates.Say(map[Page]string{Overview: "overview.title", ByKey: "figures.title", Completing: "progress.title", Visits: "visits.title"}[l.Page])
}

// Within limits the sessions of a list of attendances to a period, seen from a day.
func (l List) Within(p models.Period, day models.LocalDate) List {
	if l.Page != Visits {
		return l
	}
	switch p {
	case models.PeriodToday:
		l.From, l.To = day, day
	case models.PeriodYesterday:
		l.From, l.To = day.AddDays(-1), day.AddDays(-1)
	case models.PeriodWeek:
		l.From, l.To = day.AddDays(-7), day.AddDays(-1)
	case models.PeriodMonth:
		if !day.Valid() {
			return l
		}
		l.To = (day[:8] + "01").AddDays(-1)
		l.From = l.To[:8] + "01"
	case models.PeriodAll:
	}
	return l
}

func (l List) filter(provider *uuid.UUID) store.VisitFilter {
	return store.VisitFilter{Provider: provider, Dim: l.Dim, Key: l.Key, Measure: l.Measure, From: l.From, To: l.To}
}

// dim is the dimension of a list's table: of the overview, provinces.
func (l List) dim() models.Dimension {
	if l.Page == Overview {
		return models.ByProvince
	}
	return l.Dim
}

// lines are a list's table, sorted as the page sorts it.
func (l List) lines(q store.Queries, provider *uuid.UUID) ([]Line, error) {
	lines, err := Lines(q, provider, l.dim())
	if order, ok := Orders()[l.Sort]; ok {
		slices.SortStableFunc(lines, order)
	}
	return lines, err
}

// Write writes the list, all of it, and says how many rows there are.
func (l List) Write(q store.Queries, provider *uuid.UUID, format report.Format, w io.Writer, texts *templates.Texts, lang templates.Lang) (int, error) {
	say := func(key string) string { return texts.T(lang, key) }
	switch l.Page {
	case Visits:
		return WriteVisits(q, l.filter(provider), format, w, say)
	case Completing:
		lines, _, err := Progress(q, provider, l.Standing)
		if err != nil {
			return 0, err
		}
		return len(lines), writeProgress(lines, format, w, say)
	case Overview, ByKey:
	}
	lines, err := l.lines(q, provider)
	if err != nil {
		return 0, err
	}
	return len(lines), writeLines(lines, format, w, texts, lang)
}
