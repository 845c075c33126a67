package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"

	"golang.org/x/term"
)

// errReaderGone tells that whoever read stdout has closed it. `jetpack config
// roles | grep -q x` is a success.
var errReaderGone = errors.New("the reader has closed the output")

// output is the buffered stdout.
type output struct {
	*bufio.Writer
}

func newOutput(file *os.File) *output {
	return &output{bufio.NewWriterSize(stream{file}, 4096)}
}

func errorStream() stream { return stream{os.Stderr} }

// stream writes to stdout or stderr without dying of a closed pipe, as writes
// through os.File do on those two.
type stream struct{ file *os.File }

func (s stream) Write(data []byte) (int, error) {
	n, err := write(s.file, data)
	if err != nil && isReaderGone(err) {
		return n, errReaderGone
	}
	if err != nil {
		return n, fmt.Errorf("cannot write the answer: %w", err)
	}
	return n, nil
}

func isTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }

// Columns is how wide the terminal is that Out is, 80 where it does not tell.
// It may change while a command runs.
func (io IO) Columns() int {
	if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && width > 0 {
		return width
	}
	return 80
}
