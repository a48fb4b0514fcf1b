// Rulebook compiles the rulebook for offline phones to WebAssembly, with the Go toolchain
// only. It writes the compressed result under templates/static/rulebook, with Go's own
// loader and its licence and a digest of the sources. The result is committed, so that
// building the programs does not need a second compiler run. A test in this folder fails
// if the sources have changed since.
//
//	go run ./scripts/rulebook
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const (
	program = "./site-agent/offline/wasm"
	folder  = "templates/static/rulebook"
	sources = "sources.sha256"
	module  = "buktihadir"
)

func main() {
	log.SetFlags(0)
	if err := write("."); err != nil {
		log.Fatal("rulebook: ", err)
	}
}

// write builds the rulebook of the module in dir.
func write(dir string) error {
	sum, err := digest(dir)
	if err != nil {
		return err
	}
	root, err := tool(dir, "env", "GOROOT")
	if err != nil {
		return err
	}
	goroot, out := strings.TrimSpace(string(root)), filepath.Join(dir, folder)
	work, err := os.MkdirTemp("", "rulebook")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }() // a leftover temporary file does no harm
	built := filepath.Join(work, "rulebook.wasm")
	if _, err := tool(dir, "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", built, program); err != nil {
		return err
	}
	raw, err := os.ReadFile(built)
	if err != nil {
		return err
	}
	packed, err := pack(raw)
	if err != nil {
		return err
	}
	loader, err1 := os.ReadFile(filepath.Join(goroot, "lib", "wasm", "wasm_exec.js"))
	licence, err2 := os.ReadFile(filepath.Join(goroot, "LICENSE"))
	if err := errors.Join(err1, err2, os.MkdirAll(out, 0o750)); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(out, "rulebook.wasm.gz"), packed, 0o600),
		os.WriteFile(filepath.Join(out, "wasm_exec.js"), loader, 0o600),
		os.WriteFile(filepath.Join(out, "LICENSE"), licence, 0o600),
		os.WriteFile(filepath.Join(out, sources), []byte(sum+"\n"), 0o600),
	)
}

func pack(raw []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(raw)
	}
	if err == nil {
		err = w.Close()
	}
	return out.Bytes(), err
}

// tool runs the Go tool for the browser.
func tool(dir string, args ...string) ([]byte, error) {
	c := exec.Command("go", args...)
	c.Dir, c.Stderr = dir, os.Stderr
	c.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return out, nil
}

// dependency is the part of go list's answer that counts here.
type dependency struct {
	ImportPath, Dir     string
	Standard            bool
	GoFiles, EmbedFiles []string
	Module              *struct {
		Path, Version string
		Replace       *struct{ Path, Version string }
	}
}

// digest is over what the rulebook is built from: the files of this module by content,
// those of others by version. The toolchain is not part of it.
func digest(dir string) (string, error) {
	out, err := tool(dir, "list", "-deps", "-json=ImportPath,Dir,Standard,GoFiles,EmbedFiles,Module", program)
	if err != nil {
		return "", err
	}
	var lines []string
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var d dependency
		if err := dec.Decode(&d); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return "", fmt.Errorf("read go list's answer: %w", err)
		}
		of, err := d.lines()
		if err != nil {
			return "", err
		}
		lines = append(lines, of...)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(lines), "\n")))
	return hex.EncodeToString(sum[:]), nil
}

func (d dependency) lines() ([]string, error) {
	if d.Standard || d.Module == nil {
		return nil, nil
	}
	if d.Module.Path != module {
		return []string{d.Module.Path + " " + d.Module.Version}, nil
	}
	var lines []string
	for _, name := range append(d.GoFiles, d.EmbedFiles...) {
		text, err := os.ReadFile(filepath.Join(d.Dir, name))
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
		lines = append(lines, d.ImportPath+"/"+name+" "+hex.EncodeToString(sum[:]))
	}
	return lines, nil
}
