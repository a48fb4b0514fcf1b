// Command server is the central server of Bukti Hadir: it plans pilots, signs
// tickets, takes in what the sites' agents recorded, and shows attendance.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"buktihadir/models/version"
)

// cli is every command, in the order in which an office needs them.
type cli struct {
	globals

	ShowVersion kong.VersionFlag `name:"version" help:"Print the version and end."`

	Serve    serveCmd    `cmd:"" help:"Run the server."`
	Restored restoredCmd `cmd:"" help:"Say that this database was restored from a backup, before the server serves again."`
	Migrate  migrateCmd  `cmd:"" help:"Make the database or bring it up to date, then end."`
	User     userCmd     `cmd:"" help:"People who sign in: add, list."`
	Mail     mailCmd     `cmd:"" help:"The office's mail: test."`
	Token    tokenCmd    `cmd:"" help:"Tokens of programs that call the API: add, list, revoke."`

	Pilot       pilotCmd       `cmd:"" help:"Pilots: add, decide, phase, policy, list."`
	Import      importCmd      `cmd:"" help:"Import sites, a schedule or participants from a CSV or XLSX file."`
	Site        siteCmd        `cmd:"" help:"Training sites: list."`
	Class       classCmd       `cmd:"" help:"Classes: list."`
	Session     sessionCmd     `cmd:"" help:"Sessions: list."`
	Participant participantCmd `cmd:"" help:"Participants: list."`
	Ticket      ticketCmd      `cmd:"" help:"Tickets: issue, list, render, revoke."`
	Officer     officerCmd     `cmd:"" help:"Officers of the desks: add."`

	Agent      agentCmd      `cmd:"" help:"Site-agents: add, list, revoke."`
	Bundle     bundleCmd     `cmd:"" help:"Bundles from sites without a network: import."`
	Attendance attendanceCmd `cmd:"" help:"Attendance of a class."`
	Events     eventsCmd     `cmd:"" help:"What agents reported."`
	Audit      auditCmd      `cmd:"" help:"Proof that nobody has changed the record: head, check, export, verify."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
}

// What the program ends with.
const (
	exitDone    = 0
	exitRefused = 1
	exitUsage   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program; its tests call it too.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c,
		kong.Name("server"), kong.Description("The central server of Bukti Hadir."), kong.UsageOnError(),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { exit = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"version": version.Line("server")})
	if err != nil {
		fmt.Fprintln(stderr, "server:", err)
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
	a := newApp(ctx, stdin, stdout, stderr)
	a.globals = c.globals
	err = command.Run(a)
	if err = errors.Join(err, a.close()); err != nil {
		fmt.Fprintln(stderr, "server:", a.explain(err))
		return exitRefused
	}
	return exitDone
}
