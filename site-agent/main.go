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
	ShowVersion kong.VersionFlag `name:"version" help:"Print the version and exit."`

	Enroll  enrollCmd  `cmd:"" help:"Mendaftarkan komputer ini. Enrol this computer for a site, with a one-time code."`
	Serve   serveCmd   `cmd:"" help:"Menjalankan presensi. Run the desk: pages for this computer and phones, and the exchange with the server."`
	Scan    scanCmd    `cmd:"" help:"Memeriksa tiket dari masukan. Judge tickets from standard input: one code per line, one answer per line."`
	Sync    syncCmd    `cmd:"" help:"Mengirim dan menerima. Send the journal to the server and fetch the roster."`
	Bundle  bundleCmd  `cmd:"" help:"Mengirim dan menerima lewat berkas. The same in files, without a network: export, import."`
	Clock   clockCmd   `cmd:"" help:"Jam komputer ini. Show the clock, confirm it, or set it."`
	Salvage salvageCmd `cmd:"" help:"Menyelamatkan data yang rusak. Recover what can be verified from a damaged file."`
	Status  statusCmd  `cmd:"" help:"Keadaan komputer ini. Show this agent's state."`
	Doctor  doctorCmd  `cmd:"" help:"Kesiapan untuk hari berikutnya. Check whether this desk is ready for its next day, and what to fix."`
	Service serviceCmd `cmd:"" help:"Berjalan sendiri saat komputer menyala. Run the desk as a service: install, uninstall, start, stop, status."`
	Version versionCmd `cmd:"" help:"Versi program. Print the version."`
}

// These are the exit codes.
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
		kong.Name("site-agent"), kong.UsageOnError(),
		kong.Description("Presensi satu tempat pelatihan, dengan atau tanpa internet. The desk of one training site, with or without a network."),
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
