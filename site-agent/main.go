// Command site-agent works the desks of one training site: it judges tickets with
// no network, keeps them in its journal, and brings the journal home when it can.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/inconshreveable/mousetrap"

	"buktihadir/models/version"
)

// cli is every command, in the order in which a site needs them.
type cli struct {
	globals

	ShowVersion kong.VersionFlag `name:"version" help:"Print the version and end."`

	Enroll  enrollCmd  `cmd:"" help:"Become the agent of a site, with a one-time code."`
	Serve   serveCmd   `cmd:"" help:"Run the desk: pages for this machine and phones, and the exchange with the server."`
	Scan    scanCmd    `cmd:"" help:"Judge tickets from standard input, one code a line, one answer a line."`
	Sync    syncCmd    `cmd:"" help:"Bring the journal to the server and take the roster home."`
	Bundle  bundleCmd  `cmd:"" help:"The same without a network, in files: export, import."`
	Clock   clockCmd   `cmd:"" help:"Say what time the desk goes by, or that it is right, or what it is."`
	Salvage salvageCmd `cmd:"" help:"Make a fresh file of what can be verified in a damaged one."`
	Status  statusCmd  `cmd:"" help:"Say how this agent stands."`
	Doctor  doctorCmd  `cmd:"" help:"Say whether this desk is ready for its next day, and what to put right."`
	Service serviceCmd `cmd:"" help:"Let this computer start the desk by itself: install, uninstall, start, stop, status."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// What the program ends with.
const (
	exitDone    = 0
	exitRefused = 1
	exitUsage   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	args := os.Args[1:]
	if len(args) == 0 && mousetrap.StartedByExplorer() { // a double click on Windows
		args = []string{"serve", "--open"}
	}
	code := run(ctx, args, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program; its tests call it too.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c,
		kong.Name("site-agent"), kong.Description("The desk of one training site, with or without a network."), kong.UsageOnError(),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { exit = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"version": version.Line("site-agent")})
	if err != nil {
		fmt.Fprintln(stderr, "site-agent:", err)
		return exitUsage
	}
	command, err := parser.Parse(args)
	if exit == exitDone { // --help or --version has answered
		return exitDone
	}
	if err != nil {
		parser.Errorf("%v", err)
		return exitUsage
	}
	a, err := openApp(ctx, c.globals, stdin, stdout, stderr)
	if err == nil && needsData(command.Command()) {
		err = a.open()
	}
	if err == nil {
		err = errors.Join(command.Run(a), a.close())
	}
	if err != nil {
		fmt.Fprintln(stderr, "site-agent:", err)
		return exitRefused
	}
	return exitDone
}

// needsData says whether a command works with the agent's open data.
func needsData(command string) bool {
	return command != salvageName && command != versionName && !strings.HasPrefix(command, "service ")
}
