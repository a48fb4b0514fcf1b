package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/models/ledger"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/store"
)

func (c *class) export(scope store.Scope) []byte {
	c.t.Helper()
	var out bytes.Buffer
	c.ok(c.st.ExportLog(c.t.Context(), scope, "test", ledger.NewWriter(&out)))
	return out.Bytes()
}

func (c *class) verify(export []byte, key string) ledger.Verdict {
	c.t.Helper()
	v, err := ledger.Verify(bytes.NewReader(export), key)
	c.ok(err)
	return v
}

// aBusyDay has a bit of everything that an export holds.
func (c *class) aBusyDay() *book {
	b := c.agent("meja").saw(0, nil).saw(1, nil).saw(1, func(e *journal.Event) { e.Kind, e.Verdict = models.EventOut, models.VerdictAcceptedOut })
	b.saw(2, func(e *journal.Event) { e.Kind = "tomorrow" }).saw(2, nil)
	b.saw(0, func(e *journal.Event) { e.Kind, e.Verdict, e.Target = models.EventVoid, "", 1 })
	b.tell()
	c.correct(1, models.StatusSick)
	other := c.agent("meja 2").saw(0, nil)
	other.tell()
	return b
}

//survives:hand An auditor wants proof | An export is proven without the database
func TestAnExportIsProvenWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.aBusyDay()
		for name, scope := range map[string]store.Scope{"all": {}, "a class": {Class: c.session.ClassID}} {
			export := c.export(scope)
			v := c.verify(export, "")
			if len(v.Differences) > 0 || v.Events != 7 || v.Corrections != 1 || v.Journals != 2 || v.Results == 0 {
				t.Errorf("%s: %+v", name, v)
			}
			for _, secret := range []string{"3273", "REG-", "+62"} {
				if bytes.Contains(export, []byte(secret)) {
					t.Errorf("%s: the export holds %q", name, secret)
				}
			}
		}
		pilot, err := c.st.Read(t.Context()).PilotByCode("UJI")
		c.ok(err)
		policy := models.DefaultPolicy()
		policy.CheckOut = false
		by := office.Actor{Name: "test"}
		shift, _ := errors.AsType[*plan.WouldShift](plan.New(c.st).SetPolicy(t.Context(), by, pilot.ID, policy))
		if shift == nil || shift.Results != 2 {
			t.Fatalf("the rules change %+v, want two results", shift)
		}
		c.ok(plan.New(c.st).SetPolicy(t.Context(), by.Agreeing(shift.Agreement), pilot.ID, policy))
		if found := c.check(); len(found) > 0 {
			t.Errorf("after the rules were changed: %v", found)
		}
		c.agent("baru") // has reported nothing yet: what was closed stays closed
		if v := c.verify(c.export(store.Scope{}), ""); len(v.Differences) > 0 || len(c.check()) > 0 {
			t.Errorf("after a new agent came: %+v, %v", v, c.check())
		}
	})
}

// whoHoldsTheFile changes an export's lines.
func whoHoldsTheFile() []struct {
	name string
	what ledger.Finding
	part bool // holds for a part of the log too
	edit func(lines []string) []string
} {
	type row = struct {
		name string
		what ledger.Finding
		part bool
		edit func(lines []string) []string
	}
	nth := func(lines []string, kind string, n int) int {
		for i, l := range lines {
			if strings.HasPrefix(l, `{"`+kind+`"`) {
				if n--; n == 0 {
					return i
				}
			}
		}
		return 0
	}
	change := func(kind string, n int, f func(l *ledger.Line)) func([]string) []string {
		return func(lines []string) []string {
			i := nth(lines, kind, n)
			l, err := ledger.ParseLine([]byte(lines[i]))
			if err != nil {
				return nil
			}
			f(&l)
			b, err := json.Marshal(l)
			if err != nil {
				return nil
			}
			lines[i] = string(b)
			return lines
		}
	}
	drop := func(kind string, n int) func([]string) []string {
		return func(lines []string) []string { i := nth(lines, kind, n); return slices.Delete(lines, i, i+1) }
	}
	return []row{
		{"an event's bytes are edited", ledger.FoundRecord, true, change("event", 2, func(l *ledger.Line) { l.Event.Bytes[len(l.Event.Bytes)-1] ^= 1 })},
		{"an event is replaced by one that is well formed", ledger.FoundRecord, true, change("event", 1, func(l *ledger.Line) {
			e, _ := journal.Decode(l.Event.Bytes) // written by the export under test
			e.Verdict = models.VerdictTooEarly
			l.Event.Bytes, _ = e.Bytes()
		})},
		{"an event is deleted", ledger.FoundChain, false, drop("event", 2)},
		{"the last event is deleted", ledger.FoundMissing, false, drop("event", 7)},
		{"an event that counts is deleted from a part", ledger.FoundResult, true, drop("event", 2)},
		{"an event stands twice", ledger.FoundOrder, true, func(l []string) []string { i := nth(l, "event", 2); return slices.Insert(l, i, l[i]) }},
		{"two events change places", ledger.FoundOrder, true, func(l []string) []string { i := nth(l, "event", 2); l[i], l[i+1] = l[i+1], l[i]; return l }},
		{"an event is given to another person", ledger.FoundPerson, true,
			change("event", 2, func(l *ledger.Line) { x := *l.Event.Enrollment; x[0] ^= 1; l.Event.Enrollment = &x })},
		{"an event's corrected time is edited", ledger.FoundClock, true, change("event", 2, func(l *ledger.Line) { l.Event.Corrected -= 3_600_000 })},
		{"an event no longer counts", ledger.FoundResult, true, change("event", 2, func(l *ledger.Line) { l.Event.Quarantine = "x" })},
		{"a leaf or proof is edited", ledger.FoundRecord, true, change("event", 2, func(l *ledger.Line) {
			if l.Event.Leaf != nil {
				l.Event.Leaf[0] ^= 1
			} else {
				l.Event.Proof[0][0] ^= 1
			}
		})},
		{"a correction is edited", ledger.FoundRecord, true, change("correction", 1, func(l *ledger.Line) { l.Correction.Said.Status = models.StatusPresent })},
		{"a correction is deleted", ledger.FoundResult, true, drop("correction", 1)},
		{"a result is edited", ledger.FoundResult, true, change("result", 1, func(l *ledger.Line) { l.Result.Minutes += 60 })},
		{"a result is deleted", ledger.FoundResultGone, true, drop("result", 1)},
		{"a session's times are edited", ledger.FoundUnsealed, true, change("session", 1, func(l *ledger.Line) { l.Session.End += 60_000 })},
		{"the rules are edited", ledger.FoundUnsealed, true, change("session", 1, func(l *ledger.Line) { l.Session.Policy.LateAfter = 200 })},
		{"a session is deleted", ledger.FoundNoSession, true, drop("session", 1)},
		{"a journal's receipt is deleted", ledger.FoundReceipt, true, drop("journal", 1)},
		{"a receipt is edited", ledger.FoundOtherKey, true, change("journal", 1, func(l *ledger.Line) { l.Journal.Receipt = l.Journal.Receipt[1:] })},
		{"the end is cut off", ledger.FoundCut, true, func(l []string) []string { return l[:len(l)-3] }},
		{"a line is cut in half", ledger.FoundUnreadable, true, func(l []string) []string { l[3] = l[3][:len(l[3])/2]; return l }},
		{"a line is added", ledger.FoundUnsealed, true, func(l []string) []string {
			return slices.Insert(l, len(l)-1, `{"ticket":{"id":"0000000000000001","revoked_at":5}}`)
		}},
		{"something follows the seal", ledger.FoundUnreadable, true, func(l []string) []string { return append(l, l[1]) }},
		{"the head is edited", ledger.FoundOtherKey, true, change("header", 1,
			func(l *ledger.Line) { l.Header.Head = strings.Replace(l.Header.Head, "\n8\n", "\n7\n", 1) })},
		{"the seal is taken from another export", ledger.FoundOtherKey, true, change("seal", 1, func(l *ledger.Line) { l.Seal.Note = l.Seal.Note[1:] })},
		{"it is called a part", ledger.FoundRecord, false, change("header", 1, func(l *ledger.Line) { l.Header.Whole = false })},
	}
}

//survives:hand Somebody changes an export | The check names what was changed
func TestWhatIsChangedInAnExportIsNamed(t *testing.T) {
	t.Parallel()
	c := newClass(t, database.SQLite(t))
	c.aBusyDay()
	for scopeName, scope := range map[string]store.Scope{"all": {}, "a class": {Class: c.session.ClassID}} {
		export := strings.TrimSuffix(string(c.export(scope)), "\n")
		for _, x := range whoHoldsTheFile() {
			if !x.part && scope != (store.Scope{}) {
				continue
			}
			t.Run(scopeName+"/"+x.name, func(t *testing.T) {
				changed := x.edit(strings.Split(export, "\n"))
				v := c.verify([]byte(strings.Join(changed, "\n")+"\n"), "")
				if !slices.ContainsFunc(v.Differences, func(d ledger.Difference) bool { return d.What == x.what }) {
					t.Errorf("found %+v, want %s", v.Differences, x.what)
				}
			})
		}
	}
}

func TestAnExportOfAnotherServerIsNotTakenForOurs(t *testing.T) {
	t.Parallel()
	ours, theirs := newClass(t, database.SQLite(t)), newClass(t, database.SQLite(t))
	ours.aBusyDay()
	theirs.aBusyDay()
	head, err := ours.sign()
	ours.ok(err)
	v := ours.verify(theirs.export(store.Scope{}), head.Verifier)
	if len(v.Differences) != 1 || v.Differences[0].What != ledger.FoundOtherKey {
		t.Errorf("found %+v, want another key", v.Differences)
	}
}

func TestNothingIsExportedFromADatabaseThatWasChanged(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.aBusyDay()
		c.ok(c.st.Unguard())
		c.ok(c.st.DB().Exec("DELETE FROM corrections").Error)
		err := c.st.ExportLog(t.Context(), store.Scope{}, "test", ledger.NewWriter(&bytes.Buffer{}))
		if alarm := (*store.LogError)(nil); !errors.As(err, &alarm) {
			t.Errorf("the export ended with %v, want an alarm", err)
		}
	})
}

func TestAChangeBehindASignedHeadShowsInTheNextExport(t *testing.T) {
	t.Parallel()
	c := newClass(t, database.SQLite(t))
	c.aBusyDay()
	_, err := c.sign()
	c.ok(err)
	for _, x := range []struct {
		sql  string
		what ledger.Finding
	}{
		{"UPDATE attendances SET minutes = minutes + 1", ledger.FoundResult},
		{"UPDATE corrections SET status = 'late'", ledger.FoundRecord},
		{"UPDATE scan_events SET corrected = corrected + 1 WHERE seq = 2", ledger.FoundClock},
		{"DELETE FROM scan_events WHERE seq = 3", ledger.FoundRecord},
	} {
		c.ok(c.st.Unguard())
		c.ok(c.st.DB().Exec(x.sql).Error)
		v := c.verify(c.export(store.Scope{}), "")
		if !slices.ContainsFunc(v.Differences, func(d ledger.Difference) bool { return d.What == x.what }) {
			t.Errorf("%s: found %+v, want %s", x.sql, v.Differences, x.what)
		}
	}
}
