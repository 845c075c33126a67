package outbox

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"strconv"
)

// A record is one line of JSON:
//
//	{"crc32c":"8 hex digits","size":N,"message":TEXT}
//
// where TEXT has N bytes and the checksum (Castagnoli) is taken over it. Its
// length and its newline are two ways to find where it ends, so damage to one
// byte costs no other record.
const (
	recordStart = `{"crc32c":"`
	recordSize  = `","size":`
	recordBody  = `,"message":`
)

func checksum(text []byte) uint32 { return crc32.Checksum(text, crc32.MakeTable(crc32.Castagnoli)) }

// appendRecord appends the record of text, which holds no newline.
func appendRecord(dst, text []byte) []byte {
	dst = fmt.Appendf(dst, "%s%08x%s%d%s", recordStart, checksum(text), recordSize, len(text), recordBody)
	dst = append(dst, text...)
	return append(dst, "}\n"...)
}

// piece is a stretch of a file: a sound record's text, or damage.
type piece struct {
	text  []byte
	sound bool
	end   int // where the next piece starts
}

// pieces cuts data into its records and what is damaged between them.
func pieces(data []byte) []piece {
	var all []piece
	for at := 0; at < len(data); {
		text, rest, ok := cutRecord(data[at:])
		if !ok {
			text, rest, _ = bytes.Cut(data[at:], []byte("\n"))
		}
		at = len(data) - len(rest)
		if ok || len(text) > 0 {
			all = append(all, piece{text, ok, at})
		}
	}
	return all
}

// cutRecord takes the record at the start of data, and the one byte after it
// whatever that is: a newline, or what damage made of it.
func cutRecord(data []byte) (text, rest []byte, ok bool) {
	after, ok := bytes.CutPrefix(data, []byte(recordStart))
	if !ok || len(after) < 8 {
		return nil, nil, false
	}
	sum, err := strconv.ParseUint(string(after[:8]), 16, 32)
	if err != nil {
		return nil, nil, false
	}
	after, ok = bytes.CutPrefix(after[8:], []byte(recordSize))
	if !ok {
		return nil, nil, false
	}
	size, after, ok := cutNumber(after)
	if !ok {
		return nil, nil, false
	}
	after, ok = bytes.CutPrefix(after, []byte(recordBody))
	if !ok || len(after) < size+1 || after[size] != '}' || checksum(after[:size]) != uint32(sum) {
		return nil, nil, false
	}
	return after[:size], after[min(size+2, len(after)):], true
}

// cutNumber takes a decimal number that fits a record's size.
func cutNumber(data []byte) (n int, rest []byte, ok bool) {
	i := 0
	for i < len(data) && i < 10 && data[i] >= '0' && data[i] <= '9' {
		n = n*10 + int(data[i]-'0')
		i++
	}
	return n, data[i:], i > 0
}
