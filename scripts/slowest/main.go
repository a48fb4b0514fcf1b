// Command slowest reads the output of go test -json, shows it as go test would without
// -json, one package at a time as soon as it has ended, and names the slowest tests at
// the end.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// shown is the number of slowest tests that are printed.
const shown = 10

func main() {
	if err := report(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "slowest:", err)
		os.Exit(1)
	}
}

// event is a line of go test -json (go doc test2json).
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

type test struct{ pkg, name string }

// run is what has been heard so far.
type run struct {
	output map[test]*bytes.Buffer
	parts  map[test]bool // tests that have parts of their own
	took   map[test]float64
}

func report(in io.Reader, out io.Writer) error {
	r := run{output: map[test]*bytes.Buffer{}, parts: map[test]bool{}, took: map[test]float64{}}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			if _, err := io.WriteString(out, r.take(line)); err != nil {
				return fmt.Errorf("show: %w", err)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
	}
	_, err := io.WriteString(out, r.slowest())
	return err
}

// take reads a line and returns the text to show now.
func (r run) take(line []byte) string {
	var e event
	if json.Unmarshal(line, &e) != nil || e.Action == "build-output" {
		return cmp.Or(e.Output, string(line)) // other output of go
	}
	is := test{e.Package, e.Test}
	switch e.Action {
	case "output":
		return r.hear(is, e.Output)
	case "run":
		if parent := strings.LastIndexByte(e.Test, '/'); parent > 0 {
			r.parts[test{e.Package, e.Test[:parent]}] = true
		}
	case "pass", "skip":
		r.took[is] = e.Elapsed
		delete(r.output, is)
	case "fail":
		r.took[is] = e.Elapsed
		return r.failed(is)
	}
	return ""
}

// hear keeps a test's output until its result is known. It prints the package's own lines
// at once, except the one that its last line repeats.
func (r run) hear(is test, text string) string {
	if is.name == "" {
		if text == "PASS\n" {
			return ""
		}
		return text
	}
	if strings.HasPrefix(strings.TrimSpace(text), "=== ") {
		return ""
	}
	if r.output[is] == nil {
		r.output[is] = &bytes.Buffer{}
	}
	r.output[is].WriteString(text)
	return ""
}

// failed returns the output of a failed test; for a failed package, the output of the
// tests that did not end.
func (r run) failed(is test) string {
	var b strings.Builder
	for _, other := range slices.SortedFunc(maps.Keys(r.output), func(x, y test) int { return cmp.Compare(x.name, y.name) }) {
		if other == is || is.name == "" && other.pkg == is.pkg {
			b.Write(r.output[other].Bytes())
			delete(r.output, other)
		}
	}
	return b.String()
}

// slowest names the tests that took longest. A test with parts is left to them: it waits.
func (r run) slowest() string {
	var all []test
	for is := range r.took {
		if is.name != "" && !r.parts[is] {
			all = append(all, is)
		}
	}
	slices.SortFunc(all, func(a, b test) int { return cmp.Or(cmp.Compare(r.took[b], r.took[a]), cmp.Compare(a.name, b.name)) })
	var b strings.Builder
	b.WriteString("the slowest tests:\n")
	for _, is := range all[:min(shown, len(all))] {
		fmt.Fprintf(&b, "%7.1f s  %s  %s\n", r.took[is], is.pkg[strings.IndexByte(is.pkg, '/')+1:], is.name)
	}
	return b.String()
}
