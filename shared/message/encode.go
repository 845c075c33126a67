package message

import (
	"bytes"
	"encoding/json"
)

// encode is json.Marshal that leaves <, > and & as they are: the text is not
// going into a web page, and people read it.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
