package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"

	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

//go:embed schema.sql
var schemaStart string

//go:embed schema_clocks.sql
var schemaClocks string

//go:embed schema_epochs.sql
var schemaEpochs string

//go:embed schema_bundles.sql
var schemaBundles string

//go:embed schema_witness.sql
var schemaWitness string

//go:embed schema_heads.sql
var schemaHeads string

//go:embed schema_devices.sql
var schemaDevices string

//go:embed schema_attachments.sql
var schemaAttachments string

//go:embed schema_sign_ins.sql
var schemaSignIns string

//go:embed schema_phones.sql
var schemaPhones string

//go:embed schema_others.sql
var schemaOthers string

//go:embed schema_withdrawn.sql
var schemaWithdrawn string

// ErrNewer says that the file was written by a newer program.
var ErrNewer = errors.New("the agent's data belongs to a newer version of this program: install that version")

// migrations are applied in order, each in a transaction, and never edited once released.
func migrations() []*gormigrate.Migration {
	return []*gormigrate.Migration{
		{ID: "0001_start", Migrate: func(tx *gorm.DB) error { return tx.Exec(schemaStart).Error }},
		{ID: "0002_clocks", Migrate: func(tx *gorm.DB) error { return tx.Exec(schemaClocks).Error }},
		{ID: "0003_epochs", Migrate: func(tx *gorm.DB) error { return tx.Exec(schemaEpochs).Error }},
		{ID: "0004_bundles", Migrate: func(tx *gorm.DB) error { return tx.Exec(schemaBundles).Error }},
		{ID: "0005_witness", Migrate: func(tx *gorm.DB) error { return tx.Exec(schemaWitness).Error }},
		{ID: "0006_heads", Migrate: func(tx *gorm.DB) error { return tx.Exec(schemaHeads).Error }},
		{ID: "0007_devices", Migrate: func(tx *gorm.DB) error { return tx.Exec(schemaDevices).Error }},
		{ID: "0009_attachments", Migrate: func(tx *gorm.DB) error { return tx.Exec(schemaAttachments).Error }},
		{ID: "0010_sign_ins", Migrate: func(tx *gorm.DB) error { return tx.Exec(schemaSignIns).Error }},
		{ID: "0011_phones", Migrate: func(tx *gorm.DB) error { return tx.Exec(schemaPhones).Error }},
		{ID: "0012_withdrawn", Migrate: func(tx *gorm.DB) error { return tx.Exec(schemaWithdrawn).Error }},
		{ID: "0013_others", Migrate: func(tx *gorm.DB) error { return tx.Exec(schemaOthers).Error }},
	}
}

func migrate(ctx context.Context, db *sql.DB) error {
	g, err := gorm.Open(sqlite.Dialector{Conn: db}, &gorm.Config{Logger: logger.Discard})
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	o := *gormigrate.DefaultOptions
	o.UseTransaction, o.ValidateUnknownMigrations = true, true
	err = gormigrate.New(g.WithContext(ctx), &o, migrations()).Migrate()
	if errors.Is(err, gormigrate.ErrUnknownPastMigration) {
		return ErrNewer
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
