package page

import (
	"context"
	"net/http"

	"buktihadir/site-agent/pairing"
	"buktihadir/templates"
)

// paired is the device that asks; zero if it does not belong to this desk.
func (k *Kit) paired(r *http.Request) pairing.Device {
	if d, ok := k.everPaired(r); ok && d.Active() {
		return d
	}
	return pairing.Device{}
}

func (k *Kit) everPaired(r *http.Request) (pairing.Device, bool) {
	cookie, err := r.Cookie(prefixed(r, "device"))
	if err != nil {
		return pairing.Device{}, false
	}
	return k.Devices.Known(cookie.Value)
}

// welcome says whether staff may sign in on a device.
func (k *Kit) welcome(r *http.Request, d pairing.Device) bool {
	return d.Active() || AtMachine(r) || !k.Devices.Policy().PairedOnly
}

// stranger says why staff may not; empty: they may.
func (k *Kit) stranger(r *http.Request) templates.Text {
	d, known := k.everPaired(r)
	switch {
	case k.welcome(r, k.paired(r)):
		return templates.Text{}
	case known:
		return templates.Say("device.revoked_here", "Name", d.Name)
	}
	return templates.Say("device.unknown_here")
}

// EndOn signs out whoever is signed in on a device.
func (k *Kit) EndOn(ctx context.Context, d pairing.Device) {
	k.Sessions.endWhere(func(_ SignKey, x *session) bool { return x.device == d.ID })
	k.SaveSignIns(ctx)
}

// ShutOut signs out whoever is signed in on a device, and waits no more for what it holds.
func (k *Kit) ShutOut(ctx context.Context, d pairing.Device) {
	k.Phones.shutOut(d.ID)
	k.SavePhones(ctx)
	k.EndOn(ctx, d)
}
