package attendance_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/store"
)

var (
	drawnLink = regexp.MustCompile(`<a id="(?:map|trend)-[^"]*" href="([^"]+)"><title>[^<]*?[\d,]+ of ([\d,]+) attended`)
	stateLink = regexp.MustCompile(`<a id="state-([a-z]+)" href="([^"]+)">(?s:.*?)<dd>([\d,]+)</dd>`)
	sessionOf = regexp.MustCompile(`<a id="s-`)
)

func whole(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.ReplaceAll(text, ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Each number of the overview's drawings opens its list, and each state its sessions.
func TestEveryNumberOfTheOverviewOpensAListOfThatLength(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if err := o.Store.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	for _, role := range []models.Role{models.RoleReviewer, models.RoleCoordinator} {
		b := o.As(t, role)
		page := b.Get("/?lang=en&trend=all").Body
		drawn := drawnLink.FindAllStringSubmatch(page, -1)
		if len(drawn) < 3 || !strings.Contains(page, `id="map-id-jb"`) {
			t.Errorf("%s: only %d numbers are drawn", role, len(drawn))
		}
		for _, m := range drawn {
			_, query, _ := strings.Cut(strings.ReplaceAll(m[1], "&amp;", "&"), "?")
			if have := strings.Count(b.Get("/attendance/jsonl?"+query).Body, "\n"); have != whole(t, m[2]) {
				t.Errorf("%s: %s has %d lines, want %s", role, m[1], have, m[2])
			}
		}
		states := stateLink.FindAllStringSubmatch(page, -1)
		if len(states) < 5 {
			t.Errorf("%s: %d states, want planned, open, waiting, complete and what has begun", role, len(states))
		}
		for _, m := range states {
			list := b.Get(m[2])
			have, want := len(sessionOf.FindAllString(list.Body, -1)), whole(t, m[3])
			if m[1] != "begun" && (have != want || list.Status != http.StatusOK) {
				t.Errorf("%s: %s lists %d sessions, want %d", role, m[2], have, want)
			}
		}
	}
}

func TestAListOfSeveralProvincesHasTheAttendanceOfEach(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if err := o.Store.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	if err := o.DB.Exec("UPDATE tally_places SET province = '53' WHERE session_id = ?", o.Sessions[1].ID).Error; err != nil {
		t.Fatal(err)
	}
	b := o.As(t, models.RoleReviewer)
	lines := func(provinces string) int {
		return strings.Count(b.Get("/attendance/jsonl?by=province&key="+provinces).Body, "\n")
	}
	west, east := lines("32"), lines("53")
	if both := lines("32,53"); west == 0 || east == 0 || both != west+east {
		t.Errorf("%d in both, %d and %d in each", both, west, east)
	}
}

func TestAnAgentThatIsSilentWhileItsSiteTeachesIsListed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleReviewer)
	for _, c := range []struct {
		name   string
		silent models.Millis
		want   bool
	}{{"heard from just now", 60_000, false}, {"silent for two hours", 2 * 3_600_000, true}} {
		t.Run(c.name, func(t *testing.T) {
			if err := o.DB.Exec("UPDATE agents SET last_contact = ?", o.Now-c.silent).Error; err != nil {
				t.Fatal(err)
			}
			page, list := b.Get("/?lang=en").Body, b.Get("/agents?trouble=at_work&lang=en").Body
			if got := strings.Contains(page, `href="/agents?trouble=at_work"`); got != c.want {
				t.Errorf("the overview speaks of silence: %v, want %v", got, c.want)
			}
			if got := strings.Contains(list, o.Agent.Name); got != c.want {
				t.Errorf("the list has the agent: %v, want %v", got, c.want)
			}
		})
	}
}
