package cli

import "github.com/alecthomas/kong"

// Optional is an option that may stand alone or have a value: --x, --x=VALUE.
type Optional struct {
	Given bool
	Value string // "" when it stands alone
}

// Decode takes a value only where "=" joins it to the option.
func (o *Optional) Decode(ctx *kong.DecodeContext) error {
	*o = Optional{Given: true}
	if ctx.Scan.Peek().Type == kong.FlagValueToken {
		o.Value = ctx.Scan.Pop().String()
	}
	return nil
}

// IsBool tells kong that the next argument is not the value.
func (*Optional) IsBool() bool { return true }
