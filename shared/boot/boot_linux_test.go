package boot

import (
	"os"
	"path/filepath"
	"testing"
)

func TestIdentify(t *testing.T) {
	root := t.TempDir()
	if got := Identify(root); got != (Machine{}) {
		t.Errorf("of an empty root: %v", got)
	}
	for name, text := range map[string]string{
		"sys/class/dmi/id/product_uuid": "9D3C1F0A-0001\n",
		"etc/machine-id":                "0123456789abcdef\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := Identify(root), (Machine{"9d3c1f0a-0001", "0123456789abcdef"}); got != want {
		t.Errorf("identified %v, want %v", got, want)
	}
}
