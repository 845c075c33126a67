// Package clitest runs the tests that every program has: its scripts, and the
// contract that all programs keep.
package clitest

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// Main is the TestMain of a program's tests: scripts and the contract start
// the test binary itself as the program, so that they are real processes with
// the race detector in them.
func Main(m *testing.M, name string, main func()) {
	testscript.Main(m, map[string]func(){name: main})
}

// atOnce, in GORACE, spares programs with the race detector in them the second
// that it sleeps at their end.
const atOnce = "atexit_sleep_ms=0"

// Setup is more to prepare before each script.
type Setup func(*testscript.Env) error

// Scripts runs testdata/*.txtar, each in a folder of its own that is the home
// of a node: $JETPACK_HOME is $WORK/home. Besides testscript's own commands
// there is `status N COMMAND…`, which runs a command and wants just that exit
// status.
func Scripts(t *testing.T, setups ...Setup) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("JETPACK_HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("JETPACK_CLUSTER_INIT", filepath.Join(env.WorkDir, "cluster-init"))
			env.Setenv("JETPACK_IMDS_ENDPOINT", "none")
			env.Setenv("GORACE", atOnce)
			for _, setup := range setups {
				if err := setup(env); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": status},
	})
}

func status(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND [ARG…]")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("status: %v", err)
	}
	if got := statusOf(ts, ts.Exec(args[1], args[2:]...)); got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

func statusOf(ts *testscript.TestScript, err error) int {
	if err == nil {
		return 0
	}
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		ts.Fatalf("cannot run: %v", err)
	}
	return ended.ExitCode()
}
