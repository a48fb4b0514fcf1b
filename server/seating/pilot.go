package seating

import (
	"slices"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

func provinceName(code string) string {
	if p, ok := region.ProvinceByCode(code); ok {
		return p.Name
	}
	return code
}

// Rehomes refuses a site for a class where its pilot's quota of the site's province does not
// hold everybody who is in the class. The caller has locked the pilot.
func Rehomes(tx *store.Tx, c models.Class, site models.Site) error {
	was, err := tx.Site(c.SiteID)
	if err != nil || ProvinceOf(was) == ProvinceOf(site) {
		return err
	}
	province := ProvinceOf(site)
	limits, err := tx.PilotProvinces(c.PilotID)
	if err != nil || len(limits) == 0 {
		return err
	}
	i := slices.IndexFunc(limits, func(l models.PilotProvince) bool { return l.Province == province })
	if i < 0 {
		return office.RefuseField("site", "plan.province_outside", "Province", provinceName(province))
	}
	rows, err := tx.EnrollmentsOf(c.ID)
	if err != nil {
		return err
	}
	_, enrolled, err := tx.CountEnrolled(c.PilotID)
	left := limits[i].Quota - enrolled[province]
	for _, e := range rows {
		if e.Role == models.PersonParticipant && e.Status == models.EnrollmentActive {
			left--
		}
	}
	if err == nil && limits[i].Quota > 0 && left < 0 {
		return office.RefuseField("site", "plan.province_full", "Province", provinceName(province), "Left", max(0, limits[i].Quota-enrolled[province]))
	}
	return err
}

// ProvinceOf is the province of a site, by its code.
func ProvinceOf(s models.Site) string { return s.Regency[:min(2, len(s.Regency))] }
