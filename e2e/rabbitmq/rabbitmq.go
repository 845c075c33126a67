//go:build unix

// Package rabbitmq starts a real RabbitMQ broker on loopback, with ports and
// a folder of its own, and stops exactly what it started.
package rabbitmq

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// program is the broker itself: Debian's wrapper in /usr/sbin would change
// the user and the folders.
const program = "/usr/lib/rabbitmq/bin/rabbitmq-server"

// Broker is a broker of one node.
type Broker struct {
	Dir     string // all that it writes is below
	Port    int    // AMQP
	TLSPort int    // AMQP over TLS, 0 for none

	node    string
	names   *exec.Cmd // epmd, Erlang's name server, on a port of its own
	namesOn int
	peers   int // the port where other nodes of Erlang's would reach it
	server  *exec.Cmd
	done    chan struct{} // closed when server has ended
}

// Start starts a broker that keeps everything in dir and waits until it takes
// connections. The config is lines of rabbitmq.conf. Where RabbitMQ is not
// installed, the error says what to install.
func Start(ctx context.Context, dir string, config ...string) (*Broker, error) {
	if _, err := os.Stat(program); err != nil {
		return nil, errors.New("RabbitMQ is not installed: apt-get install rabbitmq-server amqp-tools")
	}
	ports, err := freePorts(3)
	if err != nil {
		return nil, err
	}
	b := &Broker{Dir: dir, Port: ports[0], node: fmt.Sprintf("jetpack%d@localhost", ports[0]), peers: ports[1], namesOn: ports[2]}
	if err := b.configure(append(config, fmt.Sprintf("distribution.listener.port_range.min = %d", b.peers), fmt.Sprintf("distribution.listener.port_range.max = %d", b.peers))); err != nil {
		return nil, err
	}
	b.names = exec.Command("epmd", "-port", fmt.Sprint(b.namesOn), "-address", "127.0.0.1")
	b.names.Env = b.environment()
	if err := b.names.Start(); err != nil {
		return nil, err
	}
	if err := b.Up(ctx); err != nil {
		b.Stop()
		return nil, err
	}
	return b, nil
}

// freePorts finds ports that nobody uses now, and that the system does not
// give to outgoing connections: one of those could take the port of a broker
// that is down for a moment.
func freePorts(n int) (ports []int, err error) {
	for tries := 0; len(ports) < n; tries++ {
		port := 15000 + rand.IntN(15000)
		l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil && tries < 1000 {
			continue
		}
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, port)
	}
	return ports, nil
}

func (b *Broker) configure(config []string) error {
	lines := []string{
		fmt.Sprintf("listeners.tcp.local = 127.0.0.1:%d", b.Port),
		"disk_free_limit.absolute = 1MB",
		"log.console = false",
	}
	text := strings.Join(append(lines, config...), "\n") + "\n"
	return errors.Join(
		os.WriteFile(filepath.Join(b.Dir, "rabbitmq.conf"), []byte(text), 0o600),
		os.WriteFile(filepath.Join(b.Dir, "plugins"), []byte("[rabbitmq_auth_mechanism_ssl].\n"), 0o600),
	)
}

func (b *Broker) environment() []string {
	in := func(name string) string { return filepath.Join(b.Dir, name) }
	return []string{
		"PATH=" + os.Getenv("PATH"),
		"LANG=C.UTF-8",
		"HOME=" + b.Dir,
		"ERL_EPMD_PORT=" + fmt.Sprint(b.namesOn),
		"ERL_EPMD_ADDRESS=127.0.0.1",
		"ERL_CRASH_DUMP=/dev/null",
		"RABBITMQ_NODENAME=" + b.node,
		"RABBITMQ_MNESIA_BASE=" + in("mnesia"),
		"RABBITMQ_LOG_BASE=" + in("log"),
		"RABBITMQ_PID_FILE=" + in("pid"),
		"RABBITMQ_ENABLED_PLUGINS_FILE=" + in("plugins"),
		"RABBITMQ_CONFIG_FILE=" + in("rabbitmq"),
		"RABBITMQ_CONF_ENV_FILE=/dev/null",
		"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
	}
}

// Up starts a broker that is down, with the state that it had, and waits
// until it takes connections.
func (b *Broker) Up(ctx context.Context) error {
	log, err := os.OpenFile(filepath.Join(b.Dir, "output"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	b.server = exec.Command(program)
	b.server.Env = b.environment()
	b.server.Dir = b.Dir
	b.server.Stdout, b.server.Stderr = log, log
	b.server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := b.server.Start(); err != nil {
		return err
	}
	b.done = make(chan struct{})
	go func(server *exec.Cmd, done chan struct{}) {
		_ = server.Wait() // a broker may be killed: that is no fault
		close(done)
	}(b.server, b.done)
	return b.await(ctx)
}

func (b *Broker) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		if b.greets() {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-b.done:
			output, _ := os.ReadFile(filepath.Join(b.Dir, "output"))
			return fmt.Errorf("the broker has ended: %s", output)
		case <-ctx.Done():
			return fmt.Errorf("the broker does not listen: %w", ctx.Err())
		}
	}
}

// greets tells whether the broker answers the protocol's header.
func (b *Broker) greets() bool {
	conn, err := net.DialTimeout("tcp4", b.Address(), time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return false
	}
	first := make([]byte, 1)
	_, err = conn.Write([]byte("AMQP\x00\x00\x09\x01"))
	if err == nil {
		_, err = conn.Read(first)
	}
	return err == nil && first[0] == 1 // a method frame: connection.start
}

// Address is the broker's host and port.
func (b *Broker) Address() string { return fmt.Sprintf("127.0.0.1:%d", b.Port) }

// URL is the address with the account that may do everything.
func (b *Broker) URL() string { return "amqp://guest:guest@" + b.Address() }

// Down stops the broker in good order; Up starts it again.
func (b *Broker) Down() { b.end(syscall.SIGTERM) }

// Crash kills the broker; Up starts it again.
func (b *Broker) Crash() { b.end(syscall.SIGKILL) }

func (b *Broker) end(signal syscall.Signal) {
	if b.server == nil || b.server.Process == nil {
		return
	}
	group := -b.server.Process.Pid
	if signal == syscall.SIGKILL {
		_ = syscall.Kill(group, signal)
	} else {
		_ = syscall.Kill(-group, signal) // the script stops what it has started
	}
	select {
	case <-b.done:
	case <-time.After(time.Minute):
	}
	_ = syscall.Kill(group, syscall.SIGKILL)
	<-b.done
	b.leave()
}

// leave waits until the broker's ports are free. What ended is the script that
// started the broker: on a busy machine the broker itself, though killed, may
// take a while longer to go.
func (b *Broker) leave() {
	for range 1000 {
		if free(b.Port) && free(b.peers) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func free(port int) bool {
	l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return false
	}
	return l.Close() == nil
}

// Stop ends everything that Start has started.
func (b *Broker) Stop() {
	b.Crash()
	_ = b.names.Process.Kill()
	_ = b.names.Wait()
}

// ControlProgram is how rabbitmqctl is started on the broker, by others than
// Control: its words, and its environment.
func (b *Broker) ControlProgram() (words, environment []string) {
	return []string{"/usr/lib/rabbitmq/bin/rabbitmqctl", "-n", b.node, "-q"}, b.environment()
}

// Control runs rabbitmqctl on the broker.
func (b *Broker) Control(ctx context.Context, args ...string) (string, error) {
	words, environment := b.ControlProgram()
	cmd := exec.CommandContext(ctx, words[0], append(words[1:], args...)...)
	cmd.Env = environment
	output, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("rabbitmqctl %q: %w: %s", args, err, output)
	}
	return string(output), nil
}
