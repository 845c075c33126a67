// Package failure is an error as a node's server and its people want it: what
// went wrong, what to do, and the detail.
package failure

import (
	"errors"
	"io/fs"
	"slices"
	"syscall"

	"jetpack.internal/shared/exit"
)

// Error is a failed converge.
type Error struct {
	Description    string // one line
	Recommendation string // what to check or do
	Detail         string // any number of lines: output's tail, addresses
	Status         string // of the message to the server; "" is failed
	Cause          error  // may be nil; its exit status is the program's
}

// Error is the description with the cause.
func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Description
	}
	return e.Description + ": " + e.Cause.Error()
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Of is err as a failure; an error that nothing explained gets description.
func Of(err error, description string) *Error {
	var failure *Error
	if errors.As(err, &failure) {
		return failure
	}
	failure = &Error{Description: description, Recommendation: Advice(err, ""), Cause: err}
	switch {
	case IsFull(err):
		failure.Recommendation = roomAdvice
	case errors.Is(err, syscall.EROFS):
		failure.Recommendation = "The disk can only be read, often after it has failed: look at what the kernel says (dmesg), and mount it for writing"
	}
	return failure
}

// Advice is what to do about err: what it says itself, else what is usual. A
// refused right has none here: the program that ends with it names who has it.
func Advice(err error, usual string) string {
	switch hints := exit.Hints(err); {
	case len(hints) > 0:
		return hints[0]
	case errors.Is(err, fs.ErrPermission):
		return ""
	}
	return usual
}

// ForCaller is err as a program ends with it: the recommendation is a hint,
// unless the cause gives it already.
func ForCaller(err error) error {
	var failure *Error
	if errors.As(err, &failure) && failure.Recommendation != "" && !slices.Contains(exit.Hints(err), failure.Recommendation) {
		return exit.Hint(err, "%s", failure.Recommendation)
	}
	return err
}

// Explanation is the detail, or the cause where there is no other.
func (e *Error) Explanation() string {
	if e.Detail == "" && e.Cause != nil {
		return e.Cause.Error()
	}
	return e.Detail
}
