package home

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jetpack.internal/shared/exit"
)

func TestFindOrder(t *testing.T) {
	for _, c := range []struct{ jetpack, cyclecloud, want string }{
		{"/a", "/b", "/a"},
		{"", "/b", "/b"},
		{"", "", defaultHome},
	} {
		t.Setenv("JETPACK_HOME", c.jetpack)
		t.Setenv("CYCLECLOUD_HOME", c.cyclecloud)
		if got := Find().Dir; got != absolute(c.want) {
			t.Errorf("%q, %q: home %q, want %q", c.jetpack, c.cyclecloud, got, c.want)
		}
	}
}

func TestFindIsAbsolute(t *testing.T) {
	t.Setenv("JETPACK_HOME", "relative")
	t.Setenv("JETPACK_CLUSTER_INIT", "elsewhere")
	h := Find()
	if !filepath.IsAbs(h.Dir) || !filepath.IsAbs(h.ClusterInit) {
		t.Errorf("not absolute: %+v", h)
	}
}

func TestBeside(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "bin", "jetpack-config")
	if got := beside(binary); got != "" {
		t.Errorf("without a config folder: %q", got)
	}
	if err := os.Mkdir(filepath.Join(dir, "config"), 0o755); err != nil {
		t.Fatal(err)
	}
	if got := beside(binary); got != dir {
		t.Errorf("beside a config folder: %q, want %q", got, dir)
	}
	if got := beside(filepath.Join(dir, "sbin", "jetpack-config")); got != "" {
		t.Errorf("not in bin: %q", got)
	}
}

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	if err := (Home{Dir: dir}).Check(); err != nil {
		t.Error(err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "missing"), file} {
		err := (Home{Dir: path}).Check()
		if exit.Status(err) != exit.Usage || !strings.Contains(err.Error(), strconv.Quote(path)) || len(exit.Hints(err)) != 1 {
			t.Errorf("%s: %v", path, err)
		}
	}
}
