// Package manager knows the system's service manager: systemd, SysV, OpenRC,
// Windows, launchd, and whatever else kardianos/service does.
package manager

import (
	_ "embed"
	"errors"
	"fmt"

	"github.com/kardianos/service"
)

// Name of the service.
const Name = "healthcheckd"

// What the service managers of Linux want, in the words of kardianos/service's
// templates. Its own templates let the disk be filled by output, start nothing
// anew, or leave no time for checks to be ended.
var (
	//go:embed healthcheckd.service
	unit string
	//go:embed healthcheckd.sysv
	initScript string
	//go:embed healthcheckd.openrc
	openRC string
)

// Manager manages the service.
type Manager struct {
	service service.Service
	home    string
}

// New is the manager of a service that runs the program at path for the home.
func New(path, home string) (*Manager, error) {
	s, err := service.New(idle{}, &service.Config{
		Name: Name, DisplayName: "Jetpack HealthCheck",
		Description: "Judges the health of this cluster node",
		Executable:  path, Arguments: []string{"run", "--verbose"},
		EnvVars: map[string]string{"JETPACK_HOME": home},
		Option: service.KeyValue{
			"SystemdScript": unit, "SysvScript": initScript, "OpenRCScript": openRC,
			"OnFailure": "restart", "OnFailureDelayDuration": "5s", // Windows
			"KeepAlive": true, "RunAtLoad": true, // launchd
		},
	})
	if errors.Is(err, service.ErrNoServiceSystemDetected) {
		return nil, errors.New("cannot manage the service: this system has no service manager that is known")
	}
	if err != nil {
		return nil, fmt.Errorf("cannot manage the service: %w", err)
	}
	return &Manager{s, home}, nil
}

// Install makes the service known to the system and has it started at boot.
func (m *Manager) Install() error {
	err := canWrite(m.home)
	if err == nil {
		err = m.service.Install()
	}
	return explain("install", err)
}

// Uninstall stops the service if it runs and makes the system forget it.
func (m *Manager) Uninstall() error {
	if status, err := m.service.Status(); err == nil && status == service.StatusRunning {
		if err := m.Stop(); err != nil {
			return err
		}
	}
	if err := m.service.Uninstall(); err != nil {
		return explain("uninstall", err)
	}
	return explain("uninstall", forget())
}

// Start starts the service.
func (m *Manager) Start() error { return explain("start", m.service.Start()) }

// Stop stops the service.
func (m *Manager) Stop() error { return explain("stop", m.service.Stop()) }

// Restart stops the service and starts it again.
func (m *Manager) Restart() error { return explain("restart", m.service.Restart()) }

func explain(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("cannot %s the service: %w", what, err)
}

// idle is a service that is managed, not run.
type idle struct{}

func (idle) Start(service.Service) error { return nil }
func (idle) Stop(service.Service) error  { return nil }
