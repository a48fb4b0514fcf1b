// Package version says which release a program was built from. Both programs
// print the same one, as both are built from the same sources.
//
// scripts/release stamps it. A program built by hand names the commit that the Go tool
// found, or says that it is a development build.
package version

import (
	"runtime"
	"runtime/debug"
)

// stamped is set by the linker: -X buktihadir/models/version.stamped=v1.2.3.
var stamped string

// unknown is the version of a program that was not stamped and was built outside git.
const unknown = "development build"

// String is the release, such as v1.2.3.
func String() string {
	info, _ := debug.ReadBuildInfo()
	return choose(stamped, info)
}

// Line is a program's answer when it is asked for its version: its name, the release, and
// what it was built with and for.
func Line(program string) string {
	return program + " " + String() + " (" + runtime.Version() + ", " + runtime.GOOS + "/" + runtime.GOARCH + ")"
}

// choose takes the stamp, otherwise the commit in the build information. The Go tool
// writes "(devel)" if it does not know one.
func choose(stamp string, info *debug.BuildInfo) string {
	switch {
	case stamp != "":
		return stamp
	case info == nil || info.Main.Version == "" || info.Main.Version == "(devel)":
		return unknown
	default:
		return info.Main.Version
	}
}
