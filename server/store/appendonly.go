package store

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// What is recorded is never changed and never deleted, not even by a mistake of
// this program: the database refuses. Who owns the database can take the guards
// off; the log finds what was done then.

// recorded are the tables of the record, with the columns that are decided later
// and may change.
func recorded() map[string][]string {
	return map[string][]string{
		"scan_events":    {"corrected", "sure", "quarantine", "enrollment_id"},
		"corrections":    nil,
		"case_decisions": nil,
		"stray_batches":  nil,
	}
}

// guardRecord makes the record append-only.
func guardRecord(tx *gorm.DB) error {
	for table, later := range recorded() {
		if err := guard(tx, table, later); err != nil {
			return err
		}
	}
	return nil
}

// guard lets nothing of a table change but the columns that are decided later.
func guard(tx *gorm.DB, table string, later []string) error {
	types, err := tx.Migrator().ColumnTypes(table)
	if err != nil {
		return fmt.Errorf("guard %s: %w", table, err)
	}
	var fixed []string
	for _, c := range types {
		if !slices.Contains(later, c.Name()) {
			fixed = append(fixed, c.Name())
		}
	}
	guards := sqliteGuards
	if tx.Name() == "postgres" {
		guards = postgresGuards
	}
	for _, statement := range guards(table, strings.Join(fixed, ", ")) {
		if err := tx.Exec(statement).Error; err != nil {
			return fmt.Errorf("guard %s: %w", table, err)
		}
	}
	return nil
}

// guardAnew guards the columns too that a table has got since it was guarded.
func guardAnew(tx *gorm.DB, table string, later []string) error {
	for _, trigger := range []string{table + "_never_change", table + "_never_shrink"} {
		drop := "DROP TRIGGER " + trigger
		if tx.Name() == "postgres" {
			drop += " ON " + table
		}
		if err := tx.Exec(drop).Error; err != nil {
			return fmt.Errorf("guard %s: %w", table, err)
		}
	}
	return guard(tx, table, later)
}

func postgresGuards(table, columns string) []string {
	return []string{
		`CREATE OR REPLACE FUNCTION record_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the record is never changed'; END $$`,
		fmt.Sprintf(`CREATE TRIGGER %[1]s_never_change BEFORE UPDATE OF %[2]s ON %[1]s FOR EACH ROW EXECUTE FUNCTION record_stays()`, table, columns),
		fmt.Sprintf(`CREATE TRIGGER %[1]s_never_shrink BEFORE DELETE ON %[1]s FOR EACH ROW EXECUTE FUNCTION record_stays()`, table),
	}
}

func sqliteGuards(table, columns string) []string {
	return []string{
		fmt.Sprintf(`CREATE TRIGGER %[1]s_never_change BEFORE UPDATE OF %[2]s ON %[1]s BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END`, table, columns),
		fmt.Sprintf(`CREATE TRIGGER %[1]s_never_shrink BEFORE DELETE ON %[1]s BEGIN SELECT RAISE(ABORT, 'the record is never cut'); END`, table),
	}
}

// guardPapers lets evidence be emptied, as an erasure must, and never exchanged; other
// papers keep what they say.
func guardPapers(tx *gorm.DB) error {
	const unless = "OLD.entity <> '" + evidence + "' OR LENGTH(NEW.content) > 0 OR NEW.file_name <> ''"
	statement := `CREATE TRIGGER documents_never_exchange BEFORE UPDATE OF file_name, content ON documents WHEN ` + unless + ` BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END`
	if tx.Name() == "postgres" {
		statement = `CREATE TRIGGER documents_never_exchange BEFORE UPDATE OF file_name, content ON documents FOR EACH ROW WHEN (` + unless + `) EXECUTE FUNCTION record_stays()`
	}
	if err := tx.Exec(statement).Error; err != nil {
		return fmt.Errorf("guard papers: %w", err)
	}
	return nil
}
