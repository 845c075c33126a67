package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"jetpack.internal/shared/exit"
)

// example is a command with one of everything.
type example struct {
	Level string   `short:"l" enum:"info,warn" default:"info" help:"How bad."`
	File  string   `short:"f" placeholder:"PATH" help:"What to read."`
	Force bool     `help:"Do it."`
	Mode  string   `enum:",slow,fast" default:"" help:"How."`
	Words []string `arg:"" optional:"" sep:"none"`

	run func(ctx context.Context, io IO, c *example) error
}

func (c *example) Run(ctx context.Context, io IO) error { return c.run(ctx, io, c) }

func (c *example) Complete(_ context.Context, _ IO, word string) []string {
	return []string{"alpha", "beta", word + "x"}
}

// try runs the example in-process and gives what it printed.
func try(t *testing.T, run func(ctx context.Context, io IO, c *example) error, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "stdout")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var errs bytes.Buffer
	p := &program{name: "example", summary: "Try things.", command: &example{run: run}}
	p.stdout = newOutput(file)
	p.io = IO{In: strings.NewReader(""), Out: p.stdout, Err: &errs, name: "example"}
	status = p.finish(p.guarded(context.Background(), args))
	out, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return status, string(out), errs.String()
}

func ok(context.Context, IO, *example) error { return nil }

func TestUsageErrors(t *testing.T) {
	for _, args := range [][]string{{"--nope"}, {"-x"}, {"--level", "loud"}, {"--level"}, {"--force=perhaps"}} {
		status, stdout, stderr := try(t, ok, args...)
		if status != exit.Usage || stdout != "" || !strings.HasPrefix(stderr, "example: ") ||
			!strings.HasSuffix(stderr, "example: hint: example --help\n") {
			t.Errorf("%q: status %d, stdout %q, stderr %q", args, status, stdout, stderr)
		}
	}
}

func TestHelpAndVersionNeedNothing(t *testing.T) {
	refuse := func(context.Context, IO, *example) error { return errors.New("was run") }
	for _, arg := range []string{"--help", "-h", "--version"} {
		if status, stdout, stderr := try(t, refuse, arg); status != 0 || stdout == "" || stderr != "" {
			t.Errorf("%s: status %d, stdout %q, stderr %q", arg, status, stdout, stderr)
		}
	}
}

func TestPositionalsAndOptionsInAnyOrder(t *testing.T) {
	for _, c := range []struct {
		args  []string
		words []string
		level string
	}{
		{[]string{"a", "-l", "warn", "b"}, []string{"a", "b"}, "warn"},
		{[]string{"a", "--level=warn", "-1"}, []string{"a", "-1"}, "warn"},
		{[]string{"-1", "--level", "warn", "-2.5", "-"}, []string{"-1", "-2.5", "-"}, "warn"},
		{[]string{"-.5", "-lwarn"}, []string{"-.5"}, "warn"},
		{[]string{"a", "--", "--level", "-7"}, []string{"a", "--level", "-7"}, "info"},
		{[]string{"a,b", ""}, []string{"a,b", ""}, "info"},
	} {
		status, _, stderr := try(t, func(_ context.Context, _ IO, e *example) error {
			if !slices.Equal(e.Words, c.words) || e.Level != c.level {
				t.Errorf("%q: words %q, level %q", c.args, e.Words, e.Level)
			}
			return nil
		}, c.args...)
		if status != 0 {
			t.Errorf("%q: status %d, stderr %q", c.args, status, stderr)
		}
	}
}

func TestErrorsAreOneLineEach(t *testing.T) {
	status, stdout, stderr := try(t, func(context.Context, IO, *example) error {
		return exit.Hint(exit.Errorf(exit.Temporary, "cannot reach \x1b[31m\nserver"), "wait")
	})
	want := "example: cannot reach \\x1b[31m\\nserver\nexample: hint: wait\n"
	if status != exit.Temporary || stdout != "" || stderr != want {
		t.Errorf("status %d, stdout %q, stderr %q", status, stdout, stderr)
	}
}

func TestQuietPrintsTheAnswerOnly(t *testing.T) {
	status, stdout, stderr := try(t, func(_ context.Context, io IO, _ *example) error {
		fmt.Fprintln(io.Out, "unhealthy")
		return exit.Quiet(exit.Unhealthy)
	})
	if status != 254 || stdout != "unhealthy\n" || stderr != "" {
		t.Errorf("status %d, stdout %q, stderr %q", status, stdout, stderr)
	}
}

func TestVerbose(t *testing.T) {
	say := func(_ context.Context, io IO, _ *example) error { io.Logf("reading %d", 7); return nil }
	if _, _, stderr := try(t, say); stderr != "" {
		t.Errorf("without -v: %q", stderr)
	}
	if _, _, stderr := try(t, say, "-v"); stderr != "example: reading 7\n" {
		t.Errorf("with -v: %q", stderr)
	}
}

func TestFaultIsOneLine(t *testing.T) {
	status, _, stderr := try(t, func(context.Context, IO, *example) error { panic("index out of range") })
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
	p := &program{name: "example", command: &example{}}
	p.stdout = newOutput(full)
	p.io = IO{Out: p.stdout, Err: &errs, name: "example"}
	fmt.Fprintln(p.io.Out, "answer")
	if status := p.finish(nil); status != exit.No || !strings.Contains(errs.String(), "cannot write the answer: ") {
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
	p := &program{name: "example", command: &example{}}
	p.stdout = newOutput(writer)
	p.io = IO{Out: p.stdout, Err: io.Discard, name: "example"}
	_, err = p.io.Out.Write(make([]byte, 100_000))
	if status := p.finish(fmt.Errorf("cannot print: %w", err)); status != exit.OK {
		t.Errorf("status %d", status)
	}
}

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		words []string
		want  string
	}{
		{[]string{"--l"}, "--level\tHow bad.\n"},
		{[]string{"--level", "w"}, "warn\n"},
		{[]string{"-l", ""}, "info\nwarn\n"},
		{[]string{"--level=i"}, "--level=info\n"},
		{[]string{"--mode", ""}, "slow\nfast\n"},
		{[]string{"--file", ""}, ":files\n"},
		{[]string{"-f", "x"}, ":files\n"},
		{[]string{"al"}, "alpha\nalx\n"},
		{[]string{"--force", "b"}, "beta\nbx\n"},
		{nil, "alpha\nbeta\nx\n"},
	} {
		status, stdout, stderr := try(t, ok, append([]string{completeFlag}, c.words...)...)
		if status != 0 || stdout != c.want || stderr != "" {
			t.Errorf("%q: status %d, stdout %q, stderr %q", c.words, status, stdout, stderr)
		}
	}
}

func TestRefusedRightNamesWhoHasIt(t *testing.T) {
	path := t.TempDir() + "/missing/file"
	status, _, stderr := try(t, func(context.Context, IO, *example) error {
		return exit.With(exit.Temporary, fmt.Errorf("cannot read: %w", &os.PathError{Op: "open", Path: path, Err: os.ErrPermission}))
	})
	if status != exit.Usage || !strings.Contains(stderr, "\nexample: hint: become root") {
		t.Errorf("status %d, stderr %q", status, stderr)
	}
}
