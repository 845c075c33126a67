package main

import (
	"strings"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/subcmd"
)

// The options are read here, in the manner of the other programs, and not by
// the library that they use: merely to link it makes a start a fifth slower,
// and a job starts this program ten times.

// option is one of the program's options.
type option struct {
	name, help string
	short      string             // "" for none
	value      string             // what its value is called, "" for an option without
	set        func(string) error // takes the value
}

func (c *command) options() []option {
	yes := func(flag *bool) func(string) error {
		return func(string) error { *flag = true; return nil }
	}
	return []option{
		{name: "help", short: "h", set: yes(&c.help), help: "Show this help."},
		{name: "json", set: yes(&c.json), help: "Print JSON."},
		{name: "explain", set: yes(&c.explain), help: "Tell which layer and file the value comes from, instead of the value."},
		{name: "wait", value: "DURATION", set: c.wait.set, help: "Wait until KEY exists, at most that long: 90s, 5m, 1h30m, or seconds."},
		{name: "verbose", short: "v", set: yes(&c.verbose), help: "Say on stderr what is done."},
		{name: "version", set: yes(&c.version), help: "Print the version."},
	}
}

// parse reads the arguments; options and positionals may mix in any order. It
// stops at an option that asks for help or the version.
func (c *command) parse(args []string) error {
	r := reader{args: args, options: c.options()}
	for len(r.args) > 0 && !c.help && !c.version {
		if err := r.next(); err != nil {
			return exit.Hint(exit.With(exit.Usage, err), "jetpack-config --help")
		}
	}
	switch len(r.positionals) {
	case 2:
		c.fallback = &r.positionals[1]
		fallthrough
	case 1:
		c.key = &r.positionals[0]
	}
	return nil
}

// reader reads arguments one after the other.
type reader struct {
	args        []string // what is left
	options     []option
	positionals []string
}

func (r *reader) take() string {
	arg := r.args[0]
	r.args = r.args[1:]
	return arg
}

func (r *reader) next() error {
	switch arg := r.take(); {
	case arg == "--":
		for len(r.args) > 0 {
			if err := r.positional(r.take()); err != nil {
				return err
			}
		}
		return nil
	case strings.HasPrefix(arg, "--"):
		name, value, joined := strings.Cut(arg[2:], "=")
		return r.long(name, value, joined)
	case len(arg) > 1 && arg[0] == '-' && !strings.Contains("0123456789.", arg[1:2]): // -1 is a number
		return r.short(arg[1:])
	default:
		return r.positional(arg)
	}
}

func (r *reader) positional(arg string) error {
	if len(r.positionals) == 2 {
		return exit.Errorf(exit.Usage, "unexpected argument %s", arg)
	}
	r.positionals = append(r.positionals, arg)
	return nil
}

func (r *reader) long(name, value string, joined bool) error {
	var names []string
	for _, o := range r.options {
		if o.name == name {
			return r.set(o, value, joined)
		}
		names = append(names, o.name)
	}
	err := exit.Errorf(exit.Usage, "unknown flag --%s", name)
	if near := subcmd.Near(name, names); len(near) > 0 {
		return exit.Hint(err, "did you mean --%s?", strings.Join(near, " or --"))
	}
	return err
}

// short reads a cluster of short options, such as -hv. None has a value.
func (r *reader) short(cluster string) error {
next:
	for _, letter := range cluster {
		for _, o := range r.options {
			if o.short == string(letter) {
				if err := r.set(o, "", false); err != nil {
					return err
				}
				continue next
			}
		}
		return exit.Errorf(exit.Usage, "unknown flag -%c", letter)
	}
	return nil
}

func (r *reader) set(o option, value string, joined bool) error {
	switch {
	case o.value == "" && joined:
		return exit.Errorf(exit.Usage, "--%s takes no value", o.name)
	case o.value != "" && !joined && len(r.args) == 0:
		return exit.Errorf(exit.Usage, "--%s: expected a %s", o.name, o.value)
	case o.value != "" && !joined:
		value = r.take()
	}
	if err := o.set(value); err != nil {
		return exit.Errorf(exit.Usage, "--%s: %w", o.name, err)
	}
	return nil
}
