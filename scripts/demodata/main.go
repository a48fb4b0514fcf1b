// Demodata writes the files that the demo imports: training sites in three time zones,
// classes with a session that runs now, 200 invented participants, and the committee's
// decision. The ID numbers use district code 00, which real numbers do not have.
package main

import (
	"encoding/csv"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"buktihadir/models"
)

type site struct {
	code, name, address, regency string
	latitude, longitude          float64
	zone                         models.Zone
}

type class struct {
	code, courseCode, title, providerCode, provider, instructorCode, instructor string
	site                                                                        int
	later                                                                       bool // its first session is in the afternoon of tomorrow
}

func sites() []site {
	return []site{
		{"BDG-01", "Balai Latihan Antapani", "Jl. Terusan Jakarta 53, Bandung", "32.73", -6.9135, 107.6601, models.ZoneWIB},
		{"KPG-01", "Aula Pelatihan Oebobo", "Jl. El Tari 12, Kupang", "53.71", -10.1718, 123.6075, models.ZoneWITA},
		{"SBT-01", "Gedung Serbaguna Waingapu", "Jl. Suprapto 4, Waingapu", "53.11", -9.6567, 120.2641, models.ZoneWITA},
		{"JPR-01", "Sanggar Belajar Abepura", "Jl. Raya Abepura 88, Jayapura", "91.71", -2.6057, 140.6692, models.ZoneWIT},
	}
}

func classes() []class {
	return []class{
		{"BDG-BARISTA-1", "BARISTA", "Barista Pemula", "LP-KOPI", "Lembaga Kopi Nusantara", "INS-01", "Rina Kartikasari", 0, false},
		{"KPG-LISTRIK-1", "LISTRIK", "Teknisi Listrik Rumah", "LP-TEKNIK", "Bina Teknik Mandiri", "INS-02", "Yohanes Ndun", 1, false},
		{"SBT-TENUN-1", "TENUN", "Usaha Tenun Rumahan", "LP-KRIYA", "Rumah Kriya Timur", "INS-03", "Maria Rambu Ana", 2, false},
		{"JPR-KOMPUTER-1", "KOMPUTER", "Administrasi Perkantoran Dasar", "LP-TEKNIK", "Bina Teknik Mandiri", "INS-04", "Ester Wanggai", 3, false},
		{"BDG-JAHIT-1", "JAHIT", "Menjahit Pakaian", "LP-KRIYA", "Rumah Kriya Timur", "INS-05", "Dedi Suherman", 0, true},
	}
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: demodata DIR")
	}
	if err := write(os.Args[1], time.Now()); err != nil {
		log.Fatal(err)
	}
}

func write(dir string, now time.Time) error {
	rnd := rand.New(rand.NewPCG(2022, 6))
	for name, rows := range map[string][][]string{
		"sites.csv": siteRows(), "schedule.csv": scheduleRows(models.MillisOf(now)), "participants.csv": participantRows(rnd),
	} {
		if err := writeCSV(filepath.Join(dir, name), rows); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "decision.pdf"), []byte(decision), 0o600); err != nil {
		return fmt.Errorf("write the decision: %w", err)
	}
	return nil
}

// decision is an empty page, which stands for the committee's paper.
const decision = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

func writeCSV(path string, rows [][]string) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write demo data: %w", err)
	}
	w := csv.NewWriter(f)
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return f.Close()
}

func siteRows() [][]string {
	rows := [][]string{{"code", "name", "address", "regency", "capacity", "latitude", "longitude"}}
	for _, s := range sites() {
		rows = append(rows, []string{s.code, s.name, s.address, s.regency, "80", fmt.Sprint(s.latitude), fmt.Sprint(s.longitude)})
	}
	return rows
}

// window is a session's local hours, one that is open for check-in at this very minute.
func window(now models.Millis, z models.Zone) (date models.LocalDate, start, end string) {
	date = z.Date(now)
	minute := int(now.Sub(date.Start(z)) / time.Minute)
	from := max(0, (minute-5)/5*5)
	to := min(from+4*60, 24*60-1)
	clock := func(m int) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }
	return date, clock(from), clock(to)
}

func scheduleRows(now models.Millis) [][]string {
	rows := [][]string{{"class_code", "course_code", "course_title", "hours", "mode", "provider_code", "provider_name", "site_code",
		"capacity", "session", "date", "start", "end", "room", "instructor_code", "instructor_name"}}
	for _, c := range classes() {
		s := sites()[c.site]
		today, start, end := window(now, s.zone)
		for n := range 4 {
			date, from, to := today.AddDays(n), start, end
			if n > 0 || c.later {
				from, to = "13:00", "17:00"
			}
			if c.later {
				date = today.AddDays(n + 1)
			}
			rows = append(rows, []string{c.code, c.courseCode, c.title, "16", "onsite", c.providerCode, c.provider, s.code, "40",
				strconv.Itoa(n + 1), string(date), from, to, "Ruang " + strconv.Itoa(1+len(c.title)%3), c.instructorCode, c.instructor})
		}
	}
	return rows
}

func participantRows(rnd *rand.Rand) [][]string {
	first := map[models.Sex][]string{
		models.SexFemale: {"Siti", "Dewi", "Ratna", "Yuliana", "Maria", "Putri", "Ni Luh", "Fitri", "Agnes", "Wulan", "Nur Aini", "Theresia"},
		models.SexMale:   {"Budi", "Agus", "Yosef", "Rizky", "Dedi", "I Made", "Andi", "Hendra", "Markus", "Fajar", "Muhammad", "Petrus"},
	}
	last := []string{"Santoso", "Wijaya", "Lestari", "Rambu Kahi", "Nggadas", "Wanggai", "Hidayat", "Permana", "Suryani", "Ndolu",
		"Siregar", "Kogoya", "Rahmawati", "Saputra", "Tanamal", "Pratama", "Handayani", "Maulana"}
	rows := [][]string{{"number", "nik", "name", "phone", "birth_date", "sex", "regency", "wave", "class_code"}}
	for i := range 200 {
		c := classes()[i/40]
		regency := sites()[c.site].regency
		sex, born := models.SexMale, time.Date(1980+rnd.IntN(24), time.Month(1+rnd.IntN(12)), 1+rnd.IntN(28), 0, 0, 0, 0, time.UTC)
		day := born.Day()
		if rnd.IntN(2) == 0 {
			sex, day = models.SexFemale, day+40
		}
		names := first[sex]
		rows = append(rows, []string{
			fmt.Sprintf("PRK-%06d", 480001+i),
			fmt.Sprintf("%s%s00%02d%02d%02d%04d", regency[:2], regency[3:], day, born.Month(), born.Year()%100, i+1),
			names[rnd.IntN(len(names))] + " " + last[rnd.IntN(len(last))],
			fmt.Sprintf("0812%08d", 10000000+rnd.IntN(89999999)), born.Format(time.DateOnly), string(sex), regency, "48", c.code,
		})
	}
	return rows
}
