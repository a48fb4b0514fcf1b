package store

import (
	"context"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/go-gormigrate/gormigrate/v2"
	"github.com/google/uuid"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

func TestOnlyANewAgentAsksForPairedDevicesByItself(t *testing.T) {
	for _, c := range []struct {
		name     string
		enrolled bool
	}{{"a computer that is no agent yet", false}, {"an agent that has phones at work", true}} {
		ctx, dir := context.Background(), t.TempDir()
		old, err := openFile(ctx, filepath.Join(dir, fileName), url.Values{}, 1)
		if err != nil {
			t.Fatal(err)
		}
		g, err := gorm.Open(sqlite.Dialector{Conn: old}, &gorm.Config{Logger: logger.Discard})
		if err != nil {
			t.Fatal(err)
		}
		if err := gormigrate.New(g, gormigrate.DefaultOptions, migrations()).MigrateTo("0006_heads"); err != nil {
			t.Fatal(err)
		}
		if c.enrolled {
			if _, err := old.ExecContext(ctx, `INSERT INTO identity (id, agent, epoch, name, token, server_url, server_key, site, enrolled_at)
				VALUES (1, x'01', x'01', 'meja-1', x'', '', '', x'', 0)`); err != nil {
				t.Fatal(err)
			}
		}
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		st, err := Open(ctx, dir)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := st.DevicePolicy(ctx); err != nil || p.PairedOnly == c.enrolled {
			t.Errorf("%s: after the update its policy is %+v, %v", c.name, p, err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestWhatWasDoneToADeviceStays(t *testing.T) {
	ctx := context.Background()
	st, err := Open(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	d := Device{ID: uuid.New(), Preset: Preset{Name: "Meja 2", Use: UseDesk, Classes: []uuid.UUID{uuid.New()}}, Paired: 1}
	if err := st.SaveDevice(ctx, d, DeviceChange{At: 1, Device: d.ID, What: "paired"}); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{`DELETE FROM device_changes`, `UPDATE device_changes SET says = 'x'`} {
		if _, err := st.write.ExecContext(ctx, sql); err == nil {
			t.Errorf("%s is allowed", sql)
		}
	}
	list, err := st.Devices(ctx)
	if err != nil || len(list) != 1 || list[0].Classes[0] != d.Classes[0] || list[0].Name != d.Name {
		t.Errorf("read back: %+v, %v", list, err)
	}
}
