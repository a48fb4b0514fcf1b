package frames

import (
	"image"
	"math"
	"math/rand/v2"
)

const (
	samples = 4   // each way in a pixel that shows the ticket
	optics  = .55 // blur that every lens has, in pixels (standard deviation)
)

// plane maps points of a scene to pixels, and back.
type plane struct{ there, back [9]float64 }

// view is the position of the camera, with the effects of light and lens.
type view struct {
	kind       Kind
	size       image.Point
	near, far  plane // two sides of a fold, or twice the same
	pixels     float64
	dark, span float64 // brightness is dark + span × light
	slope      [2]float64
	shadow     *fold
	focus      float64 // pixels
	moved      [2]float64
	noise      float64
	loose      float64 // how far from the middle the code may be, of the room that there is
}

func newView(r *rand.Rand, kind Kind, size image.Point, s *scene) *view {
	v := &view{kind: kind, size: size, focus: optics, noise: between(r, 2, 6), loose: .6}
	side := float64(len(s.modules))
	v.pixels = between(r, .42, .72) * float64(size.Y) / side
	lean, roll := between(r, 0, 15), between(r, -15, 15)
	v.dark, v.span = between(r, 5, 25), between(r, 160, 220)
	switch kind {
	case Blur:
		if r.IntN(2) == 0 {
			v.focus = math.Hypot(optics, v.pixels*between(r, .25, .55))
		} else {
			long, turn := v.pixels*between(r, .6, 1.4), between(r, 0, math.Pi)
			v.moved = [2]float64{long * math.Cos(turn), long * math.Sin(turn)}
		}
	case Tilt:
		lean, roll = between(r, 20, 50), between(r, 0, 360)
	case Noise:
		v.noise = between(r, 18, 45)
	case LowContrast:
		v.span = between(r, 25, 70) / (s.white - s.black)
		v.dark = between(r, 10, 230-v.span)
		if r.IntN(2) == 0 {
			turn := between(r, 0, 2*math.Pi)
			v.shadow = &fold{x: side * between(r, .2, .8), y: side * between(r, .2, .8), nx: math.Cos(turn), ny: math.Sin(turn), shade: between(r, .45, .75)}
		}
	case Small:
		v.pixels = between(r, 1.8, 2.6)
	case Stranger, Another:
		v.besides(r, s, side)
	case PenMarked, Folded, Cracked, Glare:
	}
	v.slope = [2]float64{between(r, -.15, .15), between(r, -.15, .15)}
	v.stand(r, s, lean*math.Pi/180, roll*math.Pi/180)
	return v
}

// besides chooses how large two codes are and how far apart, in shares of the picture's
// height. The page's frame reaches 0.38 from its middle.
func (v *view) besides(r *rand.Rand, s *scene, side float64) {
	unit := side / between(r, .34, .4) // modules in the picture's height
	v.pixels, v.loose = float64(v.size.Y)/unit, .05
	n := s.other
	n.scale = between(r, .22, .28) * unit / float64(len(n.modules))
	half := n.scale * float64(len(n.modules)) / 2
	n.x, n.y = side/2+n.side*between(r, .45, .5)*unit-half, side/2+between(r, -.2, .2)*unit-half
}

// stand chooses where the code is in the picture, whole: in its middle part, as a
// person with a phone holds it.
func (v *view) stand(r *rand.Rand, s *scene, lean, roll float64) {
	side := float64(len(s.modules))
	reach := side * v.pixels * .55
	if v.kind == Tilt {
		reach = side * v.pixels * .7
	}
	place := func(length int) float64 {
		free := math.Max(0, float64(length)/2-reach)
		return float64(length)/2 + between(r, -v.loose, v.loose)*free
	}
	cx, cy := place(v.size.X), place(v.size.Y)
	turned := turn(lean, between(r, 0, 2*math.Pi), roll)
	away := between(r, 2.5, 5) * side // the camera's distance in modules
	project := func(bend func(x, y float64) [3]float64) plane {
		var h [9]float64
		o := apply(turned, bend(0, 0))
		for i, p := range [][3]float64{bend(1, 0), bend(0, 1), {}} {
			d := o
			if i < 2 {
				q := apply(turned, p)
				d = [3]float64{q[0] - o[0], q[1] - o[1], q[2] - o[2]}
			}
			w := d[2] / away
			if i == 2 {
				w++
			}
			h[i], h[3+i], h[6+i] = v.pixels*d[0]+cx*w, v.pixels*d[1]+cy*w, w
		}
		return plane{h, inverse(h)}
	}
	flat := func(x, y float64) [3]float64 { return [3]float64{x - side/2, y - side/2, 0} }
	v.near = project(flat)
	v.far = v.near
	if f := s.fold; f != nil {
		v.far = project(func(x, y float64) [3]float64 {
			t := f.across(x, y)
			p, back := flat(x, y), t*(math.Cos(f.angle)-1)
			return [3]float64{p[0] + back*f.nx, p[1] + back*f.ny, t * math.Sin(f.angle)}
		})
	}
}

// picture is the frame that the camera delivers.
func (v *view) picture(r *rand.Rand, s *scene) *image.Gray {
	w, h := v.size.X, v.size.Y
	light := make([]float64, w*h)
	for y := range h {
		for x := range w {
			light[y*w+x] = v.pixel(s, float64(x), float64(y))
		}
	}
	light = v.blur(light)
	out := image.NewGray(image.Rect(0, 0, w, h))
	for i, l := range light {
		fall := 1 + v.slope[0]*(float64(i%w)/float64(w)-.5) + v.slope[1]*(float64(i/w)/float64(h)-.5)
		b := (v.dark+v.span*l)*fall + v.noise*r.NormFloat64()
		out.Pix[i] = uint8(math.Max(0, math.Min(255, b+.5)))
	}
	return out
}

// pixel is the mean light of what one pixel sees.
func (v *view) pixel(s *scene, x, y float64) float64 {
	px, py := v.see(s, x+.5, y+.5)
	side, n := float64(len(s.modules)), samples
	if math.Max(math.Max(-px, px-side), math.Max(-py, py-side)) > quiet && s.other == nil {
		n = 1 // nothing there is to be read
	}
	sum := 0.0
	for i := range n {
		for j := range n {
			sx, sy := v.see(s, x+(float64(i)+.5)/float64(n), y+(float64(j)+.5)/float64(n))
			l := s.at(sx, sy)
			if v.shadow != nil {
				l *= 1 - (1-v.shadow.shade)*smooth(-1.5, 1.5, v.shadow.across(sx, sy))
			}
			sum += l
		}
	}
	return sum / float64(n*n)
}

// see is the point of the scene that a camera's ray meets.
func (v *view) see(s *scene, x, y float64) (px, py float64) {
	px, py = v.near.at(x, y)
	if s.fold != nil && s.fold.across(px, py) > 0 {
		return v.far.at(x, y)
	}
	return px, py
}

func (p plane) at(x, y float64) (float64, float64) {
	b := &p.back
	w := b[6]*x + b[7]*y + b[8]
	return (b[0]*x + b[1]*y + b[2]) / w, (b[3]*x + b[4]*y + b[5]) / w
}

// blur adds the blur of the lens and of a moving hand.
func (v *view) blur(light []float64) []float64 {
	radius := int(3*v.focus) + 1
	kernel := make([]float64, 2*radius+1)
	sum := 0.0
	for i := range kernel {
		d := float64(i-radius) / v.focus
		kernel[i] = math.Exp(-d * d / 2)
		sum += kernel[i]
	}
	for i := range kernel {
		kernel[i] /= sum
	}
	light = v.spread(light, kernel, 1, 0)
	light = v.spread(light, kernel, 0, 1)
	if long := math.Hypot(v.moved[0], v.moved[1]); long > 0 {
		const steps = 15
		even := make([]float64, steps)
		for i := range even {
			even[i] = 1. / steps
		}
		light = v.spread(light, even, v.moved[0]/steps, v.moved[1]/steps)
	}
	return light
}

// spread gives each pixel the weighted mean of those along a direction.
func (v *view) spread(light, weights []float64, dx, dy float64) []float64 {
	w, h := v.size.X, v.size.Y
	out := make([]float64, len(light))
	half := len(weights) / 2
	for i, weight := range weights {
		// Where a step ends between pixels, the nearest counts: its error is below what is spread.
		ox, oy := int(math.Round(dx*float64(i-half))), int(math.Round(dy*float64(i-half)))
		for y := range h {
			from := min(max(y+oy, 0), h-1) * w
			for x := range w {
				out[y*w+x] += weight * light[from+min(max(x+ox, 0), w-1)]
			}
		}
	}
	return out
}

// turn rolls the picture, then leans it back about an axis that lies in it.
func turn(lean, axis, roll float64) [9]float64 {
	c, s, ax, ay := math.Cos(lean), math.Sin(lean), math.Cos(axis), math.Sin(axis)
	tilt := [9]float64{
		c + ax*ax*(1-c), ax * ay * (1 - c), ay * s,
		ax * ay * (1 - c), c + ay*ay*(1-c), -ax * s,
		-ay * s, ax * s, c,
	}
	cr, sr := math.Cos(roll), math.Sin(roll)
	return times(tilt, [9]float64{cr, -sr, 0, sr, cr, 0, 0, 0, 1})
}

func times(a, b [9]float64) (m [9]float64) {
	for i := range 3 {
		for j := range 3 {
			m[3*i+j] = a[3*i]*b[j] + a[3*i+1]*b[3+j] + a[3*i+2]*b[6+j]
		}
	}
	return m
}

func apply(m [9]float64, p [3]float64) [3]float64 {
	return [3]float64{m[0]*p[0] + m[1]*p[1] + m[2]*p[2], m[3]*p[0] + m[4]*p[1] + m[5]*p[2], m[6]*p[0] + m[7]*p[1] + m[8]*p[2]}
}

// inverse is the adjugate: a scale doesn't matter to a projection.
func inverse(m [9]float64) [9]float64 {
	return [9]float64{
		m[4]*m[8] - m[5]*m[7], m[2]*m[7] - m[1]*m[8], m[1]*m[5] - m[2]*m[4],
		m[5]*m[6] - m[3]*m[8], m[0]*m[8] - m[2]*m[6], m[2]*m[3] - m[0]*m[5],
		m[3]*m[7] - m[4]*m[6], m[1]*m[6] - m[0]*m[7], m[0]*m[4] - m[1]*m[3],
	}
}
