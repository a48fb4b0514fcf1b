package subscription

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/figures"
	"buktihadir/server/mail"
	"buktihadir/server/office"
	"buktihadir/server/report"
	"buktihadir/server/store"
	"buktihadir/templates"
)

const (
	pollEvery = 15 * time.Second
	keepRuns  = 365 * 24 * time.Hour
	// mostRows is the largest number of rows of an attached file: people do not read a
	// longer list in a mail, and most mail servers reject larger files.
	mostRows = 20_000
	// mostBytes is the largest file: many mail servers take 10 MB, a third of which goes to
	// the encoding.
	mostBytes = 5 << 20
)

// Dispatcher sends what is due.
type Dispatcher struct {
	st     *store.Store
	set    *templates.Set
	log    *slog.Logger
	now    func() models.Millis
	public *url.URL
	most   int64 // rows of a file
}

// NewDispatcher makes a dispatcher; public is where people reach the server's pages.
func NewDispatcher(st *store.Store, set *templates.Set, log *slog.Logger, now func() models.Millis, public *url.URL) *Dispatcher {
	return &Dispatcher{st, set, log, now, public, mostRows}
}

// Run sends what is due until ctx ends. Failures are logged, and tried again.
func (d *Dispatcher) Run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if err := d.round(ctx); err != nil && ctx.Err() == nil {
			d.log.Error("subscriptions", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// round sends everything that is due. One that fails holds no other up.
func (d *Dispatcher) round(ctx context.Context) error {
	due, err := d.st.Read(ctx).SubscriptionsDue(d.now())
	for _, s := range due {
		if failed := d.send(ctx, s); failed != nil {
			err = errors.Join(err, fmt.Errorf("subscription %s: %w", s.ID, failed))
		}
	}
	return err
}

// send posts one mail for everything that has become due. The mail, the run and the next
// due time are one transaction, so a process that is killed before its end has not sent
// anything.
func (d *Dispatcher) send(ctx context.Context, s models.Subscription) error {
	due, next := Due(s.Repeat, s.NextAt, d.now())
	parcel, err := d.pack(ctx, s, due)
	if err != nil {
		return err
	}
	err = d.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Advance(s, next); err != nil {
			return err
		}
		if parcel.problem == "" {
			return parcel.post(tx, s, due)
		}
		if err := tx.SwitchSubscription(s.ID, false, parcel.problem, next); err != nil {
			return err
		}
		ended := office.Done{Action: "subscription.end", Entity: "subscription", ID: s.ID.String(), Detail: parcel.problem}
		return errors.Join(parcel.post(tx, s, due), office.Program("server").Record(tx, ended))
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil // another server was faster, or somebody has just changed it
	}
	return err
}

// SendNow posts a mail outside its times.
func (d *Dispatcher) SendNow(ctx context.Context, id uuid.UUID, by models.User) error {
	s, err := Find(d.st.Read(ctx), id, by)
	if err != nil {
		return err
	}
	at := d.now()
	parcel, err := d.pack(ctx, s, at)
	if err != nil {
		return err
	}
	if parcel.problem != "" {
		return office.Refuse("subscription.ended_" + parcel.problem)
	}
	return d.st.Write(ctx, func(tx *store.Tx) error {
		return errors.Join(parcel.post(tx, s, at), record(tx, by, "subscription.send", s, s.Name))
	})
}

// parcel is a mail that is ready to be posted, or the reason why there is none.
type parcel struct {
	letter  mail.Letter
	total   int64
	file    string // see models.SubscriptionRun
	problem string // for good: see the texts "subscription.ended_…"
}

func (p parcel) post(tx *store.Tx, s models.Subscription, due models.Millis) error {
	run := models.SubscriptionRun{SubscriptionID: s.ID, DueAt: due, Total: p.total, File: p.file, Problem: p.problem}
	if p.problem == "" {
		id, err := mail.Post(tx, p.letter)
		if err != nil {
			return err
		}
		run.MailID = &id
	}
	return tx.AddRun(run)
}

// pack makes the mail for a due time, by what its user may see now.
func (d *Dispatcher) pack(ctx context.Context, s models.Subscription, due models.Millis) (parcel, error) {
	q := d.st.Read(ctx)
	u, err := q.User(s.UserID)
	if err != nil {
		return parcel{}, err
	}
	list, ok := figures.ParseList(s.List)
	switch {
	case !mayGet(u):
		return parcel{problem: "user", file: "none"}, nil
	case mail.CheckAddress(u.Email) != nil:
		return parcel{problem: "address", file: "none"}, nil //nolint:nilerr // the parcel says it
	case !ok:
		return parcel{problem: "list", file: "none"}, nil
	}
	lang, scope := templates.Lang(s.Lang), account.ScopeOf(u).Provider()
	list = list.Within(s.Period, s.Zone.Date(due))
	facts, total, err := list.Summary(q, scope, d.set.Texts, lang)
	if err != nil {
		return parcel{}, err
	}
	p := parcel{total: total, file: "none"}
	date := d.set.Texts.Formats(lang).Day(s.Zone.Date(due))
	p.letter = mail.Letter{Address: u.Email, Name: u.Name, Subject: s.Name + " · " + date, User: &u}
	body := templates.Letter{Title: s.Name, Greeting: templates.Say("subscription.greeting", "Name", u.Name), Facts: facts,
		Paragraphs: []templates.Text{templates.Say("subscription.as_of", "At", d.set.Texts.Formats(lang).DateTime(d.now(), s.Zone))},
		Link:       d.address(list), LinkText: templates.Say("subscription.open"),
		Foot: templates.Say("subscription.foot", "Address", d.public.JoinPath("subscriptions", s.ID.String()).String())}
	if s.Format != "" {
		if p.letter.File, err = d.file(q, scope, list, s, total, s.Zone.Date(due)); err != nil {
			return parcel{}, err
		}
		if p.file = "attached"; p.letter.File == nil {
			p.file = "too_large"
			body.Paragraphs = append(body.Paragraphs, templates.Say("subscription.too_large"))
		}
	}
	p.letter.Text, p.letter.HTML, err = d.set.Letter(lang, body)
	return p, err
}

// address is where the page of a list is.
func (d *Dispatcher) address(l figures.List) string {
	path, query, _ := strings.Cut(l.Address(), "?")
	at := d.public.JoinPath(path)
	at.RawQuery = query
	return at.String()
}

// file is the list as a file; nil where it is too large to be sent.
func (d *Dispatcher) file(q store.Queries, scope *uuid.UUID, list figures.List, s models.Subscription, total int64, day models.LocalDate) (*mail.File, error) {
	if total > d.most {
		return nil, nil
	}
	var b bytes.Buffer
	format := report.Format(s.Format)
	if _, err := list.Write(q, scope, format, &b, d.set.Texts, templates.Lang(s.Lang)); err != nil {
		return nil, err
	}
	if b.Len() > mostBytes {
		return nil, nil
	}
	name := map[figures.Page]string{figures.Visits: "kehadiran", figures.Completing: "kelulusan"}[list.Page]
	return &mail.File{Name: fmt.Sprintf("%s-%s.%s", cmp.Or(name, "angka"), day, format), MediaType: format.MediaType(), Content: b.Bytes()}, nil
}

// Tidy forgets runs of a year ago.
func (d *Dispatcher) Tidy(ctx context.Context) error {
	return d.st.Write(ctx, func(tx *store.Tx) error { return tx.ForgetRuns(d.now().Add(-keepRuns)) })
}
