package mail_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/scripts/e2e/postoffice"
	"buktihadir/server/imports"
	"buktihadir/server/mail"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
	"buktihadir/server/privacy"
)

// Class A meets on the 23rd and the 24th at eight, class B on the 23rd.
func TestPeopleAreRemindedOnceOnTheDayBeforeASession(t *testing.T) {
	t.Parallel()
	plantest.OnBoth(t, func(t *testing.T, o *plantest.Office) {
		o.Approve()
		o.Good(imports.KindParticipants, "number,nik,name,email,class_code\n"+
			"REG-0,"+plantest.NIK(0)+",Siti,siti@contoh.id,A\nREG-1,"+plantest.NIK(1)+",Budi,,A\n"+
			"REG-2,"+plantest.NIK(2)+",Ani,ani@contoh.id,B\nREG-3,"+plantest.NIK(3)+",Eko,eko@contoh.id,B\n")
		if _, err := o.IssuePilotTickets(t.Context(), plantest.By(), o.Pilot.ID); err != nil {
			t.Fatal(err)
		}
		people := privacy.New(o.Store)
		if err := people.SetReminders(t.Context(), o.Participant(3).ID, false); err != nil { // Eko wants none
			t.Fatal(err)
		}
		r := mail.NewReminder(o.Store, slog.New(slog.DiscardHandler), func() models.Millis { return o.Now }, func(x mail.Reminding) mail.Letter {
			return mail.Letter{Subject: x.ClassCode, Text: x.Site.Name + x.Link}
		})
		at := func(day models.LocalDate, hour int, want ...string) {
			t.Helper()
			o.Now = day.Start(models.ZoneWIB).Add(time.Duration(hour) * time.Hour)
			if err := errors.Join(r.Remind(t.Context()), r.Remind(t.Context())); err != nil {
				t.Fatal(err)
			}
			var sent []string
			if err := o.DB.Model(&models.Mail{}).Order("created_at, subject, address").Pluck("address", &sent).Error; err != nil {
				t.Fatal(err)
			}
			if len(sent) != len(want) {
				t.Fatalf("on %s at %d o'clock %q are sent, want %q", day, hour, sent, want)
			}
		}
		at("2026-11-22", 7)
		at("2026-11-22", 9, "siti@contoh.id", "ani@contoh.id")
		at("2026-11-23", 5, "siti@contoh.id", "ani@contoh.id")
		sessions, err := o.Store.Read(t.Context()).SessionsOf(o.Class("A").ID)
		if err != nil {
			t.Fatal(err)
		}
		agree := func(change func(ctx context.Context, by office.Actor, id uuid.UUID, reason, agreed string) (plan.Outcome, error)) {
			t.Helper()
			out, err := change(t.Context(), plantest.By(), sessions[1].ID, "libur", "")
			if errors.Is(err, plan.ErrWarned) {
				_, err = change(t.Context(), plantest.By(), sessions[1].ID, "libur", out.Agreement())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		agree(o.CancelSession)
		at("2026-11-23", 9, "siti@contoh.id", "ani@contoh.id") // nobody is reminded of what is cancelled
		agree(o.RestoreSession)
		at("2026-11-23", 9, "siti@contoh.id", "ani@contoh.id", "siti@contoh.id")
		if err := people.SetReminders(t.Context(), o.Participant(3).ID, true); err != nil {
			t.Fatal(err)
		}
		at("2026-11-24", 7, "siti@contoh.id", "ani@contoh.id", "siti@contoh.id") // too late to be of use
	})
}

func TestALetterThatComesTooLateIsNotSent(t *testing.T) {
	t.Parallel()
	d, p := newDesk(t, ""), postoffice.New(t, mail.Plain, "localhost")
	l := letter("siti@contoh.id")
	l.NotAfter = d.now
	inTime := d.post(l)
	d.ok(d.sender(p.Server).Send(t.Context()))
	late := d.post(l)
	d.now++
	d.ok(d.sender(p.Server).Send(t.Context()))
	if len(p.Letters()) != 1 || d.mail(inTime).State != models.DeliveryDone || d.mail(late).State != models.DeliveryDead {
		t.Errorf("%d letters; %s, %s", len(p.Letters()), d.mail(inTime).State, d.mail(late).State)
	}
}
