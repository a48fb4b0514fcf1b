package frames

import (
	"math"
	"math/rand/v2"
)

const (
	quiet  = 4.0  // modules around a code, ISO/IEC 18004
	margin = 7.0  // from the code to the paper's edge, or to the phone's
	bezel  = 11.0 // to the end of the phone
	lines  = 16.0 // of text above and below the code on paper
	fine   = 8    // cells of a module in which strokes of a pen are kept
)

// scene is what is before the camera: the code on its paper or screen, on a desk. Its
// unit is the module, and (0, 0) is the code's upper left corner.
type scene struct {
	modules [][]bool
	paper   bool
	white   float64 // how much light paper and ink give back
	black   float64
	desk    float64
	pen     []bool // in cells of the whole code, by row
	stroke  float64
	fold    *fold
	glare   [3]float64 // where it is, and how far it reaches
	other   *neighbour
	grain   [64][64]float64 // of the desk
}

// neighbour is a second code, on paper. Its place is chosen with the camera's.
type neighbour struct {
	modules [][]bool
	side    float64 // 1 for the right, -1 for the left
	x, y    float64 // its upper left corner
	scale   float64 // how large its modules are
}

// at is how much light comes back from a point of it; on says whether it is there.
func (n *neighbour) at(x, y float64, s *scene) (light float64, on bool) {
	u, v, count := (x-n.x)/n.scale, (y-n.y)/n.scale, float64(len(n.modules))
	out := math.Max(math.Max(-u, u-count), math.Max(-v, v-count))
	if out < 0 && n.modules[int(v)][int(u)] {
		return s.black, true
	}
	return s.white, out < quiet
}

// fold is a straight crease; the far side of it is bent up or down.
type fold struct {
	x, y, nx, ny float64 // a point on it, and the direction across it
	angle        float64
	shade        float64 // how bright the far side is beside the near one
	wear         float64 // half the width in which the ink has come off
}

func newScene(r *rand.Rand, f Frame, modules [][]bool) *scene {
	s := &scene{modules: modules, paper: f.Paper, white: between(r, .82, .97), black: between(r, .04, .16), desk: between(r, .2, .6), stroke: between(r, .08, .3)}
	for y := range s.grain {
		for x := range s.grain[y] {
			s.grain[y][x] = between(r, -.08, .08)
		}
	}
	side := float64(len(modules))
	switch f.Kind {
	case PenMarked:
		s.pen = make([]bool, len(modules)*fine*len(modules)*fine)
		for range 2 + r.IntN(3) {
			s.write(r, side)
		}
	case Folded:
		turn := between(r, 0, math.Pi)
		s.fold = &fold{
			x: between(r, .2, .8) * side, y: between(r, .2, .8) * side, nx: math.Cos(turn), ny: math.Sin(turn),
			angle: sign(r) * between(r, 8, 35) * math.Pi / 180, shade: between(r, .6, .92), wear: between(r, .15, .45),
		}
	case Cracked:
		s.pen, s.stroke = make([]bool, len(modules)*fine*len(modules)*fine), between(r, .3, .9)
		for range 2 + r.IntN(2) {
			s.crack(r, side)
		}
	case Glare:
		s.glare = [3]float64{between(r, .2, .8) * side, between(r, .2, .8) * side, between(r, .05, .11) * side}
	case Blur, Tilt, Noise, LowContrast, Small, Stranger, Another: // are the view's
	}
	return s
}

// write draws one stroke: a bent line, as long as most of the code.
func (s *scene) write(r *rand.Rand, side float64) {
	var p [3][2]float64
	turn, long := between(r, 0, 2*math.Pi), between(r, .4, 1)*side
	p[0] = [2]float64{between(r, 0, 1) * side, between(r, 0, 1) * side}
	p[2] = [2]float64{p[0][0] + long*math.Cos(turn), p[0][1] + long*math.Sin(turn)}
	p[1] = [2]float64{(p[0][0]+p[2][0])/2 + between(r, -.3, .3)*side, (p[0][1]+p[2][1])/2 + between(r, -.3, .3)*side}
	s.draw(p, between(r, .2, .35)*fine, side)
}

// crack draws one that goes through all of the code.
func (s *scene) crack(r *rand.Rand, side float64) {
	from, to := between(r, 0, side), between(r, 0, side)
	p := [3][2]float64{{0, from}, {side / 2, (from+to)/2 + between(r, -.1, .1)*side}, {side, to}}
	if r.IntN(2) == 0 {
		for i := range p {
			p[i][0], p[i][1] = p[i][1], p[i][0]
		}
	}
	s.draw(p, between(r, .1, .2)*fine, side)
}

// draw marks a curve, half as wide as said, in cells.
func (s *scene) draw(p [3][2]float64, half, side float64) {
	steps := 2 * int(side) * fine
	cells := len(s.modules) * fine
	for i := range steps {
		t := float64(i) / float64(steps)
		x := fine * ((1-t)*(1-t)*p[0][0] + 2*t*(1-t)*p[1][0] + t*t*p[2][0])
		y := fine * ((1-t)*(1-t)*p[0][1] + 2*t*(1-t)*p[1][1] + t*t*p[2][1])
		for cy := int(y - half); cy <= int(y+half); cy++ {
			for cx := int(x - half); cx <= int(x+half); cx++ {
				if cx >= 0 && cy >= 0 && cx < cells && cy < cells && math.Hypot(float64(cx)-x, float64(cy)-y) <= half {
					s.pen[cy*cells+cx] = true
				}
			}
		}
	}
}

// at is how much light comes back from a point, 0 to 1.
func (s *scene) at(x, y float64) float64 {
	side := float64(len(s.modules))
	if s.other != nil {
		if light, on := s.other.at(x, y, s); on {
			return light
		}
	}
	out := math.Max(math.Max(-x, x-side), math.Max(-y, y-side)) // how far outside the code
	light := s.white
	switch {
	case out < 0:
		light = s.code(x, y)
	case s.paper && s.printed(x, y, side):
		light = s.black
	case s.paper && (math.Max(-x, x-side) > margin || math.Max(-y, y-side) > margin+lines), !s.paper && out > bezel:
		return s.desk + s.grain[int(math.Abs(y*1.7))%64][int(math.Abs(x*.6))%64]
	case !s.paper && out > margin:
		light = .06
	}
	if s.fold != nil {
		light = s.fold.on(light, s.white, x, y)
	}
	if reach := s.glare[2]; reach > 0 {
		light += (1.4 - light) * (1 - smooth(.8*reach, 1.2*reach, math.Hypot(x-s.glare[0], y-s.glare[1])))
	}
	return light
}

func (s *scene) code(x, y float64) float64 {
	if s.pen != nil && s.pen[int(y*fine)*len(s.modules)*fine+int(x*fine)] {
		return s.stroke
	}
	if s.modules[int(y)][int(x)] {
		return s.black
	}
	return s.white
}

// printed says whether the letters of a name or a hint above and below are here.
func (s *scene) printed(x, y, side float64) bool {
	out := math.Max(-y, y-side) - quiet - 2
	if out < 0 || out > lines-2 || x < 0 || x > side*.8 {
		return false
	}
	return math.Mod(out, 4) < 2 && s.grain[int(out/4)*7+int(out*2)%3][int(x)%64] > 0
}

// across is how far a point lies on the far side of the crease.
func (f *fold) across(x, y float64) float64 { return (x-f.x)*f.nx + (y-f.y)*f.ny }

func (f *fold) on(light, white, x, y float64) float64 {
	t := f.across(x, y)
	if math.Abs(t) < f.wear {
		light = light*.4 + white*.6
	}
	if t > 0 {
		light *= f.shade
	}
	return light
}
