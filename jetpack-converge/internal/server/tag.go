package server

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/openfile"
)

// tag is run/configuration.json: which version of the configuration lies on
// the disk. It is believed only while the file is the one that was written.
type tag struct {
	ETag string `json:"etag"`
	Size int64  `json:"size"`
	Time int64  `json:"time"` // modification, nanoseconds since 1970
}

func (t tag) describes(info fs.FileInfo) bool {
	return t.Size == info.Size() && t.Time == info.ModTime().UnixNano()
}

func knownTag(h home.Home) string {
	var t tag
	text, err := openfile.Read(h.Run("configuration.json"))
	if err != nil || len(text) > 4096 || json.Unmarshal(text, &t) != nil {
		return ""
	}
	if info, err := os.Stat(h.Configuration()); err != nil || !t.describes(info) {
		return ""
	}
	return t.ETag
}

func rememberTag(h home.Home, etag string) error {
	info, err := os.Stat(h.Configuration())
	if err != nil {
		return err
	}
	text, err := json.Marshal(tag{etag, info.Size(), info.ModTime().UnixNano()})
	if err != nil {
		return err
	}
	if err := atomicfile.Write(h.Run("configuration.json"), append(text, '\n'), 0o640); err != nil {
		return fmt.Errorf("cannot remember the configuration's version: %w", err)
	}
	return nil
}
