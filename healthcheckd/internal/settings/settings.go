// Package settings is how HealthCheck is to work, from the configuration
// tree below cyclecloud.healthcheck.
package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strconv"
	"strings"
	"time"

	"jetpack.internal/shared/tree"
)

// Settings of HealthCheck as a whole. Limits are those of every check that
// has none of its own.
type Settings struct {
	Interval        time.Duration // from one round to the next
	Concurrency     int           // checks at once
	ConvergeTimeout time.Duration // from the launch to the first converge; 0 is none
	Limits          Limits
	Problems        []string // what was left out because it makes no sense
	checks          any
}

// Limits of one check.
type Limits struct {
	Interval time.Duration // at least this long between two runs; 0 is every round
	Timeout  time.Duration
	Strikes  int // so many consecutive 254s are needed
	Action   Action
}

// Action is what is done to an unhealthy node.
type Action struct {
	Kind    Kind
	Command []string // of the kind Command
}

// Kind of an action.
type Kind string

// The kinds of action. The request to the server is made in any case.
const (
	Request  Kind = "request"
	Poweroff Kind = "poweroff"
	Command  Kind = "command"
)

// The built-in settings.
const (
	defaultTimeout         = 5 * time.Minute
	defaultConcurrency     = 8
	defaultConvergeTimeout = 4 * time.Hour
)

func defaultInterval() time.Duration {
	if runtime.GOOS == "windows" {
		return 5 * time.Minute
	}
	return 10 * time.Minute
}

// Default are the settings where nothing is configured.
func Default() Settings {
	return Settings{
		Interval: defaultInterval(), Concurrency: defaultConcurrency, ConvergeTimeout: defaultConvergeTimeout,
		Limits: Limits{Timeout: defaultTimeout, Strikes: 1, Action: Action{Kind: Request}},
	}
}

// Read reads the settings from the configuration tree at path. The minutes
// are the interval of the environment, "" if there is none; they win. A tree
// that is missing says nothing; one that is damaged is the error, and the
// settings then are the built-in ones.
func Read(path, minutes string) (Settings, error) {
	document, err := tree.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		document, err = tree.Parse("", []byte("{}"))
	}
	s := Default()
	if err == nil {
		s.take(document)
	}
	if minutes != "" {
		s.Interval = s.duration("INTERVAL", tree.Number(strings.TrimSpace(minutes)), time.Minute, s.Interval)
	}
	return s, err
}

const prefix = "cyclecloud.healthcheck."

func (s *Settings) take(d tree.Document) {
	if value, found := d.Find(prefix + "interval"); found {
		s.Interval = s.duration(prefix+"interval", value, time.Second, s.Interval)
	}
	if value, found := d.Find(prefix + "concurrency"); found {
		s.Concurrency = s.count(prefix+"concurrency", value, s.Concurrency, 1000)
	}
	if value, found := d.Find("cyclecloud.keepalive.timeout"); found {
		s.ConvergeTimeout = s.convergeTimeout(value)
	}
	s.Limits = s.limits(prefix, func(key string) (any, bool) { return d.Find(prefix + key) }, s.Limits)
	s.checks, _ = d.Find(prefix + "checks")
}

// convergeTimeout is the value in seconds; zero and less turn the check off.
func (s *Settings) convergeTimeout(value any) time.Duration {
	if n, ok := number(value); ok && n <= 0 {
		return 0
	}
	return s.duration("cyclecloud.keepalive.timeout", value, time.Second, defaultConvergeTimeout)
}

// For are the limits of the check of that name. What is wrong with them is
// added to the problems.
func (s *Settings) For(name string) Limits {
	where := prefix + "checks." + name + "."
	find := func(key string) (any, bool) { return tree.Find(s.checks, name+"."+key) }
	limits := s.limits(where, find, s.Limits)
	if value, found := find("interval"); found {
		limits.Interval = s.duration(where+"interval", value, time.Second, limits.Interval)
	}
	return limits
}

func (s *Settings) limits(where string, find func(key string) (any, bool), limits Limits) Limits {
	if value, found := find("timeout"); found {
		limits.Timeout = s.duration(where+"timeout", value, time.Second, limits.Timeout)
	}
	if value, found := find("strikes"); found {
		limits.Strikes = s.count(where+"strikes", value, limits.Strikes, 1_000_000)
	}
	if value, found := find("action"); found {
		limits.Action = s.action(where+"action", value, limits.Action)
	}
	return limits
}

func (s *Settings) refuse(key string, value any, want string) {
	s.Problems = append(s.Problems, fmt.Sprintf("%s is %.100q, not %s: ignored", key, tree.Text(value), want))
}

// longest bounds every duration, so that none overflows.
const longest = 366 * 24 * time.Hour

func (s *Settings) duration(key string, value any, unit, otherwise time.Duration) time.Duration {
	n, ok := number(value)
	if !ok || !(n > 0 && n <= float64(longest/unit)) {
		s.refuse(key, value, "a number of "+map[time.Duration]string{time.Second: "seconds", time.Minute: "minutes"}[unit])
		return otherwise
	}
	return max(time.Duration(n*float64(unit)), time.Millisecond)
}

func (s *Settings) count(key string, value any, otherwise, most int) int {
	n, ok := number(value)
	if !ok || !(n >= 1 && n <= float64(most)) || n != float64(int(n)) {
		s.refuse(key, value, fmt.Sprintf("a count from 1 to %d", most))
		return otherwise
	}
	return int(n)
}

// number takes numbers and, as clusters' templates make them, texts of one.
func number(value any) (float64, bool) {
	var text string
	switch v := value.(type) {
	case tree.Number:
		text = string(v)
	case string:
		text = strings.TrimSpace(v)
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// action is one of two words, or a command: a line for the shell, or a list
// of a program and its arguments.
func (s *Settings) action(key string, value any, otherwise Action) Action {
	switch v := value.(type) {
	case string:
		switch v = strings.TrimSpace(v); v {
		case "":
		case string(Request), string(Poweroff):
			return Action{Kind: Kind(v)}
		default:
			return Action{Kind: Command, Command: shell(v)}
		}
	case []any:
		if command, ok := words(v); ok {
			return Action{Kind: Command, Command: command}
		}
	}
	s.refuse(key, value, `"request", "poweroff" or a command`)
	return otherwise
}

func words(list []any) ([]string, bool) {
	var command []string
	for _, value := range list {
		word, ok := value.(string)
		if !ok {
			return nil, false
		}
		command = append(command, word)
	}
	return command, len(command) > 0 && command[0] != ""
}

// shell is the command that runs a line.
func shell(line string) []string {
	if runtime.GOOS == "windows" {
		return []string{`C:\Windows\System32\cmd.exe`, "/d", "/c", line}
	}
	return []string{"/bin/sh", "-c", line}
}

// String is the action in a few words.
func (a Action) String() string {
	if a.Kind == Command {
		return "command " + strings.Join(a.Command, " ")
	}
	return string(a.Kind)
}
