package run

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const maxShebang = 512 // bytes of a first line that are looked at

// Interpreter is the command that runs the script at path where the kernel
// does not: what its "#!" line names, else what its suffix asks for (.sh: bash
// or sh, .py: Python 3 where distributions put it; on Windows .ps1, .py, .bat,
// .cmd). It is nil when there is none.
func Interpreter(path string) []string {
	if line := shebang(path); len(line) > 0 {
		return line
	}
	return firstPresent(interpreters(strings.ToLower(filepath.Ext(path))))
}

func firstPresent(commands [][]string) []string {
	for _, command := range commands {
		if info, err := os.Stat(command[0]); err == nil && info.Mode().IsRegular() {
			return command
		}
	}
	return nil
}

// shebang is the interpreter of a script's first line and its one argument.
func shebang(path string) []string {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	line, _ := bufio.NewReaderSize(io.LimitReader(file, maxShebang), maxShebang).ReadBytes('\n')
	rest, found := bytes.CutPrefix(bytes.TrimRight(line, "\n"), []byte("#!"))
	if !found {
		return nil
	}
	name, argument, _ := strings.Cut(strings.Trim(string(rest), " \t"), " ")
	if name == "" {
		return nil
	}
	if argument = strings.Trim(argument, " \t"); argument != "" {
		return []string{name, argument}
	}
	return []string{name}
}

// explain says what the kernel's answer to a start means. Of a working folder,
// an interpreter or a loader that is missing it says "no such file", as of the
// file itself.
func explain(path, dir string, err error) error {
	if err == nil {
		return nil
	}
	var failed *fs.PathError
	if errors.As(err, &failed) {
		if failed.Op != "fork/exec" {
			return fmt.Errorf("cannot start %q: %w", path, err)
		}
		err = failed.Err
	}
	if info, gone := os.Stat(dir); dir != "" && gone != nil {
		return fmt.Errorf("cannot start %q in its working folder: %w", path, gone)
	} else if dir != "" && !info.IsDir() {
		return fmt.Errorf("cannot start %q in its working folder: %s is none", path, dir)
	}
	if errors.Is(err, fs.ErrNotExist) && !isMissing(path) {
		if line := shebang(path); line != nil && isMissing(line[0]) {
			return fmt.Errorf("cannot start %q: its interpreter %q is missing", path, line[0])
		}
		return fmt.Errorf("cannot start %q: it is there, but what is to load it is missing: %w", path, err)
	}
	if errors.Is(err, syscall.EAGAIN) {
		return fmt.Errorf("cannot start %q: %w: a limit on processes is reached (TasksMax= of the service, ulimit -u, kernel.pid_max)", path, err)
	}
	return fmt.Errorf("cannot start %q: %w", path, err)
}

func isMissing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}
