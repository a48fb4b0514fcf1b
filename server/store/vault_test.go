package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/store"
)

func TestWhatIsSealedOpensInItsOwnPlaceOnly(t *testing.T) {
	t.Parallel()
	vault := open(t, database.SQLite(t)).Vault()
	rapid.Check(t, func(t *rapid.T) {
		plain, scope := rapid.SliceOf(rapid.Byte()).Draw(t, "plain"), rapid.String().Draw(t, "scope")
		sealed, err := vault.Seal(plain, scope)
		if err != nil {
			t.Fatal(err)
		}
		got, err := vault.Open(sealed, scope)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("opened %x (%v), want %x", got, err, plain)
		}
		if _, err := vault.Open(sealed, scope+"x"); !errors.Is(err, store.ErrVault) {
			t.Fatalf("another scope gave %v, want ErrVault", err)
		}
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		sealed[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := vault.Open(sealed, scope); !errors.Is(err, store.ErrVault) {
			t.Fatalf("a flipped bit at %d gave %v, want ErrVault", at, err)
		}
		if _, err := vault.Open(sealed[:at], scope); !errors.Is(err, store.ErrVault) {
			t.Fatalf("a cut at %d gave %v, want ErrVault", at, err)
		}
	})
}

func TestIndexesAndLinksOutliveARestart(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		index, link := st.Vault().Index("nik", "3273001506950001"), st.Vault().Link("somebody", 1)
		sealed, err := st.Vault().Seal([]byte("secret"), "scope")
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		again := open(t, cfg).Vault()
		if !bytes.Equal(index, again.Index("nik", "3273001506950001")) || !bytes.Equal(link, again.Link("somebody", 1)) {
			t.Error("an index or a link changed over a restart")
		}
		if got, err := again.Open(sealed, "scope"); err != nil || string(got) != "secret" {
			t.Errorf("opened %q (%v) after a restart", got, err)
		}
		if bytes.Equal(index, again.Index("phone", "3273001506950001")) || bytes.Equal(link, again.Link("somebody", 2)) {
			t.Error("another kind or version gave the same bytes")
		}
	})
}

func TestAnotherMasterKeyIsRefusedWithWhatToDo(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		if err := open(t, cfg).Close(); err != nil {
			t.Fatal(err)
		}
		other := strings.Repeat("ab", 32) + "\n"
		if err := os.WriteFile(filepath.Join(cfg.Dir, "master.key"), []byte(other), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := store.Open(t.Context(), cfg)
		if !errors.Is(err, store.ErrVault) || !strings.Contains(err.Error(), "master.key") {
			t.Errorf("opening gave %v, want ErrVault and a word about master.key", err)
		}
	})
}

func TestPersonalNumbersNeverReachTheFilesInTheClear(t *testing.T) {
	t.Parallel()
	const nik, phone = models.NIK("3273001506950001"), models.Phone("+6281298765432")
	cfg := database.SQLite(t)
	st := open(t, cfg)
	p := models.Participant{ID: uuid.New(), Number: "REG-1", Name: "Siti Aminah", LinkVersion: 1}
	err := st.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.SealParticipant(&p, nik, phone); err != nil {
			return err
		}
		return tx.AddParticipants([]models.Participant{p})
	})
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(cfg.Dir, "server.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("database files: %v (%v)", files, err)
	}
	sawName := false
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		sawName = sawName || bytes.Contains(content, []byte(p.Name))
		for _, secret := range []string{string(nik), string(phone), strings.TrimPrefix(string(phone), "+")} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds a personal number in the clear", filepath.Base(f))
			}
		}
	}
	if !sawName {
		t.Error("the row is in none of the files: this test looks in the wrong place")
	}
	found, err := st.Read(t.Context()).ParticipantsByNIK([][]byte{st.Read(t.Context()).NIKIndex(nik)})
	if err != nil || len(found) != 1 || found[0].ID != p.ID {
		t.Errorf("search by NIK found %d (%v), want the participant", len(found), err)
	}
}
