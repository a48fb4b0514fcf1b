package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"buktihadir/models"
)

// Use is the purpose of a device.
type Use string

// The uses.
const (
	UseDesk   Use = "desk"   // staff scan with it
	UseKiosk  Use = "kiosk"  // people show it their tickets themselves
	UseScreen Use = "screen" // it shows the counts to all
)

// Preset is the setting of a device. It overrides what the device's pages say.
type Preset struct {
	Name, Gate string
	Use        Use
	Classes    []uuid.UUID // that may enter there; empty: all
}

// Device is a phone or a screen that was let in by a code.
type Device struct {
	ID  uuid.UUID
	Key [32]byte // SHA-256 of what it shows to be known again
	Preset
	Paired, Revoked models.Millis // Revoked zero: it may be used
}

// DevicePolicy is what holds for all devices.
type DevicePolicy struct {
	PairedOnly  bool // no other device may sign in over the network
	ScreenNames bool // the big screen names who came last
}

// DeviceChange is what somebody did to a device, or to the policy.
type DeviceChange struct {
	At      models.Millis
	Device  uuid.UUID // zero: the policy
	Officer uuid.UUID // zero: the person at the agent's computer
	What    string    // paired, set, revoked, policy
	Says    string    // its name, or the reason
}

// Devices reads all that ever were, by name.
func (s *Store) Devices(ctx context.Context) (out []Device, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT id, key, name, gate, used_as, classes, paired, revoked FROM devices ORDER BY name, paired`)
	if err != nil {
		return nil, fmt.Errorf("read devices: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var d Device
		var id, key []byte
		var classes string
		if err := rows.Scan(&id, &key, &d.Name, &d.Gate, &d.Use, &classes, &d.Paired, &d.Revoked); err != nil {
			return nil, fmt.Errorf("read a device: %w", err)
		}
		copy(d.ID[:], id)
		copy(d.Key[:], key)
		if err := json.Unmarshal([]byte(classes), &d.Classes); err != nil {
			return nil, fmt.Errorf("read the classes of %q: %w", d.Name, err)
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// SaveDevice keeps a device, new or changed, and what was done to it.
func (s *Store) SaveDevice(ctx context.Context, d Device, change DeviceChange) error {
	classes, err := json.Marshal(d.Classes)
	if err != nil {
		return fmt.Errorf("write classes: %w", err)
	}
	return s.changeDevices(ctx, change, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO devices (id, key, name, gate, used_as, classes, paired, revoked) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, gate = excluded.gate, used_as = excluded.used_as, classes = excluded.classes,
			revoked = excluded.revoked`,
			d.ID[:], d.Key[:], d.Name, d.Gate, string(d.Use), string(classes), int64(d.Paired), int64(d.Revoked))
		return err
	})
}

// DevicePolicy reads it.
func (s *Store) DevicePolicy(ctx context.Context) (p DevicePolicy, err error) {
	if err := s.read.QueryRowContext(ctx, `SELECT paired_only, screen_names FROM device_policy`).Scan(&p.PairedOnly, &p.ScreenNames); err != nil {
		return p, fmt.Errorf("read the policy for devices: %w", err)
	}
	return p, nil
}

// SaveDevicePolicy replaces it.
func (s *Store) SaveDevicePolicy(ctx context.Context, p DevicePolicy, change DeviceChange) error {
	return s.changeDevices(ctx, change, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE device_policy SET paired_only = ?, screen_names = ?`, p.PairedOnly, p.ScreenNames)
		return err
	})
}

func (s *Store) changeDevices(ctx context.Context, c DeviceChange, write func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if err := write(tx); err != nil {
		return fmt.Errorf("keep a device: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO device_changes (at, device, officer, what, says) VALUES (?, ?, ?, ?, ?)`,
		int64(c.At), c.Device[:], c.Officer[:], c.What, c.Says); err != nil {
		return fmt.Errorf("keep what was done to a device: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("keep a device: %w", err)
	}
	return nil
}

// DeviceChanges lists the changes of a device, the latest first; the zero ID means the
// policy.
func (s *Store) DeviceChanges(ctx context.Context, device uuid.UUID) (out []DeviceChange, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT at, officer, what, says FROM device_changes WHERE device = ? ORDER BY pos DESC`, device[:])
	if err != nil {
		return nil, fmt.Errorf("read what was done to a device: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		c := DeviceChange{Device: device}
		var officer []byte
		if err := rows.Scan(&c.At, &officer, &c.What, &c.Says); err != nil {
			return nil, fmt.Errorf("read what was done to a device: %w", err)
		}
		copy(c.Officer[:], officer)
		out = append(out, c)
	}
	return out, rows.Err()
}
