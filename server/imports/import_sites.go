package imports

import (
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/plan"
	"buktihadir/server/store"
)

func siteColumns() []column {
	return []column{
		{name: "code", aliases: []string{"kode"}, example: "#contoh"},
		{name: "name", aliases: []string{"nama"}, example: "Balai Latihan Kerja Bandung"},
		{name: "address", aliases: []string{"alamat"}, example: "Jalan Gatot Subroto 170"},
		{name: "regency", aliases: []string{"kabupaten", "kabupaten_kota", "regency_code", "kode_kabupaten"}, example: "32.73 Kota Bandung", choices: regencies()},
		{name: "capacity", aliases: []string{"kapasitas"}, example: "40"},
		{name: "latitude", aliases: []string{"lintang", "lat"}, optional: true, example: "-6.9147"},
		{name: "longitude", aliases: []string{"bujur", "lon", "lng"}, optional: true, example: "107.6098"},
		{name: "zone", aliases: []string{"zona", "zona_waktu", "timezone"}, optional: true, example: "WIB", choices: zones()},
		{name: "disadvantaged", aliases: []string{"3t", "daerah_3t"}, optional: true, example: "tidak", choices: []string{"ya", "tidak"}},
		{name: "rhythm", aliases: []string{"irama"}, optional: true, example: "jaringan", choices: []string{"jaringan", "harian", "mingguan"}},
		{name: "facilities", aliases: []string{"fasilitas"}, optional: true, example: "Listrik, meja, toilet"},
	}
}

func (im *importer) sites() error {
	known, err := im.tx.Sites()
	if err != nil {
		return err
	}
	byCode := map[string]models.Site{}
	for _, s := range known {
		byCode[s.Code] = s
	}
	seen, smaller := map[string]bool{}, map[uuid.UUID]int{} // the line of a site that has fewer seats now
	var rows []models.Site
	im.each(func(r reading) {
		s, old := byCode[r.text("code")]
		before := s
		s.Code, s.Name, s.Address, s.Facilities = r.needed("code"), r.needed("name"), r.needed("address"), r.text("facilities")
		s.Capacity = r.number("capacity", 1, 100_000)
		s.Latitude, s.Longitude = r.coordinate("latitude", 90), r.coordinate("longitude", 180)
		im.place(r, &s)
		s.Rhythm = r.rhythm(s.Rhythm)
		if seen[s.Code] {
			r.wrong("code", "import.twice", s.Code)
		}
		seen[s.Code] = true
		switch {
		case !old:
			if s.ID, err = store.NewID(); err != nil {
				return
			}
			im.report.New++
		case before.Zone != s.Zone:
			r.wrong("zone", "import.zone_changed", string(before.Zone))
		default:
			im.report.Changed++
		}
		s.UpdatedAt = im.now
		if rows = append(rows, s); old && s.Capacity < before.Capacity {
			smaller[s.ID] = r.row.line
		}
	})
	if err != nil || !im.report.OK() {
		return err
	}
	if err := im.tx.SaveSites(rows); err != nil {
		return err
	}
	for _, s := range rows {
		if err := im.tx.PublishSite(s); err != nil {
			return err
		}
	}
	return im.crowded(rows, smaller)
}

// crowded warns of what is planned at sites that have become too small for it.
func (im *importer) crowded(sites []models.Site, lines map[uuid.UUID]int) error {
	w := warnings{at: map[string]int{}}
	for _, s := range sites {
		if lines[s.ID] == 0 {
			continue
		}
		found, err := plan.Crowded(im.tx.Queries, s, im.now)
		if err != nil {
			return err
		}
		for _, x := range found {
			w.add(RowWarning{Kind: x.Kind, Day: x.Day, What: x.What, Count: x.Count, Of: x.Of, ID: &x.ID}, lines[s.ID])
		}
	}
	im.report.Warnings = w.sorted()
	return nil
}

// place reads where a site is, and what follows from that.
func (im *importer) place(r reading, s *models.Site) {
	text := r.needed("regency")
	regency, ok := regencyOf(text)
	if !ok {
		if text != "" {
			r.wrong("regency", "import.unknown_regency", text)
		}
		return
	}
	s.Regency, s.Zone = regency.Code, models.Zone(regency.Zone)
	s.Disadvantaged = r.yes("disadvantaged", regency.Disadvantaged)
	if z := r.text("zone"); z != "" {
		zone, err := models.ParseZone(z)
		if err != nil {
			r.wrong("zone", "import.bad_zone", z)
			return
		}
		s.Zone = zone
	}
}

// rhythm reads how a site reports. An empty cell leaves it as it was.
func (r reading) rhythm(otherwise models.Rhythm) models.Rhythm {
	switch text := strings.ToLower(r.text("rhythm")); text {
	case "":
		return otherwise
	case "network", "jaringan":
		return models.RhythmNetwork
	case "daily", "harian":
		return models.RhythmDaily
	case "weekly", "mingguan":
		return models.RhythmWeekly
	default:
		r.wrong("rhythm", "import.bad_rhythm", text)
		return otherwise
	}
}

// regencyOf reads a regency's code, its code and name as a template offers them, or a name
// that only one has.
func regencyOf(text string) (region.Regency, bool) {
	code, _, _ := strings.Cut(text, " ")
	if r, ok := region.RegencyByCode(code); ok {
		return r, true
	}
	if found := region.FindRegencies(text); len(found) == 1 {
		return found[0], true
	}
	return region.Regency{}, false
}

func regencies() (list []string) {
	for _, r := range region.AllRegencies() {
		list = append(list, r.Code+" "+r.Name)
	}
	return list
}

func zones() (list []string) {
	for _, z := range models.Zones() {
		list = append(list, string(z))
	}
	return list
}
