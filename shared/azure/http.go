package azure

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
)

// get makes one HTTP/1.1 request (RFC 9112) and reads its answer, of which
// nothing is trusted. Package net/http would add four megabytes and a
// millisecond of start-up to every program that reads facts, for this one
// request to a fixed address without proxies, redirects or TLS.
func get(ctx context.Context, at endpoint, path string) (status int, body []byte, err error) {
	conn, err := dial(ctx, at.addr)
	if err != nil {
		return 0, nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	request := "GET " + at.path + path + " HTTP/1.1\r\nHost: " + at.host +
		"\r\nMetadata: true\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
	if _, err := io.WriteString(conn, request); err != nil {
		return 0, nil, err
	}
	return answer(conn)
}

var errAnswer = errors.New("answer is not HTTP/1.1")

// answer reads a status line, a header and a body, the body bounded to
// largest and the lines before it to 16 kB.
func answer(r io.Reader) (status int, body []byte, err error) {
	limited := &io.LimitedReader{R: r, N: 16 << 10}
	in := bufio.NewReaderSize(limited, 4096)
	line, err := readLine(in)
	if err != nil {
		return 0, nil, err
	}
	protocol, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(rest, " ")
	if status, err = strconv.Atoi(code); err != nil || !strings.HasPrefix(protocol, "HTTP/1.") || len(code) != 3 {
		return 0, nil, errAnswer
	}
	length, chunked, err := header(in)
	if err != nil {
		return 0, nil, err
	}
	limited.N = 2 * largest
	switch {
	case chunked:
		body, err = chunks(in)
	case length >= 0:
		if length > largest {
			return 0, nil, errLarge
		}
		body = make([]byte, length)
		_, err = io.ReadFull(in, body)
	default:
		if body, err = io.ReadAll(io.LimitReader(in, largest+1)); len(body) > largest {
			err = errLarge
		}
	}
	return status, body, err
}

var errLarge = errors.New("answer is larger than 1 MB")

// readLine is one line of the header, which may not be longer than the buffer.
func readLine(in *bufio.Reader) (string, error) {
	line, err := in.ReadSlice('\n')
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return strings.TrimRight(string(line), "\r\n"), err
}

// header reads the fields that tell where the body ends; length is -1 when
// none does.
func header(in *bufio.Reader) (length int, chunked bool, err error) {
	for length = -1; ; {
		line, err := readLine(in)
		if err != nil || line == "" {
			return length, chunked, err
		}
		name, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimSpace(value); strings.ToLower(name) {
		case "content-length":
			if length, err = strconv.Atoi(value); err != nil || length < 0 {
				return 0, false, errAnswer
			}
		case "transfer-encoding":
			chunked = strings.EqualFold(value, "chunked")
		}
	}
}

// chunks reads a chunked body (RFC 9112, 7.1); trailers are left unread.
func chunks(in *bufio.Reader) (body []byte, err error) {
	for {
		line, err := readLine(in)
		if err != nil {
			return nil, err
		}
		digits, _, _ := strings.Cut(line, ";")
		size, err := strconv.ParseUint(strings.TrimSpace(digits), 16, 31)
		if err != nil {
			return nil, errAnswer
		}
		if size == 0 {
			return body, nil
		}
		if len(body)+int(size) > largest {
			return nil, errLarge
		}
		start := len(body)
		body = append(body, make([]byte, size)...)
		if _, err := io.ReadFull(in, body[start:]); err != nil {
			return nil, err
		}
		if line, err := readLine(in); err != nil || line != "" {
			return nil, errAnswer
		}
	}
}
