package locker

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"jetpack.internal/shared/exit"
)

func TestOpenSettings(t *testing.T) {
	for _, c := range []struct {
		settings      Settings
		address, fail string
	}{
		{Settings{URL: "az://acc/box", SAS: "sig=x"}, "https://acc.blob.core.windows.net/box/projects/p", ""},
		{Settings{URL: "az://acc/box/deep/er/", SAS: "?sig=x"}, "https://acc.blob.core.windows.net/box/deep/er/projects/p", ""},
		{Settings{URL: "az://acc/box", SAS: "sig=x", Endpoint: "https://acc.blob.core.chinacloudapi.cn"}, "https://acc.blob.core.chinacloudapi.cn/box/projects/p", ""},
		{Settings{URL: "https://acc.blob.core.windows.net/box/deep?sig=x"}, "https://acc.blob.core.windows.net/box/deep/projects/p", ""},
		{Settings{URL: "http://127.0.0.1:10000/acc/box", SAS: "sig=x"}, "http://127.0.0.1:10000/acc/box/projects/p", ""},
		{Settings{URL: "az://acc/box", Metadata: "none"}, "https://acc.blob.core.windows.net/box/projects/p", ""},
		{Settings{URL: "file:///srv/a b"}, "file:///srv/a%20b/projects/p", ""},
		{Settings{URL: "http://acc.blob.core.windows.net/box?sig=x"}, "", "open line"},
		{Settings{URL: "http://10.1.2.3:10000/acc/box?sig=x"}, "", "open line"},
		{Settings{URL: "http://localhost:10000/acc/box?sig=x"}, "http://localhost:10000/acc/box/projects/p", ""},
		{Settings{URL: "http://[::1]:10000/acc/box?sig=x"}, "http://[::1]:10000/acc/box/projects/p", ""},
		{Settings{URL: "http://127.0.0.1:10000/acc?sig=x"}, "", "names a container"},
		{Settings{URL: "az://acc/box", SAS: "sig=x", Endpoint: "http://10.1.2.3"}, "", "open line"},
		{Settings{URL: "az://acc/box", SAS: "sig=x", Endpoint: "10.1.2.3"}, "", "endpoint is no URL"},
		{Settings{URL: "az://acc/box", Endpoint: "https://host/?sig=x"}, "", "endpoint is no URL"},
		{Settings{URL: "az://acc/box", Endpoint: "https://user:sig=x@host"}, "", "endpoint is no URL"},
		{Settings{URL: "https://user:sig=x@host/box"}, "", "names a container"},
		{Settings{URL: "az://acc"}, "", "az://ACCOUNT/CONTAINER"},
		{Settings{URL: "https://acc.blob.core.windows.net/?sig=x"}, "", "names a container"},
		{Settings{URL: "file://server/share"}, "", "names no machine"},
		{Settings{URL: ""}, "", "is not one of"},
		{Settings{URL: "https://\x00sig=x"}, "", "cannot be parsed"},
	} {
		l, err := Open(c.settings)
		switch {
		case c.fail != "":
			if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), c.fail) || strings.Contains(err.Error(), "sig=") {
				t.Errorf("%q: %v, want %q", c.settings.URL, err, c.fail)
			}
		case err != nil:
			t.Errorf("%q: %v", c.settings.URL, err)
		default:
			if got := l.Address("projects/p"); got != c.address {
				t.Errorf("%q: %s, want %s", c.settings.URL, got, c.address)
			}
		}
	}
}

func TestBook(t *testing.T) {
	book, err := ParseBook([]byte(`{"default": "b", "lockers": {"a": {"url": "file:///a"}, "b": {"url": "file:///b"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"": "file:///b", "a": "file:///a"} {
		if got, err := book.Find(name); err != nil || got.URL != want {
			t.Errorf("%q: %+v, %v", name, got, err)
		}
	}
	if _, err := book.Find("c"); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), `["a" "b"]`) {
		t.Errorf("error %v", err)
	}
	if _, err := (Book{}).Find(""); !errors.Is(err, ErrInvalid) {
		t.Errorf("error %v", err)
	}
}

func TestReadBook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lockers.json")
	if _, err := ReadBook(path); !IsMissing(err) {
		t.Errorf("error %v", err)
	}
	for text, want := range map[string]string{
		"{\n  \"lockers\": [\"secret\"]}":             "line 2, column",
		"{\"lockers\": {\"a\": {\"sas\": \"secret}}}": "line 1, column",
		"{\"lockers\": {\"a\": {\"sas\": 1}}}":        "must be a string",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := ReadBook(path)
		if exit.Status(err) != exit.Usage || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestBookThatEverybodyReads(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // it does not know
	}
	path := filepath.Join(t.TempDir(), "lockers.json")
	for text, refused := range map[string]bool{
		`{"lockers": {"a": {"url": "az://a/b", "sas": "sig=x"}}}`: true,
		`{"lockers": {"a": {"url": "https://a/b?sig=x"}}}`:        true,
		`{"lockers": {"a": {"url": "file:///b"}}}`:                false,
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadBook(path); (exit.Status(err) == exit.Usage) != refused || refused && len(exit.Hints(err)) == 0 {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// FuzzParseBook: no error repeats what stands in the file, and a locker that
// is found can be opened or says why not.
func FuzzParseBook(f *testing.F) {
	f.Add(`{"default": "a", "lockers": {"a": {"url": "az://a/b", "sas": "hunter2"}}}`)
	f.Add(`{"lockers": {"a": {"url": "file:///a?hunter2"}}}`)
	f.Add(`{"lockers": {"a": {"url": "https://hunter2@[::1"}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		book, err := ParseBook([]byte(text))
		if err != nil {
			if strings.Contains(text, "hunter2") && strings.Contains(err.Error(), "hunter2") && !strings.Contains(err.Error(), "where") {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		for _, settings := range book.Lockers {
			settings.Metadata = "none"
			if l, err := Open(settings); err == nil {
				if _, err := url.Parse(l.Address("x")); err != nil {
					t.Errorf("%q: its address: %v", settings.URL, err)
				}
			} else if !errors.Is(err, ErrInvalid) {
				t.Errorf("%q: %v", settings.URL, err)
			}
		}
	})
}

func testFolder(t *testing.T, names ...string) (Locker, string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("content of "+name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l, err := Open(Settings{URL: "file://" + filepath.ToSlash(dir)})
	if err != nil {
		t.Fatal(err)
	}
	return l, dir
}

func list(t *testing.T, l Locker, folder string) map[string]Blob {
	t.Helper()
	blobs := map[string]Blob{}
	err := l.List(t.Context(), folder, func(b Blob) error { blobs[b.Name] = b; return nil })
	if err != nil {
		t.Fatal(err)
	}
	return blobs
}

func TestFolder(t *testing.T) {
	l, dir := testFolder(t, "a/1", "a/b/2", "c/3")
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	for folder, want := range map[string][]string{"a": {"a/1", "a/b/2"}, "": {"a/1", "a/b/2", "c/3"}, "empty": nil, "none": nil} {
		var names []string
		for name := range list(t, l, folder) {
			names = append(names, name)
		}
		slices.Sort(names)
		if !slices.Equal(names, want) {
			t.Errorf("%q holds %q, want %q", folder, names, want)
		}
	}
	blob := list(t, l, "a")["a/1"]
	in, err := l.Open(t.Context(), blob, 8)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if text, err := io.ReadAll(in); err != nil || string(text) != "of a/1" {
		t.Errorf("from byte 8: %q, %v", text, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a", "1"), []byte("longer than it was"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Open(t.Context(), blob, 0); !errors.Is(err, ErrChanged) {
		t.Errorf("of a changed file: %v", err)
	}
	os.RemoveAll(dir)
	if _, err := l.Open(t.Context(), blob, 0); !errors.Is(err, ErrMissing) {
		t.Errorf("of a file that is gone: %v", err)
	}
	if err := l.List(t.Context(), "", func(Blob) error { return nil }); !errors.Is(err, ErrMissing) {
		t.Errorf("of a locker that is gone: %v", err)
	}
}

// TestFolderLinks: links within the locker are followed, none leads out of it,
// and a circle ends.
func TestFolderLinks(t *testing.T) {
	l, dir := testFolder(t, "shared/f", "p/own")
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := func(target, name string) {
		t.Helper()
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	link("../shared/f", "p/linked")
	link("../shared", "p/folder")
	link("nowhere", "p/dangling")
	blobs := list(t, l, "p")
	if len(blobs) != 3 || blobs["p/linked"].Size != blobs["p/folder/f"].Size {
		t.Errorf("the folder holds %v", blobs)
	}
	link(outside, "p/outside")
	if err := l.List(t.Context(), "p", func(Blob) error { return nil }); err == nil {
		t.Error("a link out of the locker was followed")
	}
	os.Remove(filepath.Join(dir, "p", "outside"))
	link(".", "p/circle")
	if err := l.List(t.Context(), "p", func(Blob) error { return nil }); err == nil {
		t.Error("a circle has an end")
	}
}

func TestExpiry(t *testing.T) {
	for sas, want := range map[string]string{
		"se=2026-11-22T20:00:00Z&sig=x": "2026-11-22 20:00:00", "se=2026-11-22T20:00Z": "2026-11-22 20:00:00",
		"se=2026-11-22": "2026-11-22 00:00:00", "se=soon": "0001-01-01 00:00:00", "%": "0001-01-01 00:00:00",
	} {
		if got := fmt.Sprint(expiry(sas).UTC().Format("2006-01-02 15:04:05")); got != want {
			t.Errorf("%q: %s, want %s", sas, got, want)
		}
	}
}
