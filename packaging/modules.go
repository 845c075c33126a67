package main

import (
	"debug/buildinfo"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"unicode"
)

// module is a foreign module that a binary links.
type module struct{ path, version string }

// linked are the foreign modules in a binary, by its own account.
func linked(binary string) ([]module, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	modules := []module{{"std", info.GoVersion}}
	for _, dep := range info.Deps {
		if m := effective(dep); !strings.HasPrefix(m.Path, "jetpack.internal/") && !strings.HasPrefix(m.Path, ".") {
			modules = append(modules, module{m.Path, m.Version})
		}
	}
	return modules, nil
}

func effective(m *debug.Module) *debug.Module {
	if m.Replace != nil {
		return m.Replace
	}
	return m
}

// licence is a file of a module that says how it may be used.
type licence struct{ name, text string }

// licences are those of a module, from the module cache. A module without any
// is an error: it could not be shipped.
func (r *release) licences(m module) ([]licence, error) {
	folder := filepath.Join(r.modules, escaped(m.path)+"@"+escaped(m.version))
	if m.path == "std" {
		folder = r.toolkit
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var found []licence
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !isLicence(entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		found = append(found, licence{entry.Name(), strings.ReplaceAll(string(text), "\r", "")})
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("cannot find the licence of %s in %s", m.path, folder)
	}
	return found, nil
}

func isLicence(name string) bool {
	name = strings.ToUpper(name)
	return slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS"}, func(prefix string) bool {
		return strings.HasPrefix(name, prefix)
	})
}

// escaped is a path as the module cache spells it: an upper-case letter is an
// exclamation mark and the lower-case one.
func escaped(path string) string {
	var out strings.Builder
	for _, c := range path {
		if unicode.IsUpper(c) {
			out.WriteByte('!')
		}
		out.WriteRune(unicode.ToLower(c))
	}
	return out.String()
}

// identifier is SPDX's for a licence's text, "" for one that is not known.
func identifier(text string) string {
	words := strings.Join(strings.Fields(text), " ")
	for _, known := range []struct{ says, id string }{
		{"Apache License Version 2.0", "Apache-2.0"},
		{"Permission is hereby granted, free of charge", "MIT"},
		{"may be used to endorse or promote products", "BSD-3-Clause"},
		{"Redistribution and use in source and binary forms", "BSD-2-Clause"},
		{"This software is provided 'as-is'", "Zlib"},
	} {
		if strings.Contains(words, known.says) {
			return known.id
		}
	}
	return ""
}
