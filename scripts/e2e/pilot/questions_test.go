package pilot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/scripts/e2e"
)

// walk is a reviewer looking for an answer, whose clicks are counted: on links and
// buttons, and into fields.
type walk struct {
	t      *testing.T
	page   *e2e.Page
	clicks int
}

func (w *walk) click(css string) {
	w.t.Helper()
	w.clicks++
	e2e.Eval[bool](w.page, `(window.left = true)`)
	w.page.Click(css)
	w.page.Wait(`!window.left && document.readyState === "complete"`)
}

// link goes by the words of a link in the page's main part.
func (w *walk) link(part, words string) {
	w.t.Helper()
	w.page.Wait(`[...document.querySelectorAll(` + quoted(part+" a") + `)].some((a) => a.innerText.trim().startsWith(` + quoted(words) + `))`)
	e2e.Eval[bool](w.page, `(() => { for (const a of document.querySelectorAll(`+quoted(part+" a")+`)) a.removeAttribute("data-way");
		[...document.querySelectorAll(`+quoted(part+" a")+
		`)].find((a) => a.innerText.trim().startsWith(`+quoted(words)+`)).setAttribute("data-way", ""); return true })()`)
	w.click(`[data-way]`)
}

// rows are the heads of the table's rows.
func (w *walk) rows() []string {
	w.t.Helper()
	return e2e.Eval[[]string](w.page,
		`[...document.querySelectorAll("main .table tbody tr")].map((r) => r.querySelector("th, td").innerText.split("\n")[0].trim())`)
}

// total is how many the list has on all its pages.
func (w *walk) total() string {
	w.t.Helper()
	return e2e.Eval[string](w.page, `(document.querySelector(".pagination p")?.innerText ?? "").split(" ").at(-1)`)
}

// The questions of a programme office on a morning in the third week. Each begins on
// the first page, is answered after three clicks at most, and by what is true.
func (s *scene) asks(reviewer *e2e.Page) {
	for _, q := range s.questions() {
		s.t.Run(q.text, func(t *testing.T) {
			w := &walk{t: t, page: reviewer}
			reviewer.Open(s.o.url + "/")
			q.answer(t, w)
			if w.clicks > 3 {
				t.Errorf("%d clicks", w.clicks)
			}
			if dir := os.Getenv("SCREENSHOTS"); dir != "" {
				reviewer.Screenshot(filepath.Join(dir, "pilot-"+strings.ReplaceAll(q.text, " ", "-")+".png"))
			}
		})
	}
}

type question struct {
	text   string
	answer func(*testing.T, *walk)
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s: the page says %s, and it is %s", what, g, w)
	}
}

func (s *scene) questions() []question {
	return append(s.placeQuestions(), s.peopleQuestions()...)
}

func (s *scene) placeQuestions() []question {
	agents := func(chip string, want *site) func(*testing.T, *walk) {
		return func(t *testing.T, w *walk) {
			w.link(".sidebar", "Komputer presensi")
			w.link(".chips", chip)
			equal(t, chip, e2e.Eval[[]string](w.page, `[...document.querySelectorAll("main .table tbody td a")].map((a) => a.innerText.split("\n")[0])`),
				[]string{want.code})
		}
	}
	return []question{
		{"which sites are silent now", func(t *testing.T, w *walk) {
			w.link(".figures", "Komputer presensi belum melapor")
			equal(t, "silent", e2e.Eval[[]string](w.page, `[...document.querySelectorAll("main .table tbody td a")].map((a) => a.innerText.split("\n")[0])`),
				[]string{s.silent.code})
		}},
		{"which sessions wait for their site", func(t *testing.T, w *walk) {
			w.link(".figures", "Menunggu tempat pelatihan")
			got := w.rows()
			slices.Sort(got)
			equal(t, "waiting", got, s.waiting())
		}},
		{"which agents have a journal that was not sent", agents("Belum terkirim", s.laden)},
		{"which agents run an older version", agents("Versi lama", s.old)},
		{"which agents have a wrong clock", agents("Jam salah", s.skewed)},
		{"where is there most to look at, and why", func(t *testing.T, w *walk) {
			w.link(".sidebar", "Perkara")
			first := e2e.Eval[string](w.page, `[...document.querySelectorAll("main .card .table tbody tr")][0].innerText.replace(/\s+/g, " ")`)
			n, worst := s.handmadeSessions(), s.sites[19]
			for _, want := range []string{worst.code, fmt.Sprint(weighty(map[models.CaseKind]int{models.CaseMostlyManual: n})), fmt.Sprint(n, " ×")} {
				if !strings.Contains(first, want) {
					t.Errorf("first comes %q, want %q in it", first, want)
				}
			}
		}},
		{"how much of its quota has each province used", func(t *testing.T, w *walk) {
			w.link(".sidebar", "Uji coba")
			w.link("main", "Uji coba tatap muka")
			got := e2e.Eval[[]string](w.page, `[...document.querySelectorAll("main .card .table tbody tr")].map((r) => r.innerText.replace(/\s+/g, " ").trim())`)
			var want []string
			for _, code := range provinces() {
				want = append(want, provinceName(code)+" 900 1.000")
			}
			slices.Sort(want)
			slices.Sort(got)
			equal(t, "quotas", got, want)
		}},
	}
}

func (s *scene) peopleQuestions() []question {
	figures := func(want string, ways ...string) func(*testing.T, *walk) {
		return func(t *testing.T, w *walk) {
			w.link(".sidebar", "Statistik")
			for _, way := range ways {
				part := ".chips"
				if strings.HasPrefix(way, "/") {
					part, way = ".tabs", way[1:]
				}
				w.link(part, way)
			}
			equal(t, "the first of the list", w.rows()[0], want)
		}
	}
	lost, last := s.standings()
	standing := func(chip string, want map[string]bool) func(*testing.T, *walk) {
		return func(t *testing.T, w *walk) {
			w.link(".sidebar", "Penyelesaian")
			w.link(".chips", chip)
			equal(t, chip, w.total(), thousands(len(want)))
			for _, number := range e2e.Eval[[]string](w.page, `[...document.querySelectorAll("main .table tbody th .mono")].map((x) => x.innerText)`) {
				if !want[number] {
					t.Errorf("%s stands in the list", number)
				}
			}
		}
	}
	return []question{
		{"who is below the share and can no more complete the class", standing("Terlalu sering", lost)},
		{"who is below the share and still can", standing("Harus selalu", last)},
		{"which provider checks in most by hand", figures("Lembaga "+s.handmade, "/Lembaga", "dicatat manual")},
		{"which class is the emptiest", figures(s.empty.code, "/Kelas", "paling sedikit hadir")},
		{"in which province do most come late", figures(provinceName(s.dawdling), "terlambat")},
		{"whom did a desk claim that is not theirs", func(t *testing.T, w *walk) {
			w.link(".sidebar", "Perkara")
			w.link(".figures", "Dicatat di tempat pelatihan lain")
			got := e2e.Eval[[]string](w.page, `[...document.querySelectorAll("main form .table tbody .mono")].map((x) => x.innerText)`)
			var want []string
			for _, who := range s.claimed {
				want = append(want, who.number)
			}
			slices.Sort(got)
			equal(t, "claimed", got, want)
		}},
		{"what did the office's admin change today", func(t *testing.T, w *walk) {
			w.link(".sidebar", "Riwayat")
			w.clicks += 2 // into the two fields
			fill(w.page, "form.filter", map[string]string{"actor": "Ibu PMO", "day": string(today)})
			w.page.Wait(`location.search.includes("day=")  && document.readyState === "complete"`)
			equal(t, "changes", w.rows(), []string{"Menambah pengguna", "Menambah petugas"})
		}},
	}
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d.%03d", n/1000, n%1000)
}
