package run

import (
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// output carries a child's output to its writer, piece by piece, in the thread
// that waits for the child.
type output struct {
	file   *os.File // what the child gets; nil to throw its output away
	writer io.Writer
	reader int // our end of the pipe; -1 when there is none, or no more to come
	buffer []byte
}

const (
	smallBuffer = 4 << 10 // as most say little
	largeBuffer = 64 << 10
)

func openOutput(w io.Writer) (*output, error) {
	if file, ok := w.(*os.File); ok || w == nil {
		return &output{file: file, reader: -1}, nil
	}
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return nil, os.NewSyscallError("pipe2", err)
	}
	return &output{file: os.NewFile(uintptr(ends[1]), "pipe"), writer: w, reader: ends[0]}, nil
}

// started lets go of the child's end, so that the pipe ends with its writers.
func (o *output) started() {
	if o.reader >= 0 {
		o.file.Close()
	}
}

// take takes what poll(2) says there is.
func (o *output) take(events int16) {
	if events == 0 {
		return
	}
	if events&unix.POLLIN == 0 {
		o.close() // all writers are gone
		return
	}
	if o.buffer == nil {
		o.buffer = make([]byte, smallBuffer)
	}
	n, err := unix.Read(o.reader, o.buffer)
	switch {
	case err == unix.EINTR:
	case n <= 0 || err != nil:
		o.close()
	case o.writer != nil:
		if _, err := o.writer.Write(o.buffer[:n]); err != nil {
			o.writer = nil // it must not stop the child by a full pipe
		}
		if n == smallBuffer {
			o.buffer = make([]byte, largeBuffer)
		}
	}
}

func (o *output) close() {
	if o.reader >= 0 {
		unix.Close(o.reader)
		o.reader = -1
	}
}

// finish takes what is still in the pipe, for a short while, and lets it go.
func (o *output) finish() {
	deadline := time.Now().Add(drainTime)
	for o.reader >= 0 && time.Now().Before(deadline) {
		fds := []unix.PollFd{{Fd: int32(o.reader), Events: unix.POLLIN}}
		poll(fds, deadline)
		o.take(fds[0].Revents)
	}
	o.close()
}
