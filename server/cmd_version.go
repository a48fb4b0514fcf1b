package main

import (
	"fmt"

	"buktihadir/models/version"
)

type versionCmd struct{}

// Run prints what --version prints.
func (*versionCmd) Run(a *app) error {
	fmt.Fprintln(a.Stdout, version.Line("server"))
	return nil
}
