package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// parse is kong's parse, but options and positionals may mix in any order,
// and an argument such as -1 is a positional where no option is that digit:
// `jetpack config KEY -1` means the number.
func parse(parser *kong.Kong, args []string) (*kong.Context, error) {
	if len(parser.Model.Children) == 0 {
		var err error
		if args, err = arrange(parser.Model.Flags, args); err != nil {
			return nil, err
		}
	}
	parsed, err := parser.Parse(args)
	return parsed, honest(err)
}

// honest keeps kong's guesses to the long options: any two letters are near to
// each other, so that -x would be taken for -h and for -v.
func honest(err error) error {
	if err == nil {
		return nil
	}
	fault, _, guessed := strings.Cut(err.Error(), ", did you mean")
	if flag, unknown := strings.CutPrefix(fault, "unknown flag "); !guessed || !unknown || strings.HasPrefix(flag, "--") {
		return err
	}
	return errors.New(fault)
}

func isNegative(arg string) bool {
	return len(arg) > 1 && arg[0] == '-' && (arg[1] >= '0' && arg[1] <= '9' || arg[1] == '.')
}

// arrange puts the options first, then "--", then the positionals, each in
// their order. The error says that the last option lacks its value: kong would
// take the "--" for it.
func arrange(flags []*kong.Flag, args []string) ([]string, error) {
	var options, positionals []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			positionals = append(positionals, args[i+1:]...)
			i = len(args)
		case arg == "-" || !strings.HasPrefix(arg, "-") || isNegative(arg) && flagShort(flags, rune(arg[1])) == nil:
			positionals = append(positionals, arg)
		default:
			options = append(options, arg)
			if !takesNext(flags, arg) {
				continue
			}
			if i++; i == len(args) {
				return nil, fmt.Errorf("%s: expected a value", arg)
			}
			options = append(options, args[i])
		}
	}
	if len(positionals) == 0 {
		return options, nil
	}
	return append(append(options, "--"), positionals...), nil
}

// takesNext tells whether the option arg has its value in the next argument.
func takesNext(flags []*kong.Flag, arg string) bool {
	if name, ok := strings.CutPrefix(arg, "--"); ok {
		flag := flagNamed(flags, name)
		return flag != nil && !flag.IsBool() // "--name=value" is no flag's name
	}
	for i, short := range arg[1:] {
		if flag := flagShort(flags, short); flag != nil && !flag.IsBool() {
			return i+len(string(short)) == len(arg[1:]) // else the rest is its value
		}
	}
	return false
}

func flagNamed(flags []*kong.Flag, name string) *kong.Flag {
	for _, flag := range flags {
		if flag.Name == name {
			return flag
		}
	}
	return nil
}

func flagShort(flags []*kong.Flag, short rune) *kong.Flag {
	for _, flag := range flags {
		if flag.Short != 0 && flag.Short == short {
			return flag
		}
	}
	return nil
}
