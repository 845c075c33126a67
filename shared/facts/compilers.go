package facts

import "strings"

// known is the compilers.
func known() []language {
	described := func(printed string) map[string]any {
		line := firstLine(printed)
		return map[string]any{"version": lastWord(line), "description": line}
	}
	return []language{
		{"c/gcc", "gcc", []string{"-v"}, gcc},
		{"c/glibc", "/lib64/libc.so.6", nil, glibc},
		{"go", "go", []string{"version"}, func(s string) map[string]any { return version(after(s[max(0, strings.Index(s, " go")):], "go")) }},
		{"rust", "rustc", []string{"--version"}, func(s string) map[string]any { return version(field(s, 1)) }},
		{"haskell/ghc", "ghc", []string{"--version"}, described},
		{"haskell/ghci", "ghci", []string{"--version"}, described},
		{"haskell/cabal", "cabal", []string{"--version"}, described},
		{"haskell/stack", "stack", []string{"--version"}, func(s string) map[string]any {
			return map[string]any{"version": strings.TrimRight(after(s, "Version "), ","), "description": strings.TrimSuffix(s, "\n")}
		}},
		{"scala", "scala", []string{"-version"}, func(s string) map[string]any { return version(after(s, "version ")) }},
		{"mono", "mono", []string{"-V"}, mono},
	}
}

func gcc(printed string) map[string]any {
	out := map[string]any{}
	for _, line := range lines(printed) {
		if i := strings.LastIndex(line, "version "); i >= 0 {
			out["description"], out["version"] = line, after(line[i:], "version ")
			continue
		}
		for label, key := range map[string]string{"Target: ": "target", "Configured with: ": "configured_with", "Thread model: ": "thread_model"} {
			if value, ok := strings.CutPrefix(line, label); ok {
				out[key] = value
			}
		}
	}
	return out
}

// glibc describes the C library, which is a program. Its version keeps the
// full stop of the sentence that it stands in, as in Ohai.
func glibc(printed string) map[string]any {
	line := firstLine(printed)
	for start := 0; start < len(line); start++ {
		rest := line[start:]
		end := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		if major, minor, ok := strings.Cut(rest[:end], "."); ok && digits(major) && minor != "" {
			minor, patch, dot := strings.Cut(minor, ".")
			if patch, _, _ = strings.Cut(patch, "."); dot {
				minor += "." + patch
			}
			return map[string]any{"version": major + "." + minor, "description": line}
		}
		start += end
	}
	return nil
}

// mono prints "… version 6.12.0.182 (tarball Tue Jun 14 22:35:00 UTC 2022)".
func mono(printed string) map[string]any {
	out := version(field(printed, 4))
	if f := strings.Fields(printed); len(f) >= 13 {
		out["builddate"] = strings.Join(f[7:12], " ") + " " + unbracketed(f[12])
	}
	return out
}
