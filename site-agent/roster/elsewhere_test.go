package roster_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/roster"
)

func TestARosterSaysWhereASessionIsHeld(t *testing.T) {
	site, err := sample.New(1, eight)
	if err != nil {
		t.Fatal(err)
	}
	page, err := site.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	class, tomorrow := site.Classes[0], uuid.New()
	there, err := exchange.NewItem(exchange.KindElsewhere, tomorrow[:], exchange.Elsewhere{Class: class.ID, Seq: 2, Start: eight.Add(24 * time.Hour),
		End: eight.Add(28 * time.Hour), Site: "Balai Lain", Room: "R2"})
	if err != nil {
		t.Fatal(err)
	}
	r := roster.New(site.Place)
	if err := r.Load(append(page.Items, there)); err != nil {
		t.Fatal(err)
	}
	now := eight.Add(24 * time.Hour)
	j, ok := r.JudgeManual(site.People[0].ID, models.DirectionAuto, now)
	_, o := r.DraftManual(j, roster.ManualCheckIn{})
	if !ok || o.Verdict != models.VerdictOtherSite || roster.GatesFor(nil, o) != "Balai Lain, R2" {
		t.Errorf("it answers %+v", o)
	}
	if today, next := r.Today(now), r.Next(now); len(today) != 0 || next.Sessions != 0 {
		t.Errorf("it counts as today's %+v, as next %+v", today, next)
	}
}
