package templates

import (
	"fmt"
	"html/template"

	"buktihadir/models"
)

// funcs are what a page may call. They know the page's language; nothing else
// about the request.
func (s *Set) funcs(lang Lang) template.FuncMap {
	f := s.Texts.Formats(lang)
	return template.FuncMap{
		"t":            func(key string, args ...any) string { return s.Texts.T(lang, key, args...) },
		"say":          func(t Text) string { return s.Texts.Say(lang, t) },
		"enum":         func(value any) (string, error) { return s.enum(lang, value) },
		"caseState":    func(k models.CaseKind, state models.CaseState) string { return s.Texts.T(lang, CaseStateKey(k, state)) },
		"langs":        Langs,
		"clock":        f.Clock,
		"clockSeconds": f.ClockSeconds,
		"hours":        f.Hours,
		"given":        f.Given,
		"date":         f.Date,
		"day":          f.Day,
		"datetime":     f.DateTime,
		"ago":          f.Ago,
		"number":       func(n any) (string, error) { return wholeNumber(f.Number, n) },
		"rupiah":       func(n any) (string, error) { return wholeNumber(f.Rupiah, n) },
		"percent":      f.Percent,
		"bytes":        f.Bytes,
		"mask":         mask,
		"asset":        s.Assets.URL,
		"icon":         s.Assets.icon,
		"version":      s.Assets.Version,
		"badge":        func(tone Tone, icon, key string) Badge { return Badge{Tone: tone, Icon: icon, Text: Say(key)} },
		"status":       StatusBadge,
		"tone":         VerdictTone,
		"nothing":      func(icon, title string) Empty { return Empty{Icon: icon, Title: Say(title)} },
		"progress": func(key string, done, total int64) Progress {
			return Progress{Label: Say(key), Done: done, Total: total}
		},
		"field":        func(name, label string) Field { return Field{Name: name, Label: Say(label), Kind: "text"} },
		"value":        func(v string, f Field) Field { f.Value = v; return f },
		"kind":         func(k string, f Field) Field { f.Kind = k; return f },
		"hint":         func(key string, f Field) Field { f.Hint = Say(key); return f },
		"problem":      func(t Text, f Field) Field { f.Problem = t; return f },
		"required":     func(f Field) Field { f.Required = true; return f },
		"rows":         func(n int, f Field) Field { f.Rows = n; return f },
		"options":      func(o []Option, f Field) Field { f.Options = o; return f },
		"autocomplete": func(v string, f Field) Field { f.Autocomplete = v; return f },
		"inputmode":    func(v string, f Field) Field { f.InputMode = v; return f },
		"accept":       func(v string, f Field) Field { f.Accept = v; return f },
	}
}

// enum names a value of one of the models' enumerations.
func (s *Set) enum(lang Lang, value any) (string, error) {
	key, err := enumKey(value)
	if err != nil {
		return "", err
	}
	return s.Texts.T(lang, key), nil
}

// CaseStateKey names the text that says how far a case is; what was decided is said in the
// words of its kind.
func CaseStateKey(kind models.CaseKind, state models.CaseState) string {
	if state == models.CaseConfirmed || state == models.CaseDismissed {
		return "case_state." + string(state) + "." + string(kind)
	}
	return "case_state." + string(state)
}

func enumKey(value any) (string, error) {
	area := ""
	switch value.(type) {
	case models.Phase:
		area = "phase"
	case models.Mode:
		area = "mode"
	case models.Rhythm:
		area = "rhythm"
	case models.Role:
		area = "role"
	case models.PersonRole:
		area = "person"
	case models.EnrollmentStatus:
		area = "enrollment"
	case models.SessionStatus:
		area = "session"
	case models.AgentStatus:
		area = "agent"
	case models.AttendanceStatus:
		area = "status"
	case models.CaseKind:
		area = "case"
	case models.CaseState:
		area = "case_state"
	case models.Verdict:
		area = "verdict"
	case models.Direction:
		area = "direction"
	case models.EventKind:
		area = "kind"
	case models.Method:
		area = "method"
	case models.Confidence:
		area = "confidence"
	case models.SpotOutcome:
		area = "spot"
	case models.Flag:
		area = "flag"
	case models.RequestKind:
		area = "request"
	case models.RequestState:
		area = "request_state"
	case models.Topic:
		area = "topic"
	case models.HoursRule:
		area = "hours_rule"
	case models.DocumentKind:
		area = "document"
	case models.Period:
		return fmt.Sprint("subscription.period_", value), nil
	default:
		return "", fmt.Errorf("enum: %T is not an enumeration of the models", value)
	}
	if text := fmt.Sprint(value); text != "" {
		return area + "." + text, nil
	}
	return area + ".none", nil
}

// wholeNumber lets pages write any width of integer.
func wholeNumber(write func(int64) string, n any) (string, error) {
	switch n := n.(type) {
	case int:
		return write(int64(n)), nil
	case int64:
		return write(n), nil
	case models.Rupiah:
		return write(int64(n)), nil
	case int32:
		return write(int64(n)), nil
	case uint32:
		return write(int64(n)), nil
	case uint64:
		if n <= 1<<62 {
			return write(int64(n)), nil
		}
	}
	return "", fmt.Errorf("number: %v (%T) is not a whole number", n, n)
}

// mask hides all but the last four characters of a number of a person.
func mask(s string) string {
	runes := []rune(s)
	for i := range runes {
		if len(runes) <= 4 || i < len(runes)-4 {
			runes[i] = '•'
		}
	}
	return string(runes)
}
