package web_test

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
)

var budgetForm = []string{"total", "Rp40.000.000", "warn_at", "80", "onsite_fee", "1.000.000", "onsite_travel", "150.000", "onsite_class", "2.000.000",
	"incentive", "600.000", "provinces", "91: 140 %", "refuse", "1", "reason", "rapat anggaran"}

func (o *fixture) priced(t *testing.T) (*browser, string) {
	t.Helper()
	b, href := o.as(t, models.RoleAdmin), "/pilots/"+o.pilot.ID.String()+"/budget"
	if got := b.follow(b.post(href, budgetForm...)); got.status != http.StatusOK || !strings.Contains(got.body, "Rp40.000.000") {
		t.Fatalf("after saving: %d", got.status)
	}
	return b, href
}

func TestABudgetKeepsWhatWasTypedAndSaysWhatIsWrong(t *testing.T) {
	o := newOffice(t)
	b, href := o.as(t, models.RoleAdmin), "/pilots/"+o.pilot.ID.String()+"/budget"
	for _, c := range []struct{ name, field, value string }{
		{"a fraction", "onsite_fee", "600.000,50"}, {"words", "total", "banyak"}, {"more than there can be", "incentive", "9.999.999.999"},
		{"a share of more than all", "warn_at", "101"}, {"a province that doesn't exist", "provinces", "Atlantis: 120 %"}, {"a province for nothing", "provinces", "91: 0"},
		{"no reason", "reason", " "}, {"a day that never is", "valid_from", "2026-02-30"},
	} {
		form := append(append([]string{}, budgetForm...), c.field, c.value) // Set: the later one counts
		got := b.post(href, form...)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="`+c.field+`-problem"`) || !strings.Contains(got.body, html.EscapeString(strings.TrimSpace(c.value))) {
			t.Errorf("%s: %d, want a sentence at %s", c.name, got.status, c.field)
		}
	}
	if rows, err := o.st.Read(t.Context()).Budgets(o.pilot.ID); err != nil || len(rows) != 0 {
		t.Errorf("%d versions were kept (%v)", len(rows), err)
	}
}

var sumsOf = regexp.MustCompile(`-?Rp[\d.]+`)

// Every figure leads to a list that comes to the same, and so does the file of it.
func TestEveryFigureOfABudgetOpensTheListAndTheFileThatComeToIt(t *testing.T) {
	o := newOffice(t)
	b, href := o.priced(t)
	links := regexp.MustCompile(`<a href="(/pilots/[^"]*/budget/classes\?[^"]*)">(Rp[\d.]+)</a>`)
	seen := 0
	for _, by := range []string{"province", "provider", "mode", "wave"} {
		for _, seats := range []string{"", "&seats=1"} {
			for _, link := range links.FindAllStringSubmatch(b.get(href+"?by="+by+seats).body, -1) {
				address, figure := html.UnescapeString(link[1]), link[2]
				u, err := url.Parse(address)
				if err != nil {
					t.Fatal(err)
				}
				what := u.Query().Get("what")
				column := map[string]int{"planned": 9, "committed": 10, "used": 11}[what]
				list := b.get(address)
				if list.status != http.StatusOK || !strings.Contains(list.body, "<dd>"+figure+"</dd>") {
					t.Errorf("%s: %d, and not %s", address, list.status, figure)
				}
				file := b.get(href + "/file/csv?" + u.RawQuery)
				rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\uFEFF"))).ReadAll()
				if err != nil || file.status != http.StatusOK {
					t.Fatalf("%s as a file: %d (%v)", address, file.status, err)
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
	if got := b.get(href + "/file/exe"); got.status != http.StatusNotFound {
		t.Errorf("a file of no format: %d", got.status)
	}
	if got := b.get("/history?entity=pilot"); !strings.Contains(got.body, "Pagu anggaran: Rp40.000.000<") || !strings.Contains(got.body, "rapat anggaran") ||
		!strings.Contains(got.body, "Tarif Papua: 140\u00a0%") || strings.Contains(got.body, "⟦") {
		t.Errorf("the history doesn't say what was set and why: %s", got.body)
	}
}

func TestMoneyIsTheProgrammeOfficesOwn(t *testing.T) {
	o := newOffice(t)
	_, href := o.priced(t)
	reviewer, coordinator := o.as(t, models.RoleReviewer), o.as(t, models.RoleCoordinator)
	for _, path := range []string{href, href + "/classes?by=province&key=32&what=used", href + "/file/csv", "/pilots/" + o.pilot.ID.String() + "/what-if"} {
		if got := reviewer.get(path); got.status != http.StatusOK || strings.Contains(got.body, `method="post" action="/pilots`) {
			t.Errorf("%s as a reviewer: %d; they see all and change nothing", path, got.status)
		}
		if got := coordinator.get(path); got.status != http.StatusForbidden {
			t.Errorf("%s as a coordinator: %d", path, got.status)
		}
	}
	for _, path := range []string{"/", "/classes", "/classes/" + o.classes[0].ID.String() + "/people"} { // the budget is overspent
		if got := coordinator.get(path); strings.Contains(got.body, "Rp") {
			t.Errorf("%s shows a coordinator money", path)
		}
	}
	if got := reviewer.post(href, budgetForm...); got.status != http.StatusForbidden {
		t.Errorf("a reviewer sets a budget: %d", got.status)
	}
}

func TestWhoEnrollsIsToldOfTheBudget(t *testing.T) {
	o := newOffice(t)
	b, href := o.priced(t)
	class := "/classes/" + o.classes[0].ID.String()
	if got := b.get(class + "/people"); !strings.Contains(got.body, href) || !strings.Contains(got.body, "melewati anggaran") {
		t.Error("the class's people don't say that the budget is spent")
	}
	free := o.participants[12].Number // of another class
	if got := b.post(class+"/enroll", "number", free); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "tersisa Rp0") {
		t.Errorf("enrolling past what refuses: %d", got.status)
	}
}

func TestAWhatIfStandsInItsAddressAndCanBeApplied(t *testing.T) {
	o := newOffice(t)
	b, _ := o.priced(t)
	page := "/pilots/" + o.pilot.ID.String() + "/what-if"
	ask := url.Values{"onsite": {"40"}, "blended": {"0"}, "quota": {"100"}, "shares": {"32: 50\nPapua: 10"}, "size": {"20"}, "completion": {"50"}, "total": {"100.000.000"},
		"onsite_fee": {"1.000.000"}, "online_fee": {"400.000"}, "onsite_class": {"2.000.000"}}
	got := b.get(page + "?" + ask.Encode())
	// 50 and 10 (at 140 %) and 40 anywhere: 20+4+16 onsite in 1+1+1 classes.
	want := models.Rupiah(20*1_000_000 + 4*1_400_000 + 16*1_000_000 + 2*2_000_000 + 2_800_000 + 30*400_000 + 6*560_000 + 24*400_000)
	for _, text := range []string{">40 / 3<", ">60 / 5<", want.String(), (100_000_000 - want).String()} {
		if !strings.Contains(got.body, text) {
			t.Errorf("the page lacks %q (%d): %v", text, got.status, sumsOf.FindAllString(got.body, -1))
		}
	}
	largest := regexp.MustCompile(`<p><a href="(/pilots/[^"]*what-if\?[^"]*)"`).FindStringSubmatch(got.body)
	if largest == nil || !strings.Contains(largest[1], "onsite=76&") {
		t.Fatalf("the largest share: %v", largest)
	}
	missing := func(href string) int { return strings.Count(b.get(href).body, ">-Rp") } // today's plan lacks money, see priced
	if address := html.UnescapeString(largest[1]); missing(address) != 1 || missing(strings.Replace(address, "onsite=76", "onsite=77", 1)) != 2 {
		t.Errorf("76 %% is not the largest share that is paid for: %s", address)
	}
	for field, value := range map[string]string{"onsite": "101", "blended": "61", "size": "0", "completion": "x", "quota": "99999999999", "shares": "Atlantis: 5", "onsite_fee": "1,5"} {
		bad := url.Values{}
		for k, v := range ask {
			bad[k] = v
		}
		bad.Set(field, value)
		if got := b.get(page + "?" + bad.Encode()); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="`+field+`-problem"`) {
			t.Errorf("%s=%s: %d, want a sentence there", field, value, got.status)
		}
	}
	href := "/pilots/" + o.pilot.ID.String()
	form := []string{"quota", "100", "provinces", ask.Get("shares")}
	if got := b.post(href+"/quota", form...); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="quota_reason-problem"`) {
		t.Errorf("a quota without a reason: %d", got.status)
	}
	after := b.follow(b.post(href+"/quota", append(form, "quota_reason", "hasil simulasi")...))
	for _, text := range []string{"dari 1.000 menjadi 100", "dari 400 menjadi 50", "dari tanpa batas menjadi 10", "hasil simulasi"} {
		if !strings.Contains(after.body, text) {
			t.Errorf("the pilot's history lacks %q", text)
		}
	}
}
