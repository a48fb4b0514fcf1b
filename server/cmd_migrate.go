package main

import "fmt"

type migrateCmd struct{}

// Run opens the store, which migrates it.
func (*migrateCmd) Run(a *app) error {
	if _, err := a.Open(); err != nil {
		return err
	}
	fmt.Fprintln(a.Stdout, a.Say("cli.migrated"))
	return nil
}
