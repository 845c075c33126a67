//go:build !linux

package run

import (
	"io"
	"os"
	"time"
)

// output carries a child's output to its writer, in a goroutine.
type output struct {
	file   *os.File // what the child gets; nil to throw its output away
	writer io.Writer
	reader *os.File // our end of the pipe; nil when there is none
	done   chan struct{}
}

func openOutput(w io.Writer) (*output, error) {
	if w == nil {
		return &output{}, nil
	}
	if file, ok := w.(*os.File); ok {
		return &output{file: file}, nil
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	return &output{file: writer, writer: w, reader: reader, done: make(chan struct{})}, nil
}

// started lets go of the child's end, so that the pipe ends with its writers,
// and begins to read.
func (o *output) started() {
	if o.reader == nil {
		return
	}
	o.file.Close()
	go func() {
		defer close(o.done)
		// A writer that fails must not stop the child by a full pipe.
		if _, err := io.Copy(o.writer, o.reader); err != nil {
			io.Copy(io.Discard, o.reader)
		}
	}()
}

// finish takes what is still in the pipe, for a short while, and lets it go.
func (o *output) finish() {
	if o.reader == nil {
		return
	}
	if err := o.reader.SetReadDeadline(time.Now().Add(drainTime)); err != nil {
		// Pipes of Windows have no deadlines: closing ends the read.
		timer := time.AfterFunc(drainTime, func() { o.reader.Close() })
		defer timer.Stop()
	}
	<-o.done
	o.reader.Close()
}
