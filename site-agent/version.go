package main

import (
	"fmt"

	"buktihadir/models/version"
)

// versionName is a command that works on a computer without an agent, too.
const versionName = "version"

type versionCmd struct{}

// Run prints what --version prints.
func (*versionCmd) Run(a *app) error {
	fmt.Fprintln(a.stdout, version.Line("site-agent"))
	return nil
}
