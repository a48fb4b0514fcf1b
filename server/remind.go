package main

import (
	"net/url"

	"buktihadir/server/mail"
	"buktihadir/templates"
)

// reminders writes the letters that remind of sessions: in Indonesian, as the links are sent.
func reminders(set *templates.Set, public *url.URL) func(mail.Reminding) mail.Letter {
	return func(x mail.Reminding) mail.Letter {
		link := public.JoinPath("t", x.Link)
		args := []any{"Name", x.Name, "Course", x.CourseTitle, "Class", x.ClassCode, "Number", x.Session.Seq, "Site", x.Site.Name, "Address", x.Site.Address,
			"When", set.Texts.Formats(templates.Indonesian).DateTime(x.Session.StartsAt, x.Site.Zone), "Link", link.String(), "Off", link.JoinPath("data").String()}
		return mail.Letter{Subject: set.Texts.T(templates.Indonesian, "reminder.subject", args...), Text: set.Texts.T(templates.Indonesian, "reminder.text", args...)}
	}
}
