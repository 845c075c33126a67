package spec

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxName = 200 // bytes; file systems take 255, and suffixes are added

// CheckName tells why a name cannot be that of a single file or folder on
// every system, or nil.
func CheckName(name string) error {
	switch {
	case name == "":
		return errors.New("missing or empty")
	case len(name) > maxName:
		return fmt.Errorf("longer than %d bytes", maxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return errors.New("has characters that cannot be in a name")
	case strings.ContainsAny(name, `/\:*?"<>|`):
		return errors.New(`a name cannot hold any of / \ : * ? " < > |`)
	case strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
		return errors.New("a name cannot start with a dot, or end with a dot or a space")
	}
	return nil
}

// Items reads a Chef run list: a list of strings, or one string with commas.
func Items(value any) ([]string, error) {
	var items []string
	switch value := value.(type) {
	case nil:
	case string:
		items = strings.Split(value, ",")
	case []any:
		for _, item := range value {
			text, ok := item.(string)
			if !ok {
				return nil, errors.New("run_list holds something that is not a string")
			}
			items = append(items, text)
		}
	default:
		return nil, errors.New("run_list is neither a list nor a string")
	}
	return clean(items), nil
}

func clean(items []string) []string {
	var kept []string
	for _, item := range items {
		if item = strings.TrimSpace(item); item != "" {
			kept = append(kept, item)
		}
	}
	return kept
}
