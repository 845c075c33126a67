package facts

import (
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzDpkgStatus: however a file is read, it says what it says line by line.
func FuzzDpkgStatus(f *testing.F) {
	for _, text := range []string{
		"Package: a\nArchitecture: all\nVersion: 1\n\n\nPackage: b\nVersion: 2",
		"Version: 1\n\nPackage: a\nPackage: b\nPackages: c\n Package: d\nVersion:1\nArchitecture: \xff\n\n",
		"Package: a\nVersion: " + strings.Repeat("1", longest-len("Version: ")-1) + "\n\nPackage: b\n",
		"Package: a\nVersion: " + strings.Repeat("1", longest-len("Version: ")) + "\n\nPackage: b\n",
		"Package: a\nDescription: " + strings.Repeat("x", 3*longest) + "\nVersion: 1\n",
		"Package: a\n" + strings.Repeat("Version: ", longest),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want := map[string]any{}
		var name, version, arch string
		for _, line := range strings.Split(text+"\n\n", "\n") {
			label, value, _ := strings.Cut(line, ": ")
			switch {
			case line == "":
				if name != "" {
					want[name] = map[string]any{"version": orNil(version), "arch": orNil(arch)}
				}
				name, version, arch = "", "", ""
			case len(line) >= longest:
			case label == "Package" && label != line:
				name = valid(value)
			case label == "Version" && label != line:
				version = valid(value)
			case label == "Architecture" && label != line:
				arch = valid(value)
			}
		}
		if got := dpkgStatus(strings.NewReader(text)); !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if got := dpkgStatus(iotest.HalfReader(strings.NewReader(text))); !reflect.DeepEqual(got, want) {
			t.Errorf("by halves got %v, want %v", got, want)
		}
	})
}
