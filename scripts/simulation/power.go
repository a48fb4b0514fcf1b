package main

import (
	"strings"
	"sync"

	"modernc.org/sqlite"
)

// grid cuts the power of programs. Each database has a switch, and SQLite asks it before
// every commit. Commits before the cut stay; everything after it fails, as in a crash
// between two writes.
type grid struct {
	mu       sync.Mutex
	switches map[string]*power // by database file
}

// newGrid hooks into every connection that is opened from now on, and affects only those
// whose database is connected to it.
func newGrid() *grid {
	g := &grid{switches: map[string]*power{}}
	sqlite.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, dsn string) error {
		file, _, _ := strings.Cut(strings.TrimPrefix(dsn, "file:"), "?")
		g.mu.Lock()
		p := g.switches[file]
		g.mu.Unlock()
		if hooks, ok := conn.(sqlite.HookRegisterer); ok && p != nil {
			hooks.RegisterCommitHook(p.commit)
		}
		return nil
	})
	return g
}

// connect gives the switch of a database that is opened after this.
func (g *grid) connect(file string) *power {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := &power{commits: -1}
	g.switches[file] = p
	return p
}

func (g *grid) forget(file string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.switches, file)
}

// power is the switch of one program.
type power struct {
	mu      sync.Mutex
	off     bool
	commits int // that succeed before the cut; negative: no cut
}

func (p *power) commit() int32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.commits == 0 {
		p.off = true
	}
	if p.off {
		return 1
	}
	p.commits = max(p.commits-1, -1)
	return 0
}

// cutAfter lets n more commits succeed.
func (p *power) cutAfter(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.commits = n
}

func (p *power) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.off = true
}

func (p *power) isOff() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.off
}

func (p *power) restore() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.off, p.commits = false, -1
}
