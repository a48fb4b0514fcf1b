package main

import (
	"buktihadir/site-agent/store"
)

// salvageName is the one command that doesn't open the data: it may be beyond opening.
const salvageName = "salvage"

type salvageCmd struct{}

// Run saves everything that can be verified, and prints what was lost. No other process
// may have the data open.
func (c *salvageCmd) Run(a *app) error {
	done, err := store.Salvage(a.ctx, a.Data, a.clock().Wall)
	if done.Kept != "" {
		if err := a.say("salvage.kept", "Folder", done.Kept); err != nil {
			return err
		}
	}
	if err != nil {
		return a.explain(err)
	}
	if err := a.say("salvage.done", "Events", done.Events, "Lost", done.Lost); err != nil {
		return err
	}
	if !done.Roster {
		return a.say("salvage.no_roster")
	}
	return nil
}
