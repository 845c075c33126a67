package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/journal"
	"jetpack.internal/shared/record"
)

// longest bounds a message: it is for people to read.
const longest = 16 << 20

func journalLevel(level string) journal.Level {
	switch level {
	case "error":
		return journal.Error
	case "warn":
		return journal.Warn
	}
	return journal.Info
}

// text is the one message: the arguments, or all of stdin without the
// newline at its end.
func (c *command) text(in io.Reader) (string, error) {
	text := strings.Join(c.Message, " ")
	if len(c.Message) == 0 {
		all, err := io.ReadAll(io.LimitReader(in, longest+2))
		if err != nil {
			return "", fmt.Errorf("cannot read the message from stdin: %w", err)
		}
		text = strings.TrimSuffix(string(all), "\n")
	}
	if len(text) > longest {
		return "", exit.Errorf(exit.Usage, "cannot log a message of more than %d bytes", longest)
	}
	if text == "" {
		return "", exit.Hint(exit.Errorf(exit.Usage, "cannot log an empty message"), "give it as argument or on stdin")
	}
	return text, nil
}

// lines gives the lines of in that are not empty, and io.EOF.
func lines(in io.Reader) func() (string, error) {
	reader := record.NewReader(in, '\n', longest)
	return func() (string, error) {
		for {
			line, err := reader.Next()
			if long := new(record.TooLongError); errors.As(err, &long) {
				return "", exit.Errorf(exit.Usage, "cannot log: %w", err)
			}
			if err != nil || len(line) > 0 {
				return string(line), err
			}
		}
	}
}

// valid replaces what is not UTF-8: the message travels as JSON.
func (l *logger) valid(text string) string {
	valid := strings.ToValidUTF8(text, "\ufffd")
	if valid != text {
		l.io.Logf("the message is not valid UTF-8: replaced the wrong bytes by U+FFFD")
	}
	return valid
}
