// Package record cuts a stream into records at a delimiter, whatever their
// length.
package record

import (
	"bufio"
	"fmt"
	"io"
)

// Reader reads records.
type Reader struct {
	in        *bufio.Reader
	delimiter byte
	limit     int
	count     int
}

// TooLongError tells that a record passes the bound.
type TooLongError struct {
	Number int // of the record, from 1
	Limit  int // bytes
}

func (e *TooLongError) Error() string {
	return fmt.Sprintf("record %d is longer than %d bytes", e.Number, e.Limit)
}

// NewReader cuts in at each delimiter into records of at most limit bytes.
func NewReader(in io.Reader, delimiter byte, limit int) *Reader {
	return &Reader{in: bufio.NewReaderSize(in, 64<<10), delimiter: delimiter, limit: limit}
}

// Next is the next record without its delimiter, which the last one need not
// have, or io.EOF. The slice is the caller's. A record beyond the limit is a
// *TooLongError, and the end.
func (r *Reader) Next() ([]byte, error) {
	var record []byte
	for {
		part, err := r.in.ReadSlice(r.delimiter)
		if err == nil {
			part = part[:len(part)-1]
		}
		if len(record)+len(part) > r.limit {
			return nil, &TooLongError{r.count + 1, r.limit}
		}
		record = append(record, part...)
		switch {
		case err == nil, err == io.EOF && len(record) > 0:
			r.count++
			return record, nil
		case err != bufio.ErrBufferFull:
			return nil, err
		}
	}
}
