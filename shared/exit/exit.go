// Package exit holds the exit statuses every program shares, and marks an
// error with the status and the hint it should end the program with.
package exit

import (
	"errors"
	"fmt"
)

// The exit statuses of all programs. The table is documented in
// docs/exit-status.md and only ever grows: scripts rely on it.
const (
	OK        = 0   // done
	No        = 1   // the answer is no: key absent, script failed, check unhealthy
	Usage     = 2   // usage or configuration is wrong; retrying cannot help
	Temporary = 75  // try again later: server away, lock held (EX_TEMPFAIL of sysexits.h)
	CannotRun = 126 // dispatcher: found but not runnable
	NotFound  = 127 // dispatcher: no such command
	Unhealthy = 254 // healthcheckd once, and any health check: the node is to be terminated
	signals   = 128 // 128+n: ended by signal n
)

// Signal is the exit status of a program ended by signal number n.
func Signal(n int) int { return signals + n }

type marked struct {
	err    error
	status int
	hint   string
}

func (m *marked) Error() string { return m.err.Error() }
func (m *marked) Unwrap() error { return m.err }

// With marks err with an exit status. The mark nearest to the outside wins.
// A nil err stays nil.
func With(status int, err error) error {
	if err == nil {
		return nil
	}
	return &marked{err: err, status: status}
}

// Errorf is fmt.Errorf marked with an exit status.
func Errorf(status int, format string, args ...any) error {
	return &marked{err: fmt.Errorf(format, args...), status: status}
}

// Hint adds a line of advice to err, printed on a line of its own. The exit
// status stays what it was. A nil err stays nil.
func Hint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &marked{err: err, status: Status(err), hint: fmt.Sprintf(format, args...)}
}

// errQuiet says nothing: the program has already printed its answer.
var errQuiet = errors.New("")

// Quiet ends the program with a status and no message, for programs whose
// printed answer says it all.
func Quiet(status int) error { return &marked{err: errQuiet, status: status} }

// IsQuiet tells whether err came from Quiet and is not to be printed.
func IsQuiet(err error) bool { return errors.Is(err, errQuiet) }

// Status is the exit status that err stands for: OK for nil, No for an error
// that nothing marked.
func Status(err error) int {
	if err == nil {
		return OK
	}
	var m *marked
	if errors.As(err, &m) {
		return m.status
	}
	return No
}

// Hints are the hints added to err, outermost first.
func Hints(err error) []string {
	var hints []string
	for err != nil {
		if m, ok := err.(*marked); ok && m.hint != "" {
			hints = append(hints, m.hint)
		}
		err = errors.Unwrap(err)
	}
	return hints
}
