// Package pairing manages the devices of a site's desk: which were let in by a code, in
// which role, and which were removed. Codes are only in memory; devices are in the
// agent's store.
package pairing

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/store"
)

const (
	// valid is how long a code can be used.
	valid = 5 * time.Minute
	// maxOffers bounds memory; the oldest makes room.
	maxOffers = 50
	// MaxName is how long a name of a desk or of a gate may be, in characters.
	MaxName = 30
)

// These errors are about a person's request.
var (
	ErrCode   = errors.New("this code is unknown, over or used")
	ErrName   = errors.New("a device needs a name of at most 30 characters")
	ErrTaken  = errors.New("another device has this name")
	ErrReason = errors.New("a reason is needed")
	ErrDevice = errors.New("no such device")
)

// Offer is a code that lets in one device, once.
type Offer struct {
	ID     uuid.UUID
	Code   string // ten characters of base32, 50 random bits; guessing stops after ten tries
	Preset store.Preset
	By     uuid.UUID // zero: the person at the agent's computer
	Until  time.Time // by the monotonic clock
	Device uuid.UUID // that used it; zero: not used yet
}

// Device is one that was let in, with how it is used.
type Device struct {
	store.Device
	Scans int           // since this program was started
	Last  models.Millis // scan; zero: no scan
}

// Label is the device as journals name it.
func (d Device) Label() string {
	if d.Gate == "" {
		return d.Name
	}
	return d.Name + " · " + d.Gate
}

// Active says that it may be used.
func (d Device) Active() bool { return d.ID != uuid.Nil && d.Revoked == 0 }

// Registry is the list of devices and of open codes. It is safe for concurrent use.
type Registry struct {
	st    *store.Store
	now   func() models.Millis
	clock func() time.Time

	mu      sync.RWMutex
	devices map[uuid.UUID]*Device
	byKey   map[[32]byte]*Device
	policy  store.DevicePolicy
	offers  []*Offer
}

// Open reads the devices. now is the agent's time, clock a monotonic one.
func Open(ctx context.Context, st *store.Store, now func() models.Millis, clock func() time.Time) (*Registry, error) {
	r := &Registry{st: st, now: now, clock: clock, devices: map[uuid.UUID]*Device{}, byKey: map[[32]byte]*Device{}}
	list, err := st.Devices(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		r.put(&Device{Device: d})
	}
	r.policy, err = st.DevicePolicy(ctx)
	return r, err
}

func (r *Registry) put(d *Device) { r.devices[d.ID], r.byKey[d.Key] = d, d }

// Policy is what holds for all devices.
func (r *Registry) Policy() store.DevicePolicy {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.policy
}

// SetPolicy replaces it.
func (r *Registry) SetPolicy(ctx context.Context, p store.DevicePolicy, by uuid.UUID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	says := fmt.Sprintf("paired only: %t, names on the screen: %t", p.PairedOnly, p.ScreenNames)
	if err := r.st.SaveDevicePolicy(ctx, p, store.DeviceChange{At: r.now(), Officer: by, What: "policy", Says: says}); err != nil {
		return err
	}
	r.policy = p
	return nil
}

// check tidies a preset up, and says what is wrong with it for a device. It needs the lock.
func (r *Registry) check(p store.Preset, device uuid.UUID) (store.Preset, error) {
	p.Name, p.Gate = strings.Join(strings.Fields(p.Name), " "), strings.Join(strings.Fields(p.Gate), " ")
	if p.Name == "" || len([]rune(p.Name)) > MaxName || len([]rune(p.Gate)) > MaxName {
		return p, ErrName
	}
	for _, d := range r.devices {
		if d.ID != device && d.Active() && strings.EqualFold(d.Name, p.Name) {
			return p, ErrTaken
		}
	}
	return p, nil
}

// Offer makes a code for a device that will be set as p says.
func (r *Registry) Offer(p store.Preset, by uuid.UUID) (Offer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, err := r.check(p, uuid.Nil)
	if err != nil {
		return Offer{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Offer{}, fmt.Errorf("number a code: %w", err)
	}
	o := &Offer{ID: id, Code: rand.Text()[:10], Preset: p, By: by, Until: r.clock().Add(valid)}
	if len(r.offers) >= maxOffers {
		r.offers = r.offers[1:]
	}
	r.offers = append(r.offers, o)
	return *o, nil
}

// Offered is a code that was made, and how much longer it can be used: not at all if
// the time is over or a device has used it.
func (r *Registry) Offered(id uuid.UUID) (o Offer, left time.Duration, ok bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	i := slices.IndexFunc(r.offers, func(o *Offer) bool { return o.ID == id })
	if i < 0 {
		return Offer{}, 0, false
	}
	return *r.offers[i], r.left(r.offers[i]), true
}

func (r *Registry) left(o *Offer) time.Duration {
	if o.Device != uuid.Nil {
		return 0
	}
	return max(0, o.Until.Sub(r.clock()))
}

// open finds the offer of a code that can still be used. It compares hashes of codes, so
// the time does not show anything. The caller must hold the lock.
func (r *Registry) open(code string) (*Offer, error) {
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
	want := sha256.Sum256([]byte(code))
	for _, o := range r.offers {
		if sha256.Sum256([]byte(o.Code)) == want && r.left(o) > 0 {
			return o, nil
		}
	}
	return nil, ErrCode
}

// Peek says what a device would become with a code.
func (r *Registry) Peek(code string) (store.Preset, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	o, err := r.open(code)
	if err != nil {
		return store.Preset{}, err
	}
	return o.Preset, nil
}

// Join uses a code up. The key, 130 random bits, is what the device is known by from now on.
func (r *Registry) Join(ctx context.Context, code string) (d Device, key string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o, err := r.open(code)
	if err != nil {
		return d, "", err
	}
	p, err := r.check(o.Preset, uuid.Nil) // two codes may have been made with one name
	if err != nil {
		return d, "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return d, "", fmt.Errorf("number a device: %w", err)
	}
	key = rand.Text()
	d.Device = store.Device{ID: id, Key: sha256.Sum256([]byte(key)), Preset: p, Paired: r.now()}
	if err := r.st.SaveDevice(ctx, d.Device, r.change(d, o.By, "paired", d.Label())); err != nil {
		return d, "", err
	}
	o.Device = id
	kept := d
	r.put(&kept)
	return d, key, nil
}

func (r *Registry) change(d Device, by uuid.UUID, what, says string) store.DeviceChange {
	return store.DeviceChange{At: r.now(), Device: d.ID, Officer: by, What: what, Says: says}
}

// Known is the device that shows a key, even if it was removed.
func (r *Registry) Known(key string) (Device, bool) {
	hash := sha256.Sum256([]byte(key))
	r.mu.RLock()
	defer r.mu.RUnlock()
	if d := r.byKey[hash]; d != nil {
		return *d, true
	}
	return Device{}, false
}

// Device is one by its ID.
func (r *Registry) Device(id uuid.UUID) (Device, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if d := r.devices[id]; d != nil {
		return *d, true
	}
	return Device{}, false
}

// Devices lists who may be used, by name.
func (r *Registry) Devices() []Device {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var out []Device
	for _, d := range r.devices {
		if d.Active() {
			out = append(out, *d)
		}
	}
	slices.SortFunc(out, func(x, y Device) int { return cmp.Compare(x.Name, y.Name) })
	return out
}

// Scanned takes note that a device has sent a scan.
func (r *Registry) Scanned(id uuid.UUID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d := r.devices[id]; d != nil {
		d.Scans++
		d.Last = r.now()
	}
}

// Set changes what a device is set to.
func (r *Registry) Set(ctx context.Context, id uuid.UUID, p store.Preset, by uuid.UUID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.devices[id]
	if d == nil || !d.Active() {
		return ErrDevice
	}
	changed := *d
	var err error
	if changed.Preset, err = r.check(p, id); err != nil {
		return err
	}
	if err := r.st.SaveDevice(ctx, changed.Device, r.change(changed, by, "set", d.Label()+" → "+changed.Label())); err != nil {
		return err
	}
	*d = changed
	return nil
}

// Revoke shuts a device out for good.
func (r *Registry) Revoke(ctx context.Context, id uuid.UUID, reason string, by uuid.UUID) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return ErrReason
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.devices[id]
	if d == nil || !d.Active() {
		return ErrDevice
	}
	changed := *d
	changed.Revoked = r.now()
	if err := r.st.SaveDevice(ctx, changed.Device, r.change(changed, by, "revoked", reason)); err != nil {
		return err
	}
	*d = changed
	return nil
}

// Changes lists what was done to a device, the latest first.
func (r *Registry) Changes(ctx context.Context, id uuid.UUID) ([]store.DeviceChange, error) {
	return r.st.DeviceChanges(ctx, id)
}
