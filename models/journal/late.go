package journal

import (
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// Late gives the fields whose keys came after the first version, and those that this
// version does not know. Code that packs events in columns has no columns for them.
func (e Event) Late() (map[uint64]cbor.RawMessage, error) {
	if e.TargetEpoch.IsZero() && e.Server == 0 && e.Confirmed == 0 && !e.Offline() && e.Age == 0 && e.Doubt == 0 && e.Other == "" &&
		e.Attached.IsZero() && e.Noted == "" && e.Written == 0 {
		return e.Extra, nil
	}
	b, err := e.Bytes()
	if err != nil {
		return nil, err
	}
	all := map[uint64]cbor.RawMessage{}
	if err := cborModes.dec.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEvent, err)
	}
	for k := range all {
		if k <= lastFirst {
			delete(all, k)
		}
	}
	return all, nil
}

// SetLate takes what Late gave.
func (e *Event) SetLate(late map[uint64]cbor.RawMessage) error {
	if len(late) == 0 {
		return nil
	}
	for k := range late {
		if k <= lastFirst {
			return fmt.Errorf("%w: key %d has a place of its own", ErrEvent, k)
		}
	}
	b, err := cborModes.enc.Marshal(late)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrEvent, err)
	}
	if err := cborModes.dec.Unmarshal(b, e); err != nil {
		return fmt.Errorf("%w: %w", ErrEvent, err)
	}
	e.keepExtra(late)
	return nil
}

func (e *Event) keepExtra(all map[uint64]cbor.RawMessage) {
	for k, v := range all {
		if !hasMeaning(k) {
			if e.Extra == nil {
				e.Extra = map[uint64]cbor.RawMessage{}
			}
			e.Extra[k] = v
		}
	}
}
