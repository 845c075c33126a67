package attempt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// configuration is the node's configuration tree.
type configuration interface {
	Find(key string) (value any, found bool)
	Value() any
}

type document struct{ value any }

func readConfiguration(path string) (configuration, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return document{value}, nil
}

func (d document) Value() any { return d.value }

func (d document) Find(key string) (any, bool) {
	value := d.value
	for part := range strings.SplitSeq(key, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		if value, ok = object[part]; !ok {
			return nil, false
		}
	}
	return value, true
}
