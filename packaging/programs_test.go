package main

import (
	"path/filepath"
	"slices"
	"testing"
)

// Every program of the toolkit has a package: a folder with a main.go that is
// no tool is a program.
func TestEveryProgramIsPackaged(t *testing.T) {
	mains, err := filepath.Glob("../*/main.go")
	if err != nil || len(mains) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	var folders, packaged []string
	for _, path := range mains {
		if name := filepath.Base(filepath.Dir(path)); name != "packaging" {
			folders = append(folders, name)
		}
	}
	for _, p := range programs {
		packaged = append(packaged, p.name)
		for _, name := range p.with {
			if !slices.Contains(folders, name) {
				t.Errorf("programs.go: %s goes with %s, which is none", p.name, name)
			}
		}
	}
	slices.Sort(packaged)
	if !slices.Equal(folders, packaged) {
		t.Errorf("programs.go has %q, the folders are %q", packaged, folders)
	}
}
