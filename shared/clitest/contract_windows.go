package clitest

import (
	"os"
	"os/exec"
	"testing"
)

// systemVariables are those without which no program starts on this system.
func systemVariables() []string {
	return []string{"SYSTEMROOT=" + os.Getenv("SYSTEMROOT")}
}

// makeReadOnly leaves home as it is: a folder's read-only bit means nothing on
// Windows, and an access list is the installer's to test.
func makeReadOnly(_ *testing.T, cmd *exec.Cmd, _ string) (undo func()) {
	cmd.Args = []string{cmd.Args[0], "--version"}
	return func() {}
}

func withoutStdin(cmd *exec.Cmd) *exec.Cmd { return cmd }
