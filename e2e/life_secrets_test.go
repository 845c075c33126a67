//go:build linux

package e2e

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jetpack.internal/e2e/azurite"
)

// secrets are those in a node's configuration, and what was heard that could
// tell them.
type secrets struct {
	broker, server, link string // passwords, and the signature of a link
	sas                  string // of the locker, which works
	tree                 [2]string
	canary               string // no secret: an argument that the watch must see
	mu                   sync.Mutex
	told                 []string
	sang                 bool // the canary was seen
}

func newSecrets() *secrets {
	word := func(name string) string { return fmt.Sprintf("s3cret%s%016x", name, rand.Uint64()) }
	return &secrets{broker: word("broker"), server: word("server"), link: word("link"), sas: azurite.ReadSAS(), tree: [2]string{word("tree"), word("mysql")}, canary: word("canary")}
}

// words are what must not be found. A SAS's signature may appear encoded or
// not.
func (s *secrets) words() []string {
	values, _ := url.ParseQuery(s.sas) // made by us
	return []string{s.broker, s.server, s.link, s.tree[0], s.tree[1], values.Get("sig"), url.QueryEscape(values.Get("sig"))}
}

// in gives the first secret in a text, "" for none.
func (s *secrets) in(text string) string {
	for _, word := range s.words() {
		if strings.Contains(text, word) {
			return word
		}
	}
	return ""
}

// overhear notes what a program has said.
func (s *secrets) overhear(text string) {
	if word := s.in(text); word != "" {
		s.mu.Lock()
		s.told = append(s.told, fmt.Sprintf("a program said %s: %.300s", word, text))
		s.mu.Unlock()
	}
}

// watch looks at the arguments, the names and the environments of all
// processes until the test has ended, as often as it can without being in
// anybody's way.
func (s *secrets) watch(t *testing.T) {
	stop, ended := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(stop); <-ended })
	go func() {
		defer close(ended)
		for {
			s.look()
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
}

func (s *secrets) look() {
	for _, file := range []string{"cmdline", "comm", "environ"} {
		names, _ := filepath.Glob("/proc/[0-9]*/" + file)
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil || len(text) == 0 {
				continue // it has ended
			}
			if bytes.Contains(text, []byte(s.canary)) {
				s.mu.Lock()
				s.sang = true
				s.mu.Unlock()
			}
			if word := s.in(string(text)); word != "" {
				s.mu.Lock()
				s.told = append(s.told, fmt.Sprintf("%s holds %s: %.300q", name, word, text))
				s.mu.Unlock()
			}
		}
	}
}

// toldNoSecret: neither what was printed, nor what ran, nor what was sent, nor
// any file but the three that hold them and what is merged of the tree.
func (l *life) toldNoSecret(t *testing.T) {
	l.secrets.mu.Lock()
	defer l.secrets.mu.Unlock()
	if !l.secrets.sang {
		t.Error("an argument of a process that took a second was not seen: the watch sees too little")
	}
	for _, told := range l.secrets.told[:min(len(l.secrets.told), 20)] {
		t.Error(told)
	}
	for _, h := range l.server.listen(t) {
		if word := l.secrets.in(h.raw); word != "" {
			t.Errorf("a message holds %s: %s", word, h.raw)
		}
	}
}

// keepsSecrets looks for them in all files of the node, its journal included,
// while everything is still there.
func (l *life) keepsSecrets(t *testing.T) {
	t.Helper()
	home := filepath.Join(l.Root, liveHome)
	entitled := map[string]bool{}
	for _, name := range []string{"config/configuration.json", "config/connection.json", "config/lockers.json", "config/node.json"} {
		entitled[filepath.Join(home, name)] = true
	}
	found := map[string]bool{}
	err := filepath.WalkDir(l.Root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(path, filepath.Join(l.Root, "usr")) {
			return nil // gone meanwhile, or Debian's
		}
		if d.Name() == "core" || strings.HasPrefix(d.Name(), "core.") {
			t.Errorf("a core dump: %s", path)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		for _, word := range l.secrets.words() {
			if !bytes.Contains(text, []byte(word)) {
				continue
			}
			if found[word] = true; !entitled[path] {
				t.Errorf("%s holds %s", strings.TrimPrefix(path, l.Root), word)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := len(l.secrets.words()) - 1; len(found) != want { // the file has the signature encoded
		t.Errorf("the search has found %d secrets where they belong, want %d: it finds too little", len(found), want)
	}
	if word := l.secrets.in(l.Must(t, "journalctl", "-o", "export", "--no-pager")); word != "" {
		t.Errorf("the system's journal holds %s", word)
	}
}
