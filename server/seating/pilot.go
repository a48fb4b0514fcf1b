package seating

import (
	"buktihadir/models"
	"buktihadir/models/region"
)

func provinceName(code string) string {
	if p, ok := region.ProvinceByCode(code); ok {
		return p.Name
	}
	return code
}

// ProvinceOf is the province of a site, by its code.
func ProvinceOf(s models.Site) string { return s.Regency[:min(2, len(s.Regency))] }
