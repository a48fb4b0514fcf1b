package main

import (
	"fmt"
)

type restoredCmd struct {
	Reason string `required:"" help:"What happened, and the date of the backup. Published for good: anyone can read it."`
}

// Run is for after a backup was put back, before the server serves again.
func (c *restoredCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	err = byCLI().Restored(a.ctx, st, c.Reason)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.Stdout, a.Say("cli.restored"))
	return nil
}
