package record

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func all(t *testing.T, in io.Reader, delimiter byte) (records []string) {
	t.Helper()
	r := NewReader(in, delimiter, 1<<20)
	for {
		record, err := r.Next()
		if err == io.EOF {
			return records
		}
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, string(record))
	}
}

func TestRecords(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	for _, c := range []struct{ in, want string }{
		{"", ""}, {"a", "a"}, {"a\n", "a"}, {"a\nb", "a|b"}, {"\n\n", "|"}, {long + "\nb\n", long + "|b"},
	} {
		if got := strings.Join(all(t, strings.NewReader(c.in), '\n'), "|"); got != c.want {
			t.Errorf("%.20q: %.20q, want %.20q", c.in, got, c.want)
		}
	}
}

func TestTooLong(t *testing.T) {
	r := NewReader(strings.NewReader("ab\nabcdef\n"), '\n', 5)
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	var long *TooLongError
	if _, err := r.Next(); !errors.As(err, &long) || long.Number != 2 {
		t.Errorf("error %v", err)
	}
}

// FuzzRecords: joined again with the delimiter, the records are the stream,
// however it arrives.
func FuzzRecords(f *testing.F) {
	f.Add([]byte("a\nb\n\nc"), byte('\n'))
	f.Add([]byte("\x00\x00x"), byte(0))
	f.Fuzz(func(t *testing.T, in []byte, delimiter byte) {
		d := string([]byte{delimiter})
		records := all(t, iotest.OneByteReader(bytes.NewReader(in)), delimiter)
		joined := strings.Join(records, d)
		if len(records) > 0 && bytes.HasSuffix(in, []byte(d)) {
			joined += d
		}
		if joined != string(in) {
			t.Errorf("%q became %q", in, records)
		}
	})
}
