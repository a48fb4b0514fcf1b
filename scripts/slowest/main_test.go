package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const said = `{"Action":"start","Package":"m/a"}
{"Action":"run","Package":"m/a","Test":"TestGood"}
{"Action":"output","Package":"m/a","Test":"TestGood","Output":"=== RUN   TestGood\n"}
{"Action":"output","Package":"m/a","Test":"TestGood","Output":"    a_test.go:1: nobody asks\n"}
{"Action":"pass","Package":"m/a","Test":"TestGood","Elapsed":1.5}
{"Action":"output","Package":"m/a","Output":"PASS\n"}
{"Action":"output","Package":"m/a","Output":"ok  \tm/a\t2.000s\n"}
{"Action":"pass","Package":"m/a","Elapsed":2}
go: a word of its own
{"Action":"run","Package":"m/b","Test":"TestBad"}
{"Action":"run","Package":"m/b","Test":"TestBad/part"}
{"Action":"output","Package":"m/b","Test":"TestBad","Output":"--- FAIL: TestBad (0.00s)\n"}
{"Action":"output","Package":"m/b","Test":"TestBad/part","Output":"    b_test.go:7: three, want four\n"}
{"Action":"fail","Package":"m/b","Test":"TestBad/part","Elapsed":3}
{"Action":"fail","Package":"m/b","Test":"TestBad","Elapsed":9}
{"Action":"run","Package":"m/b","Test":"TestStuck"}
{"Action":"output","Package":"m/b","Test":"TestStuck","Output":"panic: test timed out\n"}
{"Action":"output","Package":"m/b","Output":"FAIL\tm/b\t9.000s\n"}
{"Action":"fail","Package":"m/b","Elapsed":9}
`

func TestWhatFailedIsShownWithTheSlowestTests(t *testing.T) {
	var out strings.Builder
	if err := report(strings.NewReader(said), &out); err != nil {
		t.Fatal(err)
	}
	want := `ok  	m/a	2.000s
go: a word of its own
    b_test.go:7: three, want four
--- FAIL: TestBad (0.00s)
FAIL	m/b	9.000s
panic: test timed out
the slowest tests:
    3.0 s  b  TestBad/part
    1.5 s  a  TestGood
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
}
