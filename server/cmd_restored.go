package main

import (
	"fmt"

	"buktihadir/models"
	"buktihadir/server/store"
)

type restoredCmd struct{}

// Run is for after a backup was put back, before the server serves again.
func (*restoredCmd) Run(a *app) error {
	st, err := a.Open()
	if err != nil {
		return err
	}
	err = st.Write(a.ctx, func(tx *store.Tx) error {
		if err := tx.Restored(); err != nil {
			return err
		}
		return tx.Record(models.HistoryEntry{Actor: actor, Action: "server.restored", Entity: "server"})
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(a.Stdout, a.Say("cli.restored"))
	return nil
}
