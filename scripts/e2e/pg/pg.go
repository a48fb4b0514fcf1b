// Package pg gives tests a real PostgreSQL server without any setup: a temporary cluster
// in a temporary folder. It listens on a socket in that folder only, so it does not meet
// another server or use a port.
//
// [New] gives an empty database of its own, in one cluster that the whole test
// binary shares, and [Template] copies of a database that was filled once. [Start]
// makes a cluster for one test.
//
// The server never outlives the test binary, however that one ends: a small
// shell holds the read end of a pipe, and when the pipe closes it stops the
// server and removes the folder.
package pg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// startTimeout is generous, because the first start shares two cores with
// compilers.
const startTimeout = 30 * time.Second

// shared is the cluster of this test binary. It is a package variable because
// go test gives tests of one binary no other place in common.
var shared = sync.OnceValues(func() (*Cluster, error) { return start(Options{}) })

// New returns the URL of a fresh, empty database in the cluster that all tests of
// this binary share. The database is dropped when the test ends.
func New(t testing.TB) string {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	return c.Database(t)
}

// Options say how a cluster differs from the default, which is quick and forgets
// everything when the machine loses power.
type Options struct {
	// Durable makes every commit reach the disk, as in production.
	Durable bool
}

// Start makes a cluster for one test and removes it when the test ends.
func Start(t testing.TB, o Options) *Cluster {
	t.Helper()
	c, err := start(o)
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		if err := c.stop(); err != nil {
			t.Errorf("stop PostgreSQL: %v", err)
		}
	})
	return c
}

// Cluster is a running PostgreSQL server.
type Cluster struct {
	dir      string
	shell    *exec.Cmd
	hold     io.Closer // closing it ends the server
	done     chan struct{}
	strategy string // how a database is copied
}

// byFile has PostgreSQL copy a database file by file, which takes half as long as through
// the log. Before version 15 it knows no other way, and no word for this one.
const byFile = " STRATEGY file_copy"

// Database creates an empty database, drops it when the test ends, and returns
// its URL.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	return c.copy(t, "template1")
}

// Template is a database that was filled once, and that tests get copies of.
type Template struct {
	c    *Cluster
	name string
}

// NewTemplate fills a database of the shared cluster. fill has to close its connections.
func NewTemplate(ctx context.Context, fill func(url string) error) (*Template, error) {
	c, err := shared()
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	p := &Template{c: c, name: newName()}
	if err := c.execute(ctx, "CREATE DATABASE "+p.name); err != nil {
		return nil, fmt.Errorf("create the template: %w", err)
	}
	if err := fill(c.url(p.name)); err != nil {
		return nil, fmt.Errorf("fill the template: %w", err)
	}
	// A database that somebody is connected to can't be copied.
	return p, c.execute(ctx, "ALTER DATABASE "+p.name+" WITH ALLOW_CONNECTIONS false")
}

// Copy makes a copy, drops it when the test ends, and returns its URL.
func (p *Template) Copy(t testing.TB) string {
	t.Helper()
	return p.c.copy(t, p.name)
}

func newName() string { return "t" + strings.ReplaceAll(uuid.NewString(), "-", "") }

func (c *Cluster) copy(t testing.TB, template string) string {
	t.Helper()
	name := newName()
	if err := c.execute(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+template+c.strategy); err != nil {
		t.Fatalf("create a database: %v", err)
	}
	t.Cleanup(func() {
		if err := c.execute(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the database: %v", err)
		}
	})
	return c.url(name)
}

func (c *Cluster) url(database string) string {
	return "postgres://postgres@/" + database + "?host=" + url.QueryEscape(c.dir)
}

func (c *Cluster) execute(ctx context.Context, sql string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.url("postgres"))
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}

// start makes the cluster and waits until it answers.
func start(o Options) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the cluster: %w", err)
	}
	c := &Cluster{dir: dir, done: make(chan struct{})}
	if err := c.boot(bin, o); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := c.ready(); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		return nil, errors.Join(fmt.Errorf("%w\n%s", err, log), c.stop())
	}
	if c.execute(context.Background(), "SELECT 1 / (current_setting('server_version_num')::int / 150000)") == nil {
		c.strategy = byFile
	}
	return c, nil
}

// boot runs initdb and starts the server under the shell that will end it.
func (c *Cluster) boot(bin string, o Options) error {
	owner, err := serverOwner(c.dir)
	if err != nil {
		return err
	}
	data := filepath.Join(c.dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"),
		"--pgdata="+data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = c.dir, owner
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}

	settings := []string{"listen_addresses=", "unix_socket_directories=" + c.dir, "max_connections=200"}
	if !o.Durable {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off",
			"wal_level=minimal", "max_wal_senders=0", "max_wal_size=128MB")
	}
	args := []string{"-c", supervisor, "sh", c.dir, filepath.Join(bin, "postgres"), "-D", data}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	c.shell = exec.Command("sh", args...)
	c.shell.Dir, c.shell.SysProcAttr = "/", owner
	if c.hold, err = c.shell.StdinPipe(); err != nil {
		return fmt.Errorf("open the supervisor's pipe: %w", err)
	}
	if err := c.shell.Start(); err != nil {
		return fmt.Errorf("start the server: %w", err)
	}
	go func() {
		_ = c.shell.Wait() // the log says more than its exit status
		close(c.done)
	}()
	return nil
}

// supervisor runs the server until standard input closes. SIGQUIT is
// PostgreSQL's immediate shutdown: nothing in the folder is worth a checkpoint.
const supervisor = `
dir=$1; shift
"$@" >"$dir/log" 2>&1 </dev/null &
server=$!
read -r _
kill -QUIT $server 2>/dev/null
wait $server
rm -rf "$dir"
`

// ready waits until the server accepts a connection.
func (c *Cluster) ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := c.execute(ctx, "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server did not answer within %v: %w", startTimeout, err)
		case <-c.done:
			return fmt.Errorf("the server ended at once: %w", err)
		case <-tick.C:
		}
	}
}

func (c *Cluster) stop() error {
	err := c.hold.Close()
	select {
	case <-c.done:
	case <-time.After(startTimeout):
		return errors.Join(err, fmt.Errorf("the server in %s still runs after %v", c.dir, startTimeout))
	}
	return err
}

// binaries finds the folder with initdb and postgres: Debian keeps them out of
// the PATH, one folder per version.
func binaries() (string, error) {
	candidates := []string{os.Getenv("POSTGRES_BIN")}
	if path, err := exec.LookPath("initdb"); err == nil {
		candidates = append(candidates, filepath.Dir(path))
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return "", fmt.Errorf("look for PostgreSQL in %s: %w", pattern, err)
		}
		slices.Reverse(found)
		candidates = append(candidates, found...)
	}
	for _, dir := range candidates {
		if dir != "" && executable(dir, "initdb") && executable(dir, "postgres") {
			return dir, nil
		}
	}
	return "", errors.New("no PostgreSQL server (initdb, postgres) on this machine: ./scripts/test installs it, " +
		"or run apt-get install postgresql, or set POSTGRES_BIN to the folder that holds both")
}

func executable(dir, name string) bool {
	_, err := exec.LookPath(filepath.Join(dir, name))
	return err == nil
}
