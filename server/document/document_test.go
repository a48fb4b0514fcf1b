package document_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/ledongthuc/pdf"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/server/document"
	"buktihadir/templates"
)

const proof = "https://bukti.contoh.id/proof/2f6f1f2e-6f55-4f0e-9a53-0b8a2c9d8f11"

func renderer(t testing.TB, lang templates.Lang) document.Renderer {
	t.Helper()
	set, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	return document.Renderer{Texts: set.Texts, Lang: lang}
}

// dossier is a class of forty with names of all kinds.
func dossier(sessions int) document.Dossier {
	start := models.MillisOf(time.Date(2026, 6, 15, 1, 0, 0, 0, time.UTC)) // 08.00 WIB
	d := document.Dossier{Code: "BRS-01", Course: "Barista dan pengelolaan kedai kopi kecil", Hours: 16,
		Given: attendance.Hours{Course: 960, Planned: 480, Held: 450}, Provider: "LPK Kopi Nusantara Sejahtera",
		Pilot: "UC-2026 · Uji coba tatap muka 2026",
		Site:  "Balai Latihan Kerja Kabupaten Bandung", SiteCode: "JB-01", Address: "Jl. Soekarno-Hatta No. 12, Bandung", Zone: models.ZoneWIB,
		ClosedAt: start.Add(8 * 24 * time.Hour), ClosedBy: "Ibu PMO", Reason: "Dua peserta mengundurkan diri; laptop meja kedua rusak.",
		Open: []document.Open{{Key: "tasks", Count: 2}, {Key: "cases", Count: 1}}, Officers: []string{"Rina Marlina", "Joko Susilo"}}
	for i := range sessions {
		at := start.Add(time.Duration(i) * 24 * time.Hour)
		d.Sessions = append(d.Sessions, document.Session{
			ID: uuid.UUID{byte(i)}, Seq: i + 1, Room: "Ruang 2", StartsAt: at, EndsAt: at.Add(4 * time.Hour), Cancelled: i == 3})
	}
	names := []string{"Siti Aminah", "Nguyễn Thị Hương", "Dewi Lestari Kusumaningtyas Prawirodirdjo binti Raden Mas Sosrokartono", "王小明", "Zoë Núñez Çelik",
		"Agus"}
	statuses := []models.AttendanceStatus{models.StatusPresent, models.StatusLate, models.StatusPresent, models.StatusLeftEarly, models.StatusSick,
		models.StatusPresent, models.StatusAbsent, models.StatusExcused}
	outcomes := []document.Outcome{document.Completed, document.NoSessions, document.NoTasks, document.NotReported, document.Left}
	for i := range 42 {
		p := document.Person{ID: uuid.UUID{1, byte(i)}, Number: fmt.Sprintf("REG-%05d", i), Name: names[i%len(names)], Sessions: sessions, Attended: sessions,
			Tasks: true, Outcome: outcomes[i%len(outcomes)]}
		if i < 2 {
			p.Instructor, p.Outcome, p.Name, p.Number = true, "", "Pelatih Utama "+fmt.Sprint(i+1), fmt.Sprintf("P-%02d", i)
		}
		for n, s := range d.Sessions {
			status := statuses[(i+n)%len(statuses)]
			at := document.Presence{Status: status, Derived: status}
			if status == models.StatusPresent || status == models.StatusLate {
				at.FirstIn, at.LastOut, at.Minutes = s.StartsAt.Add(-5*time.Minute), s.EndsAt, 240
			}
			p.At = append(p.At, at)
		}
		d.People = append(d.People, p)
	}
	d.People[5].At[1] = document.Presence{Status: models.StatusSick, Derived: models.StatusAbsent, Correction: 1}
	d.People[8].At[1] = document.Presence{Status: models.StatusPresent, Derived: models.StatusAbsent, Correction: 2}
	for i, x := range []int{5, 8} {
		d.Corrections = append(d.Corrections, document.Correction{No: i + 1, Session: 2, Number: d.People[x].Number, Name: d.People[x].Name,
			Status: d.People[x].At[1].Status, Derived: models.StatusAbsent,
			Reason: "Surat dokter diperlihatkan, disimpan tersegel.", Author: "Ibu PMO", At: d.ClosedAt.Add(time.Hour), New: i == 1})
	}
	return d
}

func stamps(d document.Dossier) (draft, first, second document.Stamp) {
	first = document.Stamp{Version: 1, At: d.ClosedAt, By: "Ibu PMO", Proof: proof}
	second = document.Stamp{Version: 2, At: d.ClosedAt.Add(48 * time.Hour), By: "Ibu PMO", Proof: proof, Last: &first}
	return document.Stamp{At: d.ClosedAt}, first, second
}

type drawn struct {
	pages []string
}

func (d drawn) text() string { return strings.Join(d.pages, "\f") }

// read reads a PDF back, without what separates words.
func read(t testing.TB, content []byte) drawn {
	t.Helper()
	r, err := pdf.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var d drawn
	for i := range r.NumPage() {
		text, err := r.Page(i + 1).GetPlainText(nil)
		if err != nil {
			t.Fatal(err)
		}
		d.pages = append(d.pages, squeezed(text))
	}
	return d
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func draw(t testing.TB, name string, f func() ([]byte, error)) []byte {
	t.Helper()
	content, err := f()
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("PAPERS"); dir != "" { // to look at
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return content
}

// kinds draws each kind of paper from a dossier.
func kinds(r document.Renderer) map[string]func(document.Dossier, document.Stamp) ([]byte, error) {
	return map[string]func(document.Dossier, document.Stamp) ([]byte, error){
		"session": func(d document.Dossier, s document.Stamp) ([]byte, error) { return r.Session(d, 1, s) }, "class": r.Class, "report": r.Report,
	}
}

func TestEveryPaperNamesEverybodyWholeOnPagesThatAreCounted(t *testing.T) {
	for name, f := range kinds(renderer(t, templates.Indonesian)) {
		d := dossier(6)
		_, _, second := stamps(d)
		got := read(t, draw(t, name, func() ([]byte, error) { return f(d, second) }))
		for _, p := range d.People {
			if left := name == "report" && p.Outcome == document.Left; !p.Instructor && strings.Contains(got.text(), p.Number) == left {
				t.Errorf("%s: %s, %s", name, p.Number, p.Outcome)
			}
		}
		for _, want := range []string{"DewiLestariKusumaningtyasPrawirodirdjobintiRadenMasSosrokartono", "ZoëNúñezÇelik", "NguyênThiHuong", "PelatihUtama1",
			"PelatihUtama2", "Versi2,diterbitkan", "Menggantikanversi1",
			"Perubahansejakversi1", "Koreksisebelumnya", "Suratdokterdiperlihatkan"} {
			if !strings.Contains(got.text(), want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
		if len(got.pages) < 2 {
			t.Fatalf("%s of 40 people on %d pages", name, len(got.pages))
		}
		for i, page := range got.pages {
			if want := fmt.Sprintf("Halaman%ddari%d", i+1, len(got.pages)); !strings.Contains(page, want) || !strings.Contains(page, "No.") &&
				!strings.Contains(page, "Tandatangan") || !strings.Contains(page, proof) {
				t.Errorf("page %d of %s lacks its number %q, the head of its table or the way to its proof", i+1, name, want)
			}
			if strings.Contains(page, "DRAF") {
				t.Errorf("page %d of %s calls itself a draft", i+1, name)
			}
		}
	}
}

func TestADraftSaysSoOnEveryPageAndHasNoVersion(t *testing.T) {
	for _, x := range []struct {
		lang           templates.Lang
		draft, version string
	}{{templates.Indonesian, "DRAF", "Versi1"}, {templates.English, "DRAFT", "Version1"}} {
		for name, f := range kinds(renderer(t, x.lang)) {
			d := dossier(6)
			draft, _, _ := stamps(d)
			got := read(t, draw(t, name+"-draft-"+string(x.lang), func() ([]byte, error) { return f(d, draft) }))
			for i, page := range got.pages {
				if !strings.Contains(page, x.draft) || strings.Contains(page, x.version) || strings.Contains(page, "⟦") {
					t.Errorf("page %d of the draft %s in %s: %.200s", i+1, name, x.lang, page)
				}
			}
		}
	}
}

func TestTheSameIsDrawnInTheSameBytes(t *testing.T) {
	for name, f := range kinds(renderer(t, templates.Indonesian)) {
		d := dossier(14)
		_, first, _ := stamps(d)
		want, err := f(d, first)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if again, err := f(d, first); err != nil || !bytes.Equal(again, want) {
				t.Fatalf("%s: the same dossier gives other bytes (%v)", name, err)
			}
		}
		d.People[7].At[1].Status = models.StatusAbsent
		d.People[7].Outcome = document.NoTasks
		if other, err := f(d, first); err != nil || bytes.Equal(other, want) {
			t.Errorf("%s: another dossier gives the same bytes (%v)", name, err)
		}
	}
}

func TestTheReportSaysWhatWasAcceptedAndWhoCompleted(t *testing.T) {
	d := dossier(6)
	_, first, _ := stamps(d)
	got := read(t, draw(t, "report-1", func() ([]byte, error) { return renderer(t, templates.Indonesian).Report(d, first) })).text()
	for _, want := range []string{"Peserta:32.Menyelesaikankelas:8.Tidakmenyelesaikan:24.", "2pesertacukuphadir", "laptopmejakeduarusak", "RinaMarlina,JokoSusilo",
		"Dibatalkan", "Yangmenyerahkan", "16jam(8jamdijadwalkan,7,5jamterlaksana;kurang8jam)"} {
		if !strings.Contains(got, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
}

func TestALongListIsRefusedAndAShortOneIsRead(t *testing.T) {
	columns := []document.Column{{Title: "Nomor", Width: 10}, {Title: "Nama", Width: 30}, {Title: "Menit", Width: 6, Right: true}}
	at := models.MillisOf(time.Date(2026, 6, 22, 3, 0, 0, 0, time.UTC))
	list := renderer(t, templates.Indonesian).List("Kehadiran", "semua", at, columns)
	for i := range document.MostRows {
		if err := list.Row(fmt.Sprintf("R-%d", i), "Siti Aminah", "240"); err != nil {
			t.Fatal(err)
		}
	}
	content, err := list.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, content); len(got.pages) < 20 || !strings.Contains(got.text(), "R-1999") || strings.Contains(got.text(), "DRAF") ||
		strings.Contains(got.text(), "keaslian") {
		t.Errorf("%d pages", len(got.pages))
	}
	if err := list.Row("one", "too", "many"); !errors.Is(err, document.ErrTooLong) {
		t.Errorf("row %d: %v", document.MostRows+1, err)
	}
}
