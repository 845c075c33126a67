package courier

import (
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"jetpack.internal/shared/exit"
)

// FuzzConnection: any text is a connection or an error that keeps its secrets.
func FuzzConnection(f *testing.F) {
	f.Add("amqps://u:p@host:5671/%2f", "https://u:s3cret@host")
	f.Add("amqp://", "%zz")
	f.Fuzz(func(t *testing.T, broker, url string) {
		text, err := json.Marshal(Connection{URL: url, Password: "s3cret-s3cret", Broker: Broker{URL: broker}})
		if err != nil {
			return
		}
		c, err := parseConnection(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		_, err = New(c, Options{Timeout: time.Second})
		if err != nil && (exit.Status(err) != exit.Usage || strings.Contains(err.Error(), "s3cret-s3cret")) {
			t.Errorf("%s: %v", text, err)
		}
		again, _ := json.Marshal(c)
		if back, err := parseConnection(again); err != nil || !reflect.DeepEqual(back, c) {
			t.Errorf("%+v became %+v, %v", c, back, err)
		}
	})
}

func TestConnectionFaultsKeepSecrets(t *testing.T) {
	for _, text := range []string{`{"password": s3cret}`, `{"password": ["s3cret"]}`, `"s3cret"`, "{\"password\": \"s3cret\n\"}"} {
		_, err := parseConnection([]byte(text))
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := parseConnection(make([]byte, connectionLimit+1)); err == nil {
		t.Error("read a huge connection")
	}
	if _, err := ReadConnection(filepath.Join(t.TempDir(), "none")); err != nil {
		t.Error(err)
	}
	if _, err := ReadConnection(t.TempDir()); exit.Status(err) != exit.Usage || errors.Is(err, io.EOF) {
		t.Errorf("a folder: %v", err)
	}
}
