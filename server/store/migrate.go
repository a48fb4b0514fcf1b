package store

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"
)

//go:embed schema/0001_start.sql
var schemaStart string

//go:embed schema/0002_log.sql
var schemaLog string

//go:embed schema/0003_cases.sql
var schemaCases string

//go:embed schema/0004_clocks.sql
var schemaClocks string

//go:embed schema/0005_agents.sql
var schemaAgents string

//go:embed schema/0007_rotation.sql
var schemaRotation string

//go:embed schema/0006_bundles.sql
var schemaBundles string

//go:embed schema/0009_restored.sql
var schemaRestored string

//go:embed schema/0010_tallies.sql
var schemaTallies string

//go:embed schema/0011_api.sql
var schemaAPI string

//go:embed schema/0012_calendar.sql
var schemaCalendar string

//go:embed schema/0014_autoplan.sql
var schemaAutoPlan string

//go:embed schema/0013_evidence.sql
var schemaEvidence string

//go:embed schema/0020_bulk.sql
var schemaBulk string

//go:embed schema/0021_documents.sql
var schemaDocuments string

//go:embed schema/0023_budget.sql
var schemaBudget string

//go:embed schema/0024_feeds.sql
var schemaFeeds string

//go:embed schema/0025_mail.sql
var schemaMail string

//go:embed schema/0022_corrections.sql
var schemaCorrections string

//go:embed schema/0030_rights.sql
var schemaRights string

//go:embed schema/0031_held.sql
var schemaHeld string

//go:embed schema/0032_attachments.sql
var schemaAttachments string

//go:embed schema/0033_email.sql
var schemaEmail string

// ErrNewer says that the database was written by a newer program.
var ErrNewer = errors.New("the database belongs to a newer version of this program: install that version, or restore the backup made before the update")

// migrations are applied in order, each in a transaction, and never edited once released.
func migrations() []*gormigrate.Migration {
	return []*gormigrate.Migration{
		{ID: "0001_start", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaStart) }},
		{ID: "0002_log", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaLog) }},
		{ID: "0003_cases", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaCases) }},
		{ID: "0004_clocks", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaClocks) }},
		{ID: "0005_agents", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaAgents) }},
		{ID: "0006_bundles", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaBundles) }},
		{ID: "0007_rotation", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaRotation) }},
		{ID: "0008_append_only", Migrate: guardRecord},
		{ID: "0009_restored", Migrate: func(tx *gorm.DB) error {
			return errors.Join(runScript(tx, schemaRestored), guard(tx, "restores", nil))
		}},
		{ID: "0010_tallies", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaTallies) }},
		{ID: "0011_api", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaAPI) }},
		{ID: "0012_calendar", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaCalendar) }},
		{ID: "0013_evidence", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaEvidence) }},
		{ID: "0014_autoplan", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaAutoPlan) }},
		{ID: "0020_bulk", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaBulk) }},
		{ID: "0021_documents", Migrate: func(tx *gorm.DB) error {
			return errors.Join(runScript(tx, schemaDocuments), guard(tx, "documents", nil))
		}},
		{ID: "0022_corrections", Migrate: func(tx *gorm.DB) error {
			return errors.Join(runScript(tx, schemaCorrections), guardAnew(tx, "corrections", nil))
		}},
		{ID: "0023_budget", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaBudget) }},
		{ID: "0024_feeds", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaFeeds) }},
		{ID: "0025_mail", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaMail) }},
		{ID: "0031_held", Migrate: func(tx *gorm.DB) error {
			return errors.Join(runScript(tx, schemaHeld), guardAnew(tx, "scan_events", recorded()["scan_events"]))
		}},
		{ID: "0030_rights", Migrate: func(tx *gorm.DB) error {
			return errors.Join(runScript(tx, schemaRights), guardAnew(tx, "documents", []string{"file_name", "content"}), guardPapers(tx))
		}},
		{ID: "0032_attachments", Migrate: func(tx *gorm.DB) error {
			return errors.Join(runScript(tx, schemaAttachments), guardAnew(tx, "scan_events", recorded()["scan_events"]), guard(tx, "attachments", []string{"content"}))
		}},
		{ID: "0033_email", Migrate: func(tx *gorm.DB) error { return runScript(tx, schemaEmail) }},
	}
}

func migrate(db *gorm.DB) error {
	o := *gormigrate.DefaultOptions
	o.UseTransaction, o.ValidateUnknownMigrations = true, true
	err := gormigrate.New(db, &o, migrations()).Migrate()
	if errors.Is(err, gormigrate.ErrUnknownPastMigration) {
		return ErrNewer
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// runScript runs a schema script in the words of the database at hand.
func runScript(tx *gorm.DB, script string) error {
	types := []string{" ID ", " TEXT ", " ID,", " TEXT,", " BYTES", " BLOB", " MS", " INTEGER"}
	if tx.Name() == "postgres" {
		types = []string{" ID ", " UUID ", " ID,", " UUID,", " BYTES", " BYTEA", " MS", " BIGINT"}
	}
	for _, statement := range strings.Split(strings.NewReplacer(types...).Replace(script), ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if err := tx.Exec(statement).Error; err != nil {
			return fmt.Errorf("%s: %w", firstLine(statement), err)
		}
	}
	return nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
