package schedule

import (
	"buktihadir/models"
	"buktihadir/models/region"
)

func siteColumns() []column {
	return []column{
		{name: "code", aliases: []string{"kode"}}, {name: "name", aliases: []string{"nama"}},
		{name: "address", aliases: []string{"alamat"}}, {name: "regency", aliases: []string{"kabupaten", "kabupaten_kota", "regency_code", "kode_kabupaten"}},
		{name: "capacity", aliases: []string{"kapasitas"}},
		{name: "latitude", aliases: []string{"lintang", "lat"}, optional: true},
		{name: "longitude", aliases: []string{"bujur", "lon", "lng"}, optional: true},
		{name: "zone", aliases: []string{"zona", "zona_waktu", "timezone"}, optional: true},
		{name: "disadvantaged", aliases: []string{"3t", "daerah_3t"}, optional: true},
		{name: "facilities", aliases: []string{"fasilitas"}, optional: true},
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
	seen := map[string]bool{}
	var rows []models.Site
	im.each(func(r reading) {
		s, old := byCode[r.text("code")]
		before := s
		s.Code, s.Name, s.Address, s.Facilities = r.needed("code"), r.needed("name"), r.needed("address"), r.text("facilities")
		s.Capacity = r.number("capacity", 1, 100_000)
		s.Latitude, s.Longitude = r.coordinate("latitude", 90), r.coordinate("longitude", 180)
		im.place(r, &s)
		if seen[s.Code] {
			r.wrong("code", "import.twice", s.Code)
		}
		seen[s.Code] = true
		switch {
		case !old:
			if s.ID, err = newID(); err != nil {
				return
			}
			im.report.New++
		case before.Zone != s.Zone:
			r.wrong("zone", "import.zone_changed", string(before.Zone))
		default:
			im.report.Changed++
		}
		s.UpdatedAt = im.now
		rows = append(rows, s)
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
	return nil
}

// place reads where a site is, and what follows from that.
func (im *importer) place(r reading, s *models.Site) {
	text := r.needed("regency")
	regency, ok := region.RegencyByCode(text)
	if !ok {
		if found := region.FindRegencies(text); len(found) == 1 {
			regency, ok = found[0], true
		}
	}
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
