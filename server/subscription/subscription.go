// Package subscription sends people the lists that they want to see regularly. A
// subscription names a page of figures by its address, how often it is sent and a file format; its
// mail says the figures of the page and carries the list, or links to it where it is too
// large.
//
// It goes to one user, at the address that they sign in with, and shows what they could
// see by signing in at that moment. A coordinator's mail is limited to their institution
// at the time of sending, and ends with their account. There are no other recipients, not
// even for the programme office: a person who should get figures gets an account, and so
// there is somebody who can end it. An admin may make a subscription for another user,
// within that user's rights.
//
// [Service] keeps subscriptions, [Dispatcher] sends what is due, [Next] is the calendar.
package subscription

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

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

// New is a subscription as somebody describes it.
type New struct {
	Name, List, Format string
	Period             models.Period
	models.Repeat
	Lang      templates.Lang
	Recipient uuid.UUID // nil: the user who asks
}

// mostEach is how many subscriptions a user may have.
const mostEach = 50

// Service manages subscriptions: users their own, and user managers all of them.
type Service struct{ st *store.Store }

// NewService makes a service on a store.
func NewService(st *store.Store) *Service { return &Service{st} }

// manages says that a user may keep other people's subscriptions.
func manages(u models.User) bool { return account.May(u.Role, account.ManageUsers) }

// Whose says whose subscriptions a user sees: nil for everybody's.
func Whose(u models.User) *uuid.UUID {
	if manages(u) {
		return nil
	}
	return &u.ID
}

// Find finds a subscription that the user may manage. Other users' subscriptions are not
// found.
func Find(q store.Queries, id uuid.UUID, by models.User) (models.Subscription, error) {
	s, err := q.Subscription(id)
	if err == nil && s.UserID != by.ID && !manages(by) {
		return models.Subscription{}, store.ErrNotFound
	}
	return s, err
}

func check(n *New) error {
	n.Name = strings.TrimSpace(n.Name)
	if c := utf8.RuneCountInString(n.Name); c == 0 || c > 120 {
		return office.RefuseField("name", "subscription.name_wrong")
	}
	n.Period = cmp.Or(n.Period, models.PeriodAll)
	list, ok := figures.ParseList(n.List)
	if !ok || len(n.List) > 2000 {
		return office.RefuseField("list", "subscription.list_wrong")
	}
	n.List = list.Address()
	switch n.Every {
	case models.EveryDay:
		n.Day = 0
	case models.EveryWeek, models.EveryMonth:
	}
	if !n.Valid() {
		return office.RefuseField("every", "subscription.repeat_wrong")
	}
	if n.Format != "" && n.Format != string(report.XLSX) && n.Format != string(report.CSV) || !slices.Contains(models.Periods(), n.Period) ||
		!slices.Contains(templates.Langs(), n.Lang) {
		return office.RefuseField("format", "subscription.repeat_wrong")
	}
	if list.Page != figures.Visits {
		n.Period = models.PeriodAll
	}
	return nil
}

// Add makes a subscription, which is due for the first time after now.
func (svc *Service) Add(ctx context.Context, n New, by models.User) (models.Subscription, error) {
	if err := check(&n); err != nil {
		return models.Subscription{}, err
	}
	s := models.Subscription{UserID: by.ID, Name: n.Name, List: n.List, Period: n.Period, Repeat: n.Repeat, Format: n.Format, Lang: string(n.Lang), Active: true,
		Author: by.Name}
	if n.Recipient != uuid.Nil && n.Recipient != by.ID {
		if !manages(by) {
			return s, office.RefuseField("recipient", "subscription.recipient_wrong")
		}
		s.UserID = n.Recipient
	}
	err := svc.st.Write(ctx, func(tx *store.Tx) (err error) {
		if s.ID, err = store.NewID(); err != nil {
			return err
		}
		if err := recipient(tx.Queries, s.UserID); err != nil {
			return err
		}
		own, err := tx.ListSubscriptions(&s.UserID, store.Slice{Limit: 1})
		if err != nil {
			return err
		}
		if own.Total >= mostEach {
			return office.RefuseField("name", "subscription.too_many", "Count", mostEach)
		}
		s.NextAt = Next(s.Repeat, tx.Now())
		if err := tx.AddSubscription(s); err != nil {
			return err
		}
		return record(tx, by, "subscription.add", s, s.List)
	})
	return s, err
}

// recipient says whether a user can get anything.
func recipient(q store.Queries, id uuid.UUID) error {
	u, err := q.User(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !mayGet(u) {
		return office.RefuseField("recipient", "subscription.recipient_wrong")
	}
	if err == nil && mail.CheckAddress(u.Email) != nil {
		return office.RefuseField("recipient", "subscription.no_address")
	}
	return err
}

// mayGet says whether a user may get lists at all.
func mayGet(u models.User) bool {
	return u.Standing() != "" && account.May(u.Role, account.ExportAttendance)
}

// Pause lets a subscription rest.
func (svc *Service) Pause(ctx context.Context, id uuid.UUID, by models.User) error {
	return svc.change(ctx, id, "subscription.off", by, func(tx *store.Tx, s models.Subscription) error {
		return tx.SwitchSubscription(id, false, "", s.NextAt)
	})
}

// Resume lets a subscription continue. Mails that were missed in the pause are not sent.
func (svc *Service) Resume(ctx context.Context, id uuid.UUID, by models.User) error {
	return svc.change(ctx, id, "subscription.on", by, func(tx *store.Tx, s models.Subscription) error {
		if err := recipient(tx.Queries, s.UserID); err != nil {
			return err
		}
		return tx.SwitchSubscription(id, true, "", Next(s.Repeat, tx.Now()))
	})
}

// Remove deletes a subscription.
func (svc *Service) Remove(ctx context.Context, id uuid.UUID, by models.User) error {
	return svc.change(ctx, id, "subscription.remove", by, func(tx *store.Tx, _ models.Subscription) error { return tx.DropSubscription(id) })
}

// SendAgain puts the mail of a failed run back in the outbox.
func (svc *Service) SendAgain(ctx context.Context, id, run uuid.UUID, by models.User) error {
	return svc.change(ctx, id, "subscription.again", by, func(tx *store.Tx, _ models.Subscription) error {
		r, err := tx.Run(id, run)
		if err != nil {
			return err
		}
		if r.MailID == nil {
			return store.ErrNotFound
		}
		return tx.MailAgain(*r.MailID)
	})
}

func (svc *Service) change(ctx context.Context, id uuid.UUID, action string, by models.User, change func(*store.Tx, models.Subscription) error) error {
	return svc.st.Write(ctx, func(tx *store.Tx) error {
		s, err := Find(tx.Queries, id, by)
		if err != nil {
			return err
		}
		if err := change(tx, s); err != nil {
			return err
		}
		return record(tx, by, action, s, s.Name)
	})
}

func record(tx *store.Tx, by models.User, action string, s models.Subscription, detail string) error {
	return office.User(by).Record(tx, office.Done{Action: action, Entity: "subscription", ID: s.ID.String(), Detail: detail})
}
