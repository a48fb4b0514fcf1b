// Print is the smallest program that says its version.
package main

import (
	"fmt"

	"buktihadir/models/version"
)

func main() { fmt.Println(version.Line("program")) }
