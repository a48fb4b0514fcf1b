package main

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"sync"

	"buktihadir/server/mail"
	"buktihadir/server/store"
	"buktihadir/server/subscription"
	"buktihadir/server/webhook"
	"buktihadir/templates"
)

// outgoing is what leaves the server by itself: messages to other systems, and mail.
type outgoing struct {
	hooks  *webhook.Sender
	mails  *mail.Sender
	lists  *subscription.Dispatcher
	remind *mail.Reminder
	mailOn bool
}

func (s *serveCmd) outgoing(a *app, st *store.Store, set *templates.Set, log *slog.Logger, networks webhook.Networks, public *url.URL) (*outgoing, error) {
	server, err := s.Mail.server()
	if err != nil {
		return nil, err
	}
	o := &outgoing{hooks: webhook.NewSender(st, log, a.Now, networks), lists: subscription.NewDispatcher(st, set, log, a.Now, public), mailOn: server.On()}
	o.remind = mail.NewReminder(st, log, a.Now, reminders(set, public))
	o.mails, err = mail.NewSender(st, log, a.Now, server)
	return o, err
}

// run sends until ctx ends; the group then waits for work in progress. Without a mail
// server it does not make lists either; otherwise all of them would be sent on the day
// that a server is set up.
func (o *outgoing) run(ctx context.Context, group *sync.WaitGroup) {
	group.Go(func() { o.hooks.Run(ctx) })
	if o.mailOn {
		group.Go(func() { o.mails.Run(ctx) })
		group.Go(func() { o.lists.Run(ctx) })
		group.Go(func() { o.remind.Run(ctx) })
	}
}

// tidy forgets what was sent long ago.
func (o *outgoing) tidy(ctx context.Context) error {
	return errors.Join(o.hooks.Tidy(ctx), o.mails.Tidy(ctx), o.lists.Tidy(ctx))
}
