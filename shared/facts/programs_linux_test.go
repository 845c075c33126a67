package facts

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestOnlyWhatTheKeyIsAbout: of the programs that a fact could ask, those run
// that the key is about.
func TestOnlyWhatTheKeyIsAbout(t *testing.T) {
	root := t.TempDir()
	for name, printed := range map[string]string{"bin/python": "3.9.18 (main)", "bin/perl": "version='5.36.0';", "bin/gcc": "gcc version 12.2.0 (x)",
		"lib64/libc.so.6": "GNU C Library version 2.36.", "bin/ghc": "version 9", "bin/erl": "25,13,2"} {
		plant(t, filepath.Join(root, name), "#!/bin/sh\necho \""+printed+"\"\n> "+root+"/ran-"+filepath.Base(name)+"\n")
	}
	for key, want := range map[string]string{
		"languages.python.version": "python", "languages.python": "python", "languages.c.gcc.version": "gcc", "languages.c": "gcc libc.so.6",
		"languages.c.gcc": "gcc", "languages.haskell.cabal": "", "languages.erlang": "erl", "languages": "erl gcc ghc libc.so.6 perl python",
		"languages.NONSENSE": "", "languages.": "", "languages.py": "", "languages.pythonic": "", "languages.c.": "", "languagesx": "", "kernel": "",
	} {
		(&Machine{Root: root, Path: []string{"/bin"}}).Fact(t.Context(), key)
		marks, _ := filepath.Glob(root + "/ran-*")
		var ran []string
		for _, mark := range marks {
			ran = append(ran, strings.TrimPrefix(filepath.Base(mark), "ran-"))
			os.Remove(mark)
		}
		if got := strings.Join(ran, " "); got != want {
			t.Errorf("%s started %q, not %q", key, got, want)
		}
	}
}

// TestDirectoryService: accounts that only a directory service knows are there,
// and when it does not answer the node's own are.
func TestDirectoryService(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	plantAll(t, root, map[string]string{"/etc/passwd": "root:x:0:0::/root:/bin/sh\n", "/etc/group": "root:x:0:\n",
		"/etc/nsswitch.conf": "# passwd: files\npasswd:\tfiles [NOTFOUND=continue] sss # directory\ngroup: files\n"})
	plant(t, filepath.Join(root, "bin/getent"), "#!/bin/sh\n> "+root+"/asked\n[ \"$*\" = 'passwd 4711' ] || echo root:x:0:0::/root:/bin/sh\n"+
		"echo 'ada:*:4711:100:Ada:/shared/home/ada:/bin/bash'\n")
	m := &Machine{Root: root, Path: []string{"/bin"}, UID: func() int { return 4711 }, Patience: time.Second}
	names := func() []string {
		value, _ := m.Fact(t.Context(), "etc")
		return slices.Sorted(maps.Keys(value.(map[string]any)["passwd"].(map[string]any)))
	}
	if got := names(); !slices.Equal(got, []string{"ada", "root"}) {
		t.Errorf("accounts are %v", got)
	}
	if me, _ := m.Fact(t.Context(), "current_user"); me != "ada" {
		t.Errorf("the current user is %v", me)
	}
	os.Remove(root + "/asked")
	if m.Fact(t.Context(), "etc.group"); m.exists("/asked") {
		t.Error("the groups are the node's own, and the directory was asked")
	}

	plant(t, filepath.Join(root, "bin/getent"), "#!/bin/sh\nsleep 60\n")
	var complaints atomic.Int32
	m.Patience, m.Trouble = 100*time.Millisecond, func(fact, reason string) {
		if complaints.Add(1); fact != "etc" || !strings.Contains(reason, "getent") {
			t.Errorf("complains of %s: %s", fact, reason)
		}
	}
	began := time.Now()
	if got := names(); !slices.Equal(got, []string{"root"}) || complaints.Load() == 0 || time.Since(began) > 20*time.Second {
		t.Errorf("accounts are %v after %s, %d complaints", got, time.Since(began), complaints.Load())
	}
}

// TestPerl: what perl is asked is what `perl -V:` tells, also of a
// configuration that is written in other lines than perl's own.
func TestPerl(t *testing.T) {
	odd := t.TempDir()
	plant(t, filepath.Join(odd, "Config.pm"), "package Config; our %Config = (version => '5', archname => 'odd'); 1;\n")
	ask := func(library string, args ...string) map[string]any {
		t.Helper()
		cmd := exec.Command("perl", args...)
		cmd.Env = append(os.Environ(), "PERL5LIB="+library)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v (apt-get install perl)", err)
		}
		return perl(string(out))
	}
	want := ask("", "-V:version", "-V:archname")
	if got := ask("", "-e", perlScript); len(got) != 2 || !maps.Equal(got, want) {
		t.Errorf("asked %v, perl -V says %v", got, want)
	}
	want["archname"] = "odd"
	if got := ask(odd, "-e", perlScript); !maps.Equal(got, want) {
		t.Errorf("asked %v of an odd configuration, not %v", got, want)
	}
}
