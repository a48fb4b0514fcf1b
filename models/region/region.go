// Package region is the reference data of Indonesia's administrative areas: 38
// Provinces and 514 Regencies (kabupaten and kota), with their Kemendagri codes
// and time zone. The data are CSV files compiled into the program; NOTICE names
// their sources and licences.
//
// Areas change: in 2022 four provinces were made out of Papua and Papua Barat.
// Such a province knows since when it exists and which province it was part of,
// and its regencies know their former code, so that a document of before (a
// national ID number, a plan of the 34 provinces) still finds its place. Older
// splits are not recorded: the registers of before 2022 hold no other codes.
//
// A site's own values (its zone, its 3T flag) are stored with the site; this package only
// proposes them.
package region

import (
	_ "embed" // the data
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Province is a province (provinsi).
type Province struct {
	Code string // Kemendagri: two digits
	BPS  string // Statistics Indonesia: two digits
	ISO  string // ISO 3166-2
	Name string
	Zone string // "WIB", "WITA" or "WIT"
	// MapID is the shape on the map of the 34 provinces; a younger province has
	// that of its former one.
	MapID  string
	Since  string // the date of its law, for a province younger than the set of 2022
	Former string // the province it was a part of until then
}

// Outline is a province's shape on the map: where its number stands on a drawing of
// MapWidth × MapHeight, and how tall the room for it is, which is twice as wide.
type Outline struct {
	ID         string // Province.MapID
	X, Y, Room int
}

// The size of the map's drawing, templates/static/vendor/indonesia/provinces.svg.
const (
	MapWidth  = 1586
	MapHeight = 576
)

// Outlines lists the shapes by ID.
func Outlines() []Outline { return slices.Clone(data().outlines) }

// In2022 says whether the province is one of the 34 of early 2022.
func (p Province) In2022() bool { return p.Since == "" }

// Regency is a regency (kabupaten) or a city (kota).
type Regency struct {
	Code          string // Kemendagri: "31.71"
	Name          string // with its kind: "Kota Bogor", "Kabupaten Bogor"
	Province      string // code
	Former        string // the code before its province was made, or ""
	Zone          string // its province's: no province lies in two zones
	City          bool
	Disadvantaged bool // listed by Perpres 63/2020; the 3T flag of a site starts from it
}

// Provinces lists the provinces by code.
func Provinces() []Province { return slices.Clone(data().provinces) }

// ProvinceByCode finds a province by its Kemendagri code.
func ProvinceByCode(code string) (Province, bool) {
	for _, p := range data().provinces {
		if p.Code == code {
			return p, true
		}
	}
	return Province{}, false
}

// Regencies lists a province's regencies and cities by code.
func Regencies(province string) []Regency {
	var in []Regency
	for _, r := range data().regencies {
		if r.Province == province {
			in = append(in, r)
		}
	}
	return in
}

// AllRegencies lists every regency and city by code.
func AllRegencies() []Regency { return slices.Clone(data().regencies) }

// RegencyByCode finds a regency by its code of today or its former one, written
// "31.71" or "3171".
func RegencyByCode(code string) (Regency, bool) {
	i, ok := data().byCode[strings.Replace(code, ".", "", 1)]
	if !ok {
		return Regency{}, false
	}
	return data().regencies[i], true
}

// FindRegencies finds regencies by name and ignores case, spaces and hyphens. "Kab.
// Bogor" and "Kota Bogor" find one, "Bogor" finds both.
func FindRegencies(name string) []Regency {
	want := nameOf(name)
	var found []Regency
	for _, r := range data().regencies {
		have := nameOf(r.Name)
		if want.rest == have.rest && (want.kind == "" || want.kind == have.kind) {
			found = append(found, r)
		}
	}
	return found
}

// regencyName is a name made comparable: its kind, and the rest in small
// letters without what people write differently.
type regencyName struct{ kind, rest string }

func nameOf(name string) regencyName {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return strings.ContainsRune(" .-\u00a0\t", r)
	})
	var n regencyName
	if len(words) > 1 {
		switch words[0] {
		case "kabupaten", "kab":
			n.kind, words = "kabupaten", words[1:]
		case "kota":
			n.kind, words = "kota", words[1:]
		}
	}
	if len(words) > 1 && (words[0] == "administrasi" || words[0] == "adm") {
		words = words[1:]
	}
	n.rest = strings.Join(words, "")
	return n
}

//go:embed provinces.csv
var provincesCSV string

//go:embed regencies.csv
var regenciesCSV string

//go:embed former.csv
var formerCSV string

//go:embed outlines.csv
var outlinesCSV string

//go:embed disadvantaged.csv
var disadvantagedCSV string

type areas struct {
	provinces []Province
	regencies []Regency
	outlines  []Outline
	byCode    map[string]int // codes without dot, former ones too
}

var data = sync.OnceValue(parse)

func parse() areas {
	a := areas{byCode: make(map[string]int)}
	zones := make(map[string]string)
	for _, row := range rows(provincesCSV) {
		a.provinces = append(a.provinces, Province{Code: row[0], BPS: row[1], ISO: row[2], Name: row[3],
			Zone: row[4], MapID: row[5], Since: row[6], Former: row[7]})
		zones[row[0]] = row[4]
	}
	for _, row := range rows(outlinesCSV) {
		o := Outline{ID: row[0]}
		for i, to := range []*int{&o.X, &o.Y, &o.Room} {
			n, err := strconv.Atoi(row[i+1])
			if err != nil {
				panic(fmt.Sprintf("region: embedded data: %v", err))
			}
			*to = n
		}
		a.outlines = append(a.outlines, o)
	}
	former := make(map[string]string)
	for _, row := range rows(formerCSV) {
		former[row[1]] = row[0]
	}
	disadvantaged := make(map[string]bool)
	for _, row := range rows(disadvantagedCSV) {
		disadvantaged[row[0]] = true
	}
	for i, row := range rows(regenciesCSV) {
		code, name := row[0], row[1]
		province, _, _ := strings.Cut(code, ".")
		r := Regency{Code: code, Name: name, Province: province, Former: former[code], Zone: zones[province],
			City: strings.HasPrefix(name, "Kota "), Disadvantaged: disadvantaged[code]}
		a.regencies = append(a.regencies, r)
		a.byCode[strings.Replace(code, ".", "", 1)] = i
		if r.Former != "" {
			a.byCode[strings.Replace(r.Former, ".", "", 1)] = i
		}
	}
	return a
}

// rows reads an embedded file without its heading. The file is part of the
// program, so a fault in it is a fault of the build, which the tests catch.
func rows(file string) [][]string {
	all, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil || len(all) == 0 {
		panic(fmt.Sprintf("region: embedded data: %v", err))
	}
	return all[1:]
}
