package page

import (
	"context"
	"time"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/store"
)

// Sign-ins survive a restart of the agent, because power fails at sites every day: phones
// continue without a PIN. Two clocks limit them.
//
// Unused counts only the time in which the agent ran: nobody can use a desk that is off,
// and a phone that worked offline looks unused from here. It cannot be set.
//
// Age also counts the time in which the agent was off, as far as it is known. A machine's
// clock may be wrong after a start. There are two estimates: by the machine's clock and
// by the best time known. At first the shorter one counts, so a clock that woke up in
// 1970, stood still, or is as wrong as before does not sign anybody out; a clock that
// runs ahead of both is believed. Once the server or staff have said the time, the age is
// the time between what was known then and now: a wrong clock cannot keep anybody signed
// in. The time in which the agent ran always counts; time off that can never be measured
// does not.

// KeepEvery is the interval at which the state is stored while somebody is signed in;
// signing in and out is stored at once. After a power cut a desk may lock itself earlier
// by at most that interval, never later.
const KeepEvery = 30 * time.Second

// gap is a time in which the agent did not run, that may have been longer than it seemed.
type gap struct {
	from    models.Millis // known
	counted time.Duration
	mono    int64 // at its end
}

// off is how long the agent did not run since then; known says that there is no doubt.
func off(then store.SignIns, now desk.Moment) (d time.Duration, known bool) {
	switch {
	case then.Boot == now.Boot:
		return time.Duration(now.Mono-then.Mono) * time.Millisecond, true
	case then.Known && now.Known:
		return max(0, now.At.Sub(then.At)), true
	}
	return max(0, min(now.At.Sub(then.At), now.Wall.Sub(then.Wall))), false
}

// Load takes up what was kept.
func (s *Sessions) Load(kept store.SignIns) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, m := s.Now(), s.clock()
	s.kept = len(kept.List)
	lost, known := off(kept, m)
	for _, x := range kept.List {
		if len(x.Key) != len(SignKey{}) {
			continue
		}
		s.all[SignKey(x.Key)] = &session{
			officer: x.Officer, pin: x.PIN, device: x.Device, address: x.Address, kiosk: x.Kiosk, epoch: x.Epoch, early: true,
			began: m.Mono - (x.Age + lost).Milliseconds(), seen: now.Add(-x.Unused),
		}
	}
	if !known && kept.Known {
		s.gap = &gap{from: kept.At, counted: lost, mono: m.Mono}
	}
}

// Settle computes the gap again once the time is known, and removes sign-ins that are
// over.
func (s *Sessions) Settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, m := s.Now(), s.clock()
	if g := s.gap; g != nil && m.Known {
		ran := time.Duration(m.Mono-g.mono) * time.Millisecond
		longer := max(0, m.At.Sub(g.from)-ran) - g.counted
		for _, x := range s.all {
			if x.early {
				x.began -= longer.Milliseconds()
			}
		}
		s.gap = nil
	}
	s.purge(now, m)
}

// State is what is to be kept.
func (s *Sessions) State() store.SignIns {
	s.mu.RLock()
	defer s.mu.RUnlock()
	now, m := s.Now(), s.clock()
	kept := store.SignIns{Boot: m.Boot, Mono: m.Mono, Wall: m.Wall, At: m.At, Known: m.Known}
	for key, x := range s.all {
		kept.List = append(kept.List, store.SignIn{
			Key: key[:], Epoch: x.epoch, Officer: x.officer, PIN: x.pin, Device: x.device, Address: x.address, Kiosk: x.kiosk,
			Age: x.age(m), Unused: now.Sub(x.seen),
		})
	}
	return kept
}

// SaveSignIns stores who is signed in. If the disk cannot be written nobody is signed
// out: it is tried again soon.
func (k *Kit) SaveSignIns(ctx context.Context) {
	k.Sessions.saving.Lock() // an older state never replaces a newer one
	defer k.Sessions.saving.Unlock()
	state := k.Sessions.State()
	if err := k.Store.KeepSignIns(context.WithoutCancel(ctx), state); err != nil {
		k.Log.Error("keep who is signed in", "error", err)
		return
	}
	k.Sessions.kept = len(state.List)
}

// SaveAll makes durable who is signed in and which phones are waited for.
func (k *Kit) SaveAll(ctx context.Context) {
	if k.Sessions.toKeep() {
		k.SaveSignIns(ctx)
	}
	k.SavePhones(ctx)
}

// Keep writes down from time to time who is signed in, and which phones the site waits
// for, until ctx is done.
func (k *Kit) Keep(ctx context.Context) {
	tick := time.NewTicker(KeepEvery)
	defer tick.Stop()
	for {
		k.Sessions.Settle()
		k.SaveAll(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			k.SaveAll(ctx)
			return
		}
	}
}
