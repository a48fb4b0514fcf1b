package region

import (
	_ "embed" // the data
	"math"
	"strconv"
	"strings"
	"sync"
)

// Point is a place on earth, in degrees (WGS 84).
type Point struct{ Latitude, Longitude float64 }

// earthRadius is the mean radius of the GRS 80 ellipsoid, in metres (H. Moritz,
// "Geodetic Reference System 1980").
const earthRadius = 6_371_008.8

// MetresTo is the length of the great circle between two points (haversine formula), in
// metres. Roads and ferries are longer, but only the order matters when the nearer of two
// sites is chosen.
func (p Point) MetresTo(q Point) float64 {
	radians := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	up, across := math.Sin(radians(q.Latitude-p.Latitude)/2), math.Sin(radians(q.Longitude-p.Longitude)/2)
	h := up*up + math.Cos(radians(p.Latitude))*math.Cos(radians(q.Latitude))*across*across
	return 2 * earthRadius * math.Asin(math.Sqrt(min(1, h)))
}

// PointOf is where the people of a regency or city live: the middle (by median)
// of its populated places in GeoNames (https://www.geonames.org, CC BY 4.0; see
// NOTICE). A regency that GeoNames knows no such place of has the middle of its
// province's regencies. Codes are today's or former ones, with or without dot.
func PointOf(regency string) (Point, bool) {
	r, ok := RegencyByCode(regency)
	if !ok {
		return Point{}, false
	}
	points := points()
	if p, ok := points[r.Code]; ok {
		return p, true
	}
	var sum Point
	n := 0.0
	for _, other := range Regencies(r.Province) {
		if p, ok := points[other.Code]; ok {
			sum.Latitude, sum.Longitude, n = sum.Latitude+p.Latitude, sum.Longitude+p.Longitude, n+1
		}
	}
	return Point{sum.Latitude / n, sum.Longitude / n}, n > 0
}

//go:embed points.csv
var pointsCSV string

var points = sync.OnceValue(func() map[string]Point {
	m := make(map[string]Point)
	for _, row := range rows(pointsCSV) {
		lat, errLat := strconv.ParseFloat(row[1], 64)
		lon, errLon := strconv.ParseFloat(row[2], 64)
		if errLat != nil || errLon != nil {
			panic("region: embedded points: " + strings.Join(row, ","))
		}
		m[row[0]] = Point{lat, lon}
	}
	return m
})
