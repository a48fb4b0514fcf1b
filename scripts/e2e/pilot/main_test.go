package pilot_test

import (
	"os"
	"testing"

	"buktihadir/scripts/e2e"
)

func TestMain(m *testing.M) { os.Exit(e2e.Main(m)) }
