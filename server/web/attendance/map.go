package attendance

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/templates"
)

// provinceFigures is a province with its figures and how many places in classes it has.
type provinceFigures struct {
	figureLine
	Enrolled int64
}

// Classes is the address of the classes whose places are counted.
func (l provinceFigures) Classes() string {
	return "/classes?" + url.Values{"province": {l.Key}}.Encode()
}

// Known says whether any of its attendance is.
func (l provinceFigures) Known() bool { return l.All() > 0 }

// provinceFiguresOf are the figures of every province that has any, with the places in
// its classes. The lowest attendance comes first, provinces without a known result last.
func provinceFiguresOf(figures []figureLine, enrolled map[string]int64) []provinceFigures {
	byCode := map[string]provinceFigures{}
	for _, f := range figures {
		byCode[f.Key] = provinceFigures{f, enrolled[f.Key]}
	}
	for code, n := range enrolled {
		if _, ok := byCode[code]; !ok && n > 0 {
			p, _ := region.ProvinceByCode(code)
			byCode[code] = provinceFigures{figureLine{Dim: models.ByProvince, Key: code, Label: cmp.Or(p.Name, code)}, n}
		}
	}
	return slices.SortedFunc(maps.Values(byCode), func(a, b provinceFigures) int {
		if a.Known() != b.Known() {
			return map[bool]int{true: -1, false: 1}[a.Known()]
		}
		return cmp.Or(cmp.Compare(a.Share(), b.Share()), cmp.Compare(a.Label, b.Label))
	})
}

// outline is a shape on the map with the figures of all provinces in it: the map has the
// 34 provinces of early 2022, and a younger province is in its former one's shape.
type outline struct {
	provinceFigures // added up; its Key names all that have figures
	ID              string
	Merged          []string // the names of the provinces added up, where there are several
	Number          *label   // nil where nothing is known
}

// Names are those of the provinces added up.
func (o outline) Names() string { return strings.Join(o.Merged, ", ") }

// Whole is its share in whole percent. It is rounded down, so that a province never looks
// better than its step.
func (o outline) Whole() int64 { return 100 * o.Attended() / max(o.All(), 1) }

// label is the position of a number, in percent of the drawing. Lead says that the number
// is beside its province, with a line to it.
type label struct {
	X, Y, ToX, ToY string
	Lead           bool
}

// atlas is the map of Indonesia.
type atlas struct {
	Outlines  []outline // by name, for whoever steps through them
	Elsewhere int64     // attendances at sites in no province that is known
}

// Merged are the outlines that stand for several provinces.
func (a atlas) Merged() []outline {
	return slices.DeleteFunc(slices.Clone(a.Outlines), func(o outline) bool { return len(o.Merged) < 2 })
}

// ViewBox is the drawing's, in its own units.
func (atlas) ViewBox() string { return fmt.Sprintf("0 0 %d %d", region.MapWidth, region.MapHeight) }

// mapOf sums provinces by the outlines that they are in. Every province counts exactly
// once.
func mapOf(lines []provinceFigures) atlas {
	var a atlas
	byOutline := map[string][]provinceFigures{}
	for _, l := range lines {
		p, known := region.ProvinceByCode(l.Key)
		if !known {
			a.Elsewhere += l.All()
			continue
		}
		byOutline[p.MapID] = append(byOutline[p.MapID], l)
	}
	names := map[string]string{}
	for _, p := range region.Provinces() {
		if p.In2022() {
			names[p.MapID] = p.Name
		}
	}
	for _, shape := range region.Outlines() {
		a.Outlines = append(a.Outlines, outlineOf(shape, names[shape.ID], byOutline[shape.ID]))
	}
	slices.SortFunc(a.Outlines, func(a, b outline) int { return cmp.Compare(a.Label, b.Label) })
	return a
}

func outlineOf(shape region.Outline, name string, inside []provinceFigures) outline {
	o := outline{ID: shape.ID, provinceFigures: provinceFigures{figureLine: figureLine{Counts: counts{}, Dim: models.ByProvince, Label: name}}}
	slices.SortFunc(inside, func(a, b provinceFigures) int { return cmp.Compare(a.Key, b.Key) })
	var keys []string
	for _, l := range inside {
		for measure, n := range l.Counts {
			o.Counts[measure] += n
		}
		o.Enrolled += l.Enrolled
		keys, o.Merged = append(keys, l.Key), append(o.Merged, l.Label)
	}
	o.Key = strings.Join(keys, ",")
	if len(inside) == 1 {
		o.Label = inside[0].Label
	}
	if o.Known() {
		o.Number = labelOf(shape)
	}
	return o
}

// labelOf puts a number inside its province, or beside one that is too small for it,
// on open sea.
func labelOf(shape region.Outline) *label {
	percent := func(n, of int) string { return fmt.Sprintf("%.2f%%", 100*float64(n)/float64(of)) }
	at := label{X: percent(shape.X, region.MapWidth), Y: percent(shape.Y, region.MapHeight)}
	beside, small := map[string][2]int{
		"id-ba": {690, 534}, "id-bb": {452, 252}, "id-be": {172, 336}, "id-bt": {326, 456}, "id-go": {930, 126}, "id-jk": {430, 374},
		"id-kr": {388, 130}, "id-ma": {1196, 352}, "id-mu": {1204, 158}, "id-nb": {766, 448}, "id-nt": {912, 444}, "id-sa": {1030, 212},
		"id-sn": {796, 352}, "id-sr": {784, 256}, "id-yo": {524, 518},
	}[shape.ID]
	if small {
		at.ToX, at.ToY, at.Lead = at.X, at.Y, true
		at.X, at.Y = percent(beside[0], region.MapWidth), percent(beside[1], region.MapHeight)
	}
	return &at
}

// Grades names the steps of a share, the highest first.
func (atlas) Grades() (list []gradeText) {
	for grade := 4; grade >= 0; grade-- {
		list = append(list, gradeText{grade, templates.Say(fmt.Sprintf("figures.grade_%d", grade))})
	}
	return list
}

// gradeText is a step of a share with its words.
type gradeText struct {
	Grade int
	Text  templates.Text
}
