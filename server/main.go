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
	ShowVersion kong.VersionFlag `name:"version" help:"Print the version and exit."`

	Serve    serveCmd    `cmd:"" help:"Menjalankan server. Run the server."`
	Restored restoredCmd `cmd:"" help:"Mencatat pemulihan dari cadangan. Record that this database was restored from a backup, before serving again."`
	Migrate  migrateCmd  `cmd:"" help:"Menyiapkan basis data. Create the database or bring it up to date, then exit."`
	User     userCmd     `cmd:"" help:"Pengguna. Users who sign in: add, list."`
	Mail     mailCmd     `cmd:"" help:"Email kantor. The office's email: test."`
	Token    tokenCmd    `cmd:"" help:"Token API. Tokens of programs that call the API: add, list, revoke."`

	Pilot       pilotCmd       `cmd:"" help:"Uji coba. Pilots: add, decide, correct-decision, phase, policy, budget, list."`
	Import      importCmd      `cmd:"" help:"Mengimpor berkas CSV atau XLSX. Import a CSV or XLSX file: sites, schedule, participants."`
	Site        siteCmd        `cmd:"" help:"Tempat pelatihan. Training sites: list."`
	Class       classCmd       `cmd:"" help:"Kelas. Classes: list."`
	Session     sessionCmd     `cmd:"" help:"Sesi. Sessions: list."`
	Participant participantCmd `cmd:"" help:"Peserta. Participants: list."`
	Ticket      ticketCmd      `cmd:"" help:"Tiket. Tickets: issue, list, render, renew, revoke."`
	Officer     officerCmd     `cmd:"" help:"Petugas presensi. Officers of the desks: add."`

	Agent      agentCmd      `cmd:"" help:"Komputer presensi. Site-agents: add, list, rotate, revoke."`
	Bundle     bundleCmd     `cmd:"" help:"Berkas presensi. Bundles from sites without a network: import."`
	Attendance attendanceCmd `cmd:"" help:"Kehadiran satu kelas. Show the attendance of a class."`
	Events     eventsCmd     `cmd:"" help:"Catatan dari tempat pelatihan. Show what agents reported."`
	Audit      auditCmd      `cmd:"" help:"Bukti catatan tidak diubah. Prove that nobody changed the record: head, check, export, verify."`
	Version    versionCmd    `cmd:"" help:"Versi program. Print the version."`
}

// These are the exit codes.
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
		kong.Name("server"), kong.Description("Server pusat Bukti Hadir. The central server of Bukti Hadir."), kong.UsageOnError(),
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
