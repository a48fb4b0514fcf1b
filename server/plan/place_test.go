package plan_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
	"buktihadir/server/store"
)

func (f *fixture) site(code string) models.Site {
	f.T.Helper()
	s, err := f.Store.Read(f.T.Context()).SiteByCode(code)
	if err != nil {
		f.T.Fatal(err)
	}
	return s
}

// at is a session's present plan, at another site and room.
func (f *fixture) at(s models.Session, site models.Site, room, reason string) plan.Move {
	return plan.Move{Day: site.Zone.Date(s.StartsAt), Start: 8 * time.Hour, End: 12 * time.Hour, Site: site.ID, Room: room, Reason: reason}
}

func TestOneSessionIsHeldElsewhere(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Approve()
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A"))
		first, kupang := sessionsOf(t, o, "A")[0], o.site("KPG")
		plantest.WantRefusal(t, agreed(t, o, first, o.at(first, kupang, "R2", " ")), "plan.reason_needed")
		if err := agreed(t, o, first, o.at(first, kupang, "R2", "aula kebanjiran")); err != nil {
			t.Fatal(err)
		}
		list := sessionsOf(t, o, "A")
		if s := list[0]; s.SiteID != kupang.ID || s.StartsAt != models.LocalDate("2026-11-23").Start(models.ZoneWITA).Add(8*time.Hour) {
			t.Errorf("it is at %s from %s", s.SiteID, s.StartsAt.Time())
		}
		if o.Class("A").SiteID != o.site("BDG").ID || list[1].SiteID != o.site("BDG").ID {
			t.Error("the class or its other session went along")
		}
		versions, err := o.Store.Read(t.Context()).SessionVersions(first.ID)
		if err != nil || len(versions) != 1 || versions[0].SiteID != o.site("BDG").ID || versions[0].StartsAt != first.StartsAt {
			t.Errorf("kept of before: %+v, %v", versions, err)
		}
		if p := o.Places("A")[0]; len(p.Tickets) != 1 || p.Tickets[0].RevokedAt != 0 {
			t.Errorf("the ticket is %+v", p.Tickets)
		}
		last := o.History()
		if !slices.ContainsFunc(last, func(h models.HistoryEntry) bool { return h.Action == "session.move" && h.Reason == "aula kebanjiran" }) {
			t.Error("the history doesn't say why")
		}
		var elsewhere int64
		if err := o.DB.Model(&models.FeedItem{}).Where("site_id = ? AND kind = 9 AND body IS NOT NULL", o.site("BDG").ID).Count(&elsewhere).Error; err != nil || elsewhere != 1 {
			t.Errorf("%d sessions are elsewhere for the old site, %v", elsewhere, err)
		}
	})
}

func TestASessionGoesOnlyWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first, kupang := sessionsOf(t, o, "A")[0], o.site("KPG")
	out, err := o.TryMove(t.Context(), plantest.By(), first.ID, o.at(first, kupang, "R1", "")) // B's room
	if err != nil || len(out.Conflicts) != 1 || out.Conflicts[0].Kind != plan.ConflictRoom {
		t.Errorf("a room that is taken: %+v, %v", out.Conflicts, err)
	}
	if out, err = o.TryMove(t.Context(), plantest.By(), first.ID, o.at(first, kupang, "R2", "")); err != nil || len(out.Conflicts) != 0 {
		t.Errorf("a room beside it: %+v, %v", out.Conflicts, err)
	}
	o.Good(imports.KindSites, "kode;nama;alamat;kabupaten;kapasitas\nSML;Ruko;Jalan Kecil;32.73;1\nKPG;SMKN 3 Kupang;Jalan Perintis;53.71;3\n")
	_, err = o.TryMove(t.Context(), plantest.By(), first.ID, o.at(first, o.site("SML"), "", ""))
	plantest.WantRefusal(t, err, "session.site_too_small")
	if out, err = o.TryMove(t.Context(), plantest.By(), first.ID, o.at(first, o.site("KPG"), "R2", "")); err != nil ||
		len(out.Conflicts) != 1 || out.Conflicts[0].Kind != plan.ConflictCapacity {
		t.Errorf("a site that is too small for both: %+v, %v", out.Conflicts, err)
	}
	_, err = o.TryMove(t.Context(), plantest.By(), first.ID, plan.Move{Day: "2026-11-23", Start: 8 * time.Hour, End: 9 * time.Hour, Site: uuid.New()})
	plantest.WantRefusal(t, err, "session.bad_site")
	second := sessionsOf(t, o, "A")[1]
	out, err = o.TryMove(t.Context(), plantest.By(), second.ID, plan.Move{Day: "2026-11-23", Start: 13*time.Hour + 30*time.Minute, End: 15 * time.Hour, Site: kupang.ID})
	if err != nil || !hasWarning(out, plan.WarnTravel) {
		t.Errorf("half an hour from Bandung to Kupang: %+v, %v", out.Warnings, err)
	}
}

func TestAClassMovesForGood(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Approve()
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A")+plantest.Person(1, "A"))
		o.Now = models.LocalDate("2026-11-24").Start(models.ZoneWIB) // the first session is over
		class, kupang, bandung := o.Class("A"), o.site("KPG"), o.site("BDG")
		to := plan.ClassMove{Site: kupang.ID, Room: "R7", Reason: "gedung dijual"}
		row, err := o.MoveClass(t.Context(), plantest.By(), class.ID, to, plan.Check)
		if err != nil || len(row) != 1 || row[0].Seq != 2 || row[0].Day != "2026-11-24" {
			t.Fatalf("what would move: %+v, %v", row, err)
		}
		if o.Class("A").SiteID != bandung.ID {
			t.Fatal("the preview has moved it")
		}
		seen, err := o.MoveClass(t.Context(), plantest.By(), class.ID, to, plan.Apply)
		if !errors.Is(err, plan.ErrWarned) { // nobody can scan there
			t.Fatalf("unasked: %v", err)
		}
		to.Agreed = seen.Agreement()
		if _, err = o.MoveClass(t.Context(), plantest.By(), class.ID, to, plan.Apply); err != nil {
			t.Fatal(err)
		}
		list := sessionsOf(t, o, "A")
		if list[0].SiteID != bandung.ID || list[1].SiteID != kupang.ID || o.Class("A").SiteID != kupang.ID || list[1].Room != "R7" {
			t.Errorf("the class is at %s, its sessions are %+v", o.Class("A").SiteID, list)
		}
		if from := list[1].StartsAt; from != models.LocalDate("2026-11-24").Start(models.ZoneWITA).Add(8*time.Hour) {
			t.Errorf("its hours have changed to %s", from.Time())
		}
		for _, p := range o.Places("A") {
			if len(p.Tickets) != 1 || p.Tickets[0].RevokedAt != 0 {
				t.Errorf("%s has the tickets %+v", p.Name, p.Tickets)
			}
		}
		for _, site := range []models.Site{bandung, kupang} { // both have had it
			var people int64
			if err := o.DB.Model(&models.FeedItem{}).Where("site_id = ? AND kind = 5 AND body IS NOT NULL", site.ID).Count(&people).Error; err != nil || people < 3 {
				t.Errorf("%s knows %d people, %v", site.Code, people, err)
			}
		}
		if !slices.ContainsFunc(o.History(), func(h models.HistoryEntry) bool { return h.Action == "class.move" && h.Reason == to.Reason }) {
			t.Error("the history does not know")
		}
		_, err = o.MoveClass(t.Context(), plantest.By(), class.ID, to, plan.Check)
		plantest.WantRefusal(t, err, "move.same_site")
	})
}

func TestAClassThatCantMoveStaysWhereItIs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	class, kupang := o.Class("A"), o.site("KPG")
	_, err := o.MoveClass(t.Context(), plantest.By(), class.ID, plan.ClassMove{Site: kupang.ID}, plan.Apply)
	plantest.WantRefusal(t, err, "plan.reason_needed")
	row, err := o.MoveClass(t.Context(), plantest.By(), class.ID, plan.ClassMove{Site: kupang.ID, Room: "R1", Reason: "x"}, plan.Apply)
	if !errors.Is(err, plan.ErrConflicts) || len(row) != 2 || len(row[0].Conflicts) != 1 || len(row[1].Conflicts) != 0 {
		t.Errorf("into a room that is taken: %v, %+v", err, row)
	}
	other := uuid.New()
	if _, err = o.MoveClass(t.Context(), office.Actor{Name: "asing", Provider: &other}, class.ID, plan.ClassMove{Site: kupang.ID, Reason: "x"}, plan.Apply); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("by another institution: %v", err)
	}
	if err := o.DB.Create(&models.PilotProvince{PilotID: o.Pilot.ID, Province: "32"}).Error; err != nil {
		t.Fatal(err)
	}
	_, err = o.MoveClass(t.Context(), plantest.By(), class.ID, plan.ClassMove{Site: kupang.ID, Reason: "x"}, plan.Apply)
	plantest.WantRefusal(t, err, "plan.province_outside")
	if o.Class("A").SiteID == kupang.ID || sessionsOf(t, o, "A")[0].SiteID == kupang.ID {
		t.Error("it moved all the same")
	}
}

// What an export says of a session elsewhere is no change; another site is one, by the class's page.
func TestAFileWithASessionElsewhereChangesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := sessionsOf(t, o, "A")[0]
	if err := agreed(t, o, first, o.at(first, o.site("KPG"), "R2", "aula kebanjiran")); err != nil {
		t.Fatal(err)
	}
	const rest = "A,BAR,Barista,16,LPK,LPK Karya,BDG,2,2,2026-11-24,08:00,12:00,R1,P1,Pak Budi\n"
	rep := o.Good(imports.KindSchedule, plantest.ScheduleHead+"A,BAR,Barista,16,LPK,LPK Karya,KPG,2,1,2026-11-23,08:00,12:00,R2,P1,Pak Budi\n"+rest)
	if rep.Changed != 0 || rep.New != 0 || sessionsOf(t, o, "A")[0].SiteID != o.site("KPG").ID {
		t.Errorf("%+v", rep)
	}
	rep, err := o.Load(imports.KindSchedule, plantest.ScheduleHead+"A,BAR,Barista,16,LPK,LPK Karya,KPG,2,2,2026-11-24,08:00,12:00,R2,P1,Pak Budi\n")
	if err == nil || len(rep.Errors) != 1 || rep.Errors[0].Moves == nil || *rep.Errors[0].Moves != (imports.Moves{Class: o.Class("A").ID, Site: o.site("KPG").ID}) {
		t.Errorf("to another site: %+v, %v", rep.Errors, err)
	}
}
