package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/kardianos/service"
)

// serviceName is what the system's own tools call the desk.
const serviceName = "bukti-hadir-agent"

type serviceCmd struct {
	Install   serviceInstallCmd   `cmd:"" help:"Start the desk now and at every boot."`
	Uninstall serviceUninstallCmd `cmd:"" help:"Stop the desk and no longer start it at boot. The data is kept."`
	Start     serviceStartCmd     `cmd:"" help:"Start it now."`
	Stop      serviceStopCmd      `cmd:"" help:"Stop it until the next boot."`
	Status    serviceStatusCmd    `cmd:"" help:"Show whether it is running."`
}

type serviceInstallCmd struct {
	Listen    string `help:"Same as for serve." default:"127.0.0.1:8081"`
	ListenTLS string `name:"listen-tls" help:"Same as for serve." default:"auto"`
	As        string `help:"User to run as; on Linux, default: the user who called sudo." env:"SUDO_USER"`
}

// Run installs and starts.
func (c *serviceInstallCmd) Run(a *app) error {
	s, err := a.service(nil, c.As, "serve", "--listen", c.Listen, "--listen-tls", c.ListenTLS)
	if err != nil {
		return err
	}
	if err := s.Install(); err != nil {
		return a.explainService(err)
	}
	if err := s.Start(); err != nil {
		return a.explainService(err)
	}
	return a.say("service.installed", "Address", "http://"+c.Listen)
}

type serviceUninstallCmd struct{}

// Run stops and removes.
func (*serviceUninstallCmd) Run(a *app) error {
	return a.control("service.uninstalled", func(s service.Service) error {
		_ = s.Stop() // it may not run
		return s.Uninstall()
	})
}

type serviceStartCmd struct{}

// Run starts.
func (*serviceStartCmd) Run(a *app) error { return a.control("service.started", service.Service.Start) }

type serviceStopCmd struct{}

// Run stops.
func (*serviceStopCmd) Run(a *app) error { return a.control("service.stopped", service.Service.Stop) }

type serviceStatusCmd struct{}

// Run says whether it runs.
func (*serviceStatusCmd) Run(a *app) error {
	s, err := a.service(nil, "")
	if err != nil {
		return err
	}
	status, err := s.Status()
	switch {
	case errors.Is(err, service.ErrNotInstalled):
		return a.say("service.none")
	case err != nil:
		return a.explainService(err)
	case status == service.StatusRunning:
		return a.say("service.running")
	}
	return a.say("service.stopped")
}

func (a *app) control(done string, do func(service.Service) error) error {
	s, err := a.service(nil, "")
	if err != nil {
		return err
	}
	if err := do(s); err != nil {
		return a.explainService(err)
	}
	return a.say(done)
}

// service is the desk as the system knows it: systemd, launchd, or Windows' services.
func (a *app) service(program service.Interface, user string, args ...string) (service.Service, error) {
	if runtime.GOOS == "windows" {
		user = "" // a name there needs a password
	}
	s, err := service.New(program, &service.Config{
		Name: serviceName, DisplayName: "Bukti Hadir", Description: "Bukti Hadir: the desk of a training site",
		Arguments: append([]string{"--data", a.Data, "--lang", string(a.Lang)}, args...), WorkingDirectory: a.Data, UserName: user,
	})
	if err != nil {
		return nil, a.explainService(err)
	}
	return s, nil
}

func (a *app) explainService(err error) error {
	switch {
	case errors.Is(err, service.ErrNoServiceSystemDetected):
		return errors.New(a.text("service.unknown_system"))
	case errors.Is(err, service.ErrNotInstalled):
		return errors.New(a.text("service.none"))
	case errors.Is(err, os.ErrPermission), os.Geteuid() > 0:
		a.log.Error("service", "error", err)
		return errors.New(a.text("service.needs_admin"))
	}
	return fmt.Errorf("%s: %w", a.text("service.failed"), err)
}

// startedBySystem says that Windows' service manager waits for this program to answer
// it. systemd and launchd need no answer: they stop it by a signal, as people do.
func startedBySystem() bool { return runtime.GOOS == "windows" && !service.Interactive() }

// asService does the work until the system says stop.
func asService(a *app, work func(*app) error) error {
	ctx, cancel := context.WithCancel(a.ctx)
	defer cancel()
	a.ctx = ctx
	p := &program{cancel: cancel, done: make(chan error, 1)}
	p.work = func() { p.done <- work(a) }
	s, err := a.service(p, "")
	if err != nil {
		return err
	}
	return s.Run()
}

// program is the work as the service library wants it.
type program struct {
	work   func()
	cancel context.CancelFunc
	done   chan error
}

// Start returns at once, as it must.
func (p *program) Start(service.Service) error {
	go p.work()
	return nil
}

// Stop waits for what runs.
func (p *program) Stop(service.Service) error {
	p.cancel()
	return <-p.done
}
