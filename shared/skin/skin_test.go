package skin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"jetpack.internal/shared/exit"
)

// try runs a program in this process and gives what it printed.
func try(t *testing.T, run Run) (status int, stdout, stderr string) {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "stdout")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var errs bytes.Buffer
	status = Do(t.Context(), NewIO("example", strings.NewReader(""), file, &errs), nil, run)
	out, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return status, string(out), errs.String()
}

func TestErrorsAreOneLineEach(t *testing.T) {
	status, stdout, stderr := try(t, func(context.Context, IO, []string) error {
		return exit.Hint(exit.Errorf(exit.Temporary, "cannot reach \x1b[31m\nserver"), "wait")
	})
	want := "example: cannot reach \\x1b[31m\\nserver\nexample: hint: wait\n"
	if status != exit.Temporary || stdout != "" || stderr != want {
		t.Errorf("status %d, stdout %q, stderr %q", status, stdout, stderr)
	}
}

func TestQuietPrintsTheAnswerOnly(t *testing.T) {
	status, stdout, stderr := try(t, func(_ context.Context, io IO, _ []string) error {
		fmt.Fprintln(io.Out, "unhealthy")
		return exit.Quiet(exit.Unhealthy)
	})
	if status != 254 || stdout != "unhealthy\n" || stderr != "" {
		t.Errorf("status %d, stdout %q, stderr %q", status, stdout, stderr)
	}
}

func TestFaultIsOneLine(t *testing.T) {
	status, _, stderr := try(t, func(context.Context, IO, []string) error { panic("index out of range") })
	if status != exit.No || !strings.HasPrefix(stderr, "example: internal error: index out of range\n") || strings.Contains(stderr, "goroutine") {
		t.Errorf("status %d, stderr %q", status, stderr)
	}
}

func TestFullDiskIsAnError(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return // only Linux has it
	}
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	var errs bytes.Buffer
	answer := func(_ context.Context, io IO, _ []string) error { _, err := fmt.Fprintln(io.Out, "answer"); return err }
	if status := Do(t.Context(), NewIO("example", nil, full, &errs), nil, answer); status != exit.No || !strings.Contains(errs.String(), "cannot write the answer: ") {
		t.Errorf("status %d, stderr %q", status, errs.String())
	}
}

func TestReaderGoneIsSuccess(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	defer writer.Close()
	print := func(_ context.Context, io IO, _ []string) error {
		_, err := io.Out.Write(make([]byte, 100_000))
		return fmt.Errorf("cannot print: %w", err)
	}
	if status := Do(t.Context(), NewIO("example", nil, writer, io.Discard), nil, print); status != exit.OK {
		t.Errorf("status %d", status)
	}
}

func TestRefusedRightNamesWhoHasIt(t *testing.T) {
	path := t.TempDir() + "/missing/file"
	status, _, stderr := try(t, func(context.Context, IO, []string) error {
		return exit.With(exit.Temporary, fmt.Errorf("cannot read: %w", &os.PathError{Op: "open", Path: path, Err: os.ErrPermission}))
	})
	if status != exit.Usage || !strings.Contains(stderr, "\nexample: hint: become root") {
		t.Errorf("status %d, stderr %q", status, stderr)
	}
}
