package plan_test

import (
	"encoding/csv"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/web/webtest"
)

var budgetForm = []string{"total", "Rp40.000.000", "warn_at", "80", "onsite_fee", "1.000.000", "onsite_travel", "150.000", "onsite_class", "2.000.000",
	"incentive", "600.000", "provinces", "91: 140 %", "refuse", "1", "reason", "rapat anggaran"}

func (o *fixture) priced(t *testing.T) (*webtest.Browser, string) {
	t.Helper()
	b, href := o.As(t, models.RoleAdmin), "/pilots/"+o.Pilot.ID.String()+"/budget"
	if got := b.Follow(b.Post(href, budgetForm...)); got.Status != http.StatusOK || !strings.Contains(got.Body, "Rp40.000.000") {
		t.Fatalf("after saving: %d", got.Status)
	}
	return b, href
}

func TestABudgetKeepsWhatWasTypedAndSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b, href := o.As(t, models.RoleAdmin), "/pilots/"+o.Pilot.ID.String()+"/budget"
	for _, c := range []struct{ name, field, value string }{
		{"a fraction", "onsite_fee", "600.000,50"}, {"words", "total", "banyak"}, {"more than there can be", "incentive", "9.999.999.999"},
		{"a share of more than all", "warn_at", "101"}, {"a province that doesn't exist", "provinces", "Atlantis: 120 %"}, {"a province for nothing", "provinces", "91: 0"},
		{"no reason", "reason", " "}, {"a day that never is", "valid_from", "2026-02-30"},
	} {
		form := append(append([]string{}, budgetForm...), c.field, c.value) // Set: the later one counts
		got := b.Post(href, form...)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `id="`+c.field+`-problem"`) || !strings.Contains(got.Body, html.EscapeString(strings.TrimSpace(c.value))) {
			t.Errorf("%s: %d, want a sentence at %s", c.name, got.Status, c.field)
		}
	}
	if rows, err := o.Store.Read(t.Context()).Budgets(o.Pilot.ID); err != nil || len(rows) != 0 {
		t.Errorf("%d versions were kept (%v)", len(rows), err)
	}
}

var sumsOf = regexp.MustCompile(`-?Rp[\d.]+`)

// Every figure leads to a list that comes to the same, and so does the file of it.
func TestEveryFigureOfABudgetOpensTheListAndTheFileThatComeToIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b, href := o.priced(t)
	links := regexp.MustCompile(`<a href="(/pilots/[^"]*/budget/classes\?[^"]*)">(Rp[\d.]+)</a>`)
	seen := 0
	for _, by := range []string{"province", "provider", "mode", "wave"} {
		for _, seats := range []string{"", "&seats=1"} {
			for _, link := range links.FindAllStringSubmatch(b.Get(href+"?by="+by+seats).Body, -1) {
				address, figure := html.UnescapeString(link[1]), link[2]
				u, err := url.Parse(address)
				if err != nil {
					t.Fatal(err)
				}
				what := u.Query().Get("what")
				column := map[string]int{"planned": 9, "committed": 10, "used": 11}[what]
				list := b.Get(address)
				if list.Status != http.StatusOK || !strings.Contains(list.Body, "<dd>"+figure+"</dd>") {
					t.Errorf("%s: %d, and not %s", address, list.Status, figure)
				}
				file := b.Get(href + "/file/csv?" + u.RawQuery)
				rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body, "\uFEFF"))).ReadAll()
				if err != nil || file.Status != http.StatusOK {
					t.Fatalf("%s as a file: %d (%v)", address, file.Status, err)
				}
				sum := models.Rupiah(0)
				for _, row := range rows[1:] {
					n, err := strconv.ParseInt(row[column], 10, 64)
					if err != nil {
						t.Fatal(err)
					}
					sum += models.Rupiah(n)
				}
				if sum.String() != figure {
					t.Errorf("%s: the file comes to %s, the figure says %s", address, sum, figure)
				}
				seen++
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d figures have a list", seen)
	}
	if got := b.Get(href + "/file/exe"); got.Status != http.StatusNotFound {
		t.Errorf("a file of no format: %d", got.Status)
	}
	if got := b.Get("/history?entity=pilot"); !strings.Contains(got.Body, "Pagu anggaran: Rp40.000.000<") || !strings.Contains(got.Body, "rapat anggaran") ||
		!strings.Contains(got.Body, "Tarif Papua: 140\u00a0%") || strings.Contains(got.Body, "⟦") {
		t.Errorf("the history doesn't say what was set and why: %s", got.Body)
	}
}

func TestMoneyIsTheProgrammeOfficesOwn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, href := o.priced(t)
	reviewer, coordinator := o.As(t, models.RoleReviewer), o.As(t, models.RoleCoordinator)
	for _, path := range []string{href, href + "/classes?by=province&key=32&what=used", href + "/file/csv", "/pilots/" + o.Pilot.ID.String() + "/what-if"} {
		if got := reviewer.Get(path); got.Status != http.StatusOK || strings.Contains(got.Body, `method="post" action="/pilots`) {
			t.Errorf("%s as a reviewer: %d; they see all and change nothing", path, got.Status)
		}
		if got := coordinator.Get(path); got.Status != http.StatusForbidden {
			t.Errorf("%s as a coordinator: %d", path, got.Status)
		}
	}
	for _, path := range []string{"/", "/classes", "/classes/" + o.Classes[0].ID.String() + "/people"} { // the budget is overspent
		if got := coordinator.Get(path); strings.Contains(got.Body, "Rp") {
			t.Errorf("%s shows a coordinator money", path)
		}
	}
	if got := reviewer.Post(href, budgetForm...); got.Status != http.StatusForbidden {
		t.Errorf("a reviewer sets a budget: %d", got.Status)
	}
}

func TestWhoEnrollsIsToldOfTheBudget(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b, href := o.priced(t)
	class := "/classes/" + o.Classes[0].ID.String()
	if got := b.Get(class + "/people"); !strings.Contains(got.Body, href) || !strings.Contains(got.Body, "melewati anggaran") {
		t.Error("the class's people don't say that the budget is spent")
	}
	free := o.Participants[12].Number // of another class
	if got := b.Post(class+"/enroll", "number", free); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "tersisa Rp0") {
		t.Errorf("enrolling past what refuses: %d", got.Status)
	}
}

func TestAWhatIfStandsInItsAddressAndCanBeApplied(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b, _ := o.priced(t)
	page := "/pilots/" + o.Pilot.ID.String() + "/what-if"
	ask := url.Values{"onsite": {"40"}, "blended": {"0"}, "quota": {"100"}, "shares": {"32: 50\nPapua: 10"}, "size": {"20"}, "completion": {"50"}, "total": {"100.000.000"},
		"onsite_fee": {"1.000.000"}, "online_fee": {"400.000"}, "onsite_class": {"2.000.000"}}
	got := b.Get(page + "?" + ask.Encode())
	// 50 and 10 (at 140 %) and 40 anywhere: 20+4+16 onsite in 1+1+1 classes.
	want := models.Rupiah(20*1_000_000 + 4*1_400_000 + 16*1_000_000 + 2*2_000_000 + 2_800_000 + 30*400_000 + 6*560_000 + 24*400_000)
	for _, text := range []string{">40 / 3<", ">60 / 5<", want.String(), (100_000_000 - want).String()} {
		if !strings.Contains(got.Body, text) {
			t.Errorf("the page lacks %q (%d): %v", text, got.Status, sumsOf.FindAllString(got.Body, -1))
		}
	}
	largest := regexp.MustCompile(`<p><a href="(/pilots/[^"]*what-if\?[^"]*)"`).FindStringSubmatch(got.Body)
	if largest == nil || !strings.Contains(largest[1], "onsite=76&") {
		t.Fatalf("the largest share: %v", largest)
	}
	missing := func(href string) int { return strings.Count(b.Get(href).Body, ">-Rp") } // today's plan lacks money, see priced
	if address := html.UnescapeString(largest[1]); missing(address) != 1 || missing(strings.Replace(address, "onsite=76", "onsite=77", 1)) != 2 {
		t.Errorf("76 %% is not the largest share that is paid for: %s", address)
	}
	for field, value := range map[string]string{"onsite": "101", "blended": "61", "size": "0", "completion": "x", "quota": "99999999999", "shares": "Atlantis: 5", "onsite_fee": "1,5"} {
		bad := url.Values{}
		for k, v := range ask {
			bad[k] = v
		}
		bad.Set(field, value)
		if got := b.Get(page + "?" + bad.Encode()); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `id="`+field+`-problem"`) {
			t.Errorf("%s=%s: %d, want a sentence there", field, value, got.Status)
		}
	}
	href := "/pilots/" + o.Pilot.ID.String()
	form := []string{"quota", "100", "provinces", ask.Get("shares")}
	if got := b.Post(href+"/quota", form...); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `id="quota_reason-problem"`) {
		t.Errorf("a quota without a reason: %d", got.Status)
	}
	after := b.Follow(b.Post(href+"/quota", append(form, "quota_reason", "hasil simulasi")...))
	for _, text := range []string{"dari 1.000 menjadi 100", "dari 400 menjadi 50", "dari tanpa batas menjadi 10", "hasil simulasi"} {
		if !strings.Contains(after.Body, text) {
			t.Errorf("the pilot's history lacks %q", text)
		}
	}
}
