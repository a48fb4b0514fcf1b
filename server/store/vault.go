package store

import (
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
	"gorm.io/gorm"

	"buktihadir/models"
)

const (
	vaultVersion = 1
	keyIDSize    = 4
	masterSize   = 32
)

// ErrVault is wrapped where something sealed can't be opened: the master key is
// another one, or the bytes were changed or moved to another row.
var ErrVault = errors.New("sealed value can't be opened with this master key")

// Vault seals values with XChaCha20-Poly1305 under a data key, which lies in the
// database sealed by the master key, which doesn't. A sealed value is
//
//	version 1 | id of the data key 4 | nonce 24 | ciphertext and tag
//
// and is bound to its scope, the place where it belongs. Indexes and links are
// keyed by keys derived from the oldest data key (HKDF-SHA-256, RFC 5869), so
// that they outlive a rotation.
type Vault struct {
	keys    map[[keyIDSize]byte]cipher.AEAD
	current [keyIDSize]byte
	index   []byte
	links   []byte
}

// Seal encrypts for a scope.
func (v *Vault) Seal(plain []byte, scope string) ([]byte, error) {
	out := append([]byte{vaultVersion}, v.current[:]...)
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	rand.Read(nonce)
	return v.keys[v.current].Seal(append(out, nonce...), nonce, plain, []byte(scope)), nil
}

// Open decrypts what Seal made for the same scope.
func (v *Vault) Open(sealed []byte, scope string) ([]byte, error) {
	const head = 1 + keyIDSize + chacha20poly1305.NonceSizeX
	if len(sealed) < head || sealed[0] != vaultVersion {
		return nil, fmt.Errorf("%w: unknown form", ErrVault)
	}
	aead, ok := v.keys[[keyIDSize]byte(sealed[1:])]
	if !ok {
		return nil, fmt.Errorf("%w: unknown data key %x", ErrVault, sealed[1:1+keyIDSize])
	}
	plain, err := aead.Open(nil, sealed[1+keyIDSize:head], sealed[head:], []byte(scope))
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrVault, scope)
	}
	return plain, nil
}

const indexSize = 16

// Index is a blind index: equal values have equal indexes. Without the key nobody can
// compute the indexes of all possible numbers.
func (v *Vault) Index(kind, value string) []byte {
	m := hmac.New(sha256.New, v.index)
	m.Write([]byte(kind + "\x00" + value))
	return m.Sum(nil)[:indexSize]
}

// Link is the unguessable part of a participant's link. It is derived, not
// stored: a copy of the database opens no page.
func (v *Vault) Link(participant string, version int) []byte {
	m := hmac.New(sha256.New, v.links)
	fmt.Fprintf(m, "%s\x00%d", participant, version)
	return m.Sum(nil)[:indexSize]
}

// openVault unlocks the data keys, and makes the first one in a new database.
func openVault(ctx context.Context, s *Store, cfg Config) (*Vault, error) {
	var rows []models.DataKey
	var lock cipher.AEAD
	err := s.write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Order("created_at, key_id").Find(&rows).Error; err != nil {
			return err
		}
		find := readMasterKey
		if len(rows) == 0 {
			find = makeMasterKey
		}
		master, err := find(cfg)
		if err != nil {
			return err
		}
		if lock, err = chacha20poly1305.NewX(master); err != nil || len(rows) > 0 {
			return err
		}
		rows = []models.DataKey{newDataKey(lock, s.now())}
		return tx.Create(&rows).Error
	})
	if err != nil {
		return nil, fmt.Errorf("unlock personal numbers: %w", err)
	}
	v := &Vault{keys: map[[keyIDSize]byte]cipher.AEAD{}}
	for i, row := range rows {
		if len(row.Sealed) < chacha20poly1305.NonceSizeX || len(row.KeyID) != keyIDSize {
			return nil, fmt.Errorf("%w: data key %x", ErrVault, row.KeyID)
		}
		nonce, box := row.Sealed[:chacha20poly1305.NonceSizeX], row.Sealed[chacha20poly1305.NonceSizeX:]
		key, err := lock.Open(nil, nonce, box, row.KeyID)
		if err != nil {
			return nil, fmt.Errorf("%w: put the master.key that belongs to this database back into its data directory", ErrVault)
		}
		id := [keyIDSize]byte(row.KeyID)
		if v.keys[id], err = chacha20poly1305.NewX(key); err != nil {
			return nil, fmt.Errorf("data key: %w", err)
		}
		v.current = id
		if i == 0 {
			if err := v.derive(key); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

func (v *Vault) derive(key []byte) (err error) {
	if v.index, err = hkdf.Key(sha256.New, key, nil, "bukti-hadir/index/1", masterSize); err != nil {
		return fmt.Errorf("derive index key: %w", err)
	}
	if v.links, err = hkdf.Key(sha256.New, key, nil, "bukti-hadir/links/1", masterSize); err != nil {
		return fmt.Errorf("derive link key: %w", err)
	}
	return nil
}

func newDataKey(lock cipher.AEAD, now models.Millis) models.DataKey {
	fresh := make([]byte, keyIDSize+chacha20poly1305.NonceSizeX+chacha20poly1305.KeySize)
	rand.Read(fresh)
	id, rest := fresh[:keyIDSize:keyIDSize], fresh[keyIDSize:]
	nonce, key := rest[:chacha20poly1305.NonceSizeX:chacha20poly1305.NonceSizeX], rest[chacha20poly1305.NonceSizeX:]
	return models.DataKey{KeyID: id, Sealed: lock.Seal(nonce, nonce, key, id), CreatedAt: now}
}

func masterPath(cfg Config) string { return filepath.Join(cfg.Dir, "master.key") }

// readMasterKey reads the key of an existing database.
func readMasterKey(cfg Config) ([]byte, error) {
	if cfg.MasterKey != nil {
		return cfg.MasterKey, nil
	}
	text, err := os.ReadFile(masterPath(cfg))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: put the master.key that belongs to this database back into its data directory", ErrVault)
	}
	if err != nil {
		return nil, fmt.Errorf("read master key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != masterSize {
		return nil, fmt.Errorf("%s: want %d hex digits", masterPath(cfg), 2*masterSize)
	}
	return key, nil
}

// makeMasterKey draws the key of a new database. It reads a key that exists already and
// never replaces it.
func makeMasterKey(cfg Config) ([]byte, error) {
	if cfg.MasterKey != nil {
		return cfg.MasterKey, nil
	}
	f, err := os.OpenFile(masterPath(cfg), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return readMasterKey(cfg)
	}
	if err != nil {
		return nil, fmt.Errorf("make master key: %w", err)
	}
	key := make([]byte, masterSize)
	rand.Read(key)
	_, werr := f.WriteString(hex.EncodeToString(key) + "\n")
	if err := errors.Join(werr, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("make master key: %w", err)
	}
	return key, nil
}
