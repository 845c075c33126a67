// Package boot tells which boot of which machine this is, and how long it has
// been up: a clock that no one can set.
package boot

import "time"

// Moment is a point in time as both of a machine's clocks see it.
type Moment struct {
	Wall time.Time     // what the clock on the wall says; it may be stepped
	Boot string        // names the boot; "" where the system does not tell
	Up   time.Duration // since the boot, time asleep included; never stepped
}

// Now is the present moment.
func Now() Moment {
	return Moment{Wall: time.Now(), Boot: identifier(), Up: up()}
}

// Machine is what tells a machine from others. A mark is "" where the system
// does not tell it, or not to this user.
type Machine struct {
	Hardware string `json:"hardware,omitempty"` // of the firmware; new with every virtual machine, readable by root
	System   string `json:"system,omitempty"`   // of the installed system; copied with a careless image
}

// Relation is what can be said about two machines' marks.
type Relation int

// The relations.
const (
	Unknown Relation = iota // nothing to compare
	Same
	Other
)

// Is compares the marks that both have, the strongest first.
func (m Machine) Is(other Machine) Relation {
	for _, pair := range [][2]string{{m.Hardware, other.Hardware}, {m.System, other.System}} {
		switch {
		case pair[0] == "" || pair[1] == "":
		case pair[0] == pair[1]:
			return Same
		default:
			return Other
		}
	}
	return Unknown
}
