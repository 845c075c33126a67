package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const own = `Jetpack %s

Copyright (c) %d the Jetpack developers
License: Apache-2.0

`

// debianLicence stands for the text that every Debian system has.
const debianLicence = "On Debian systems the full text of the Apache License, version 2.0, is in\n/usr/share/common-licenses/Apache-2.0.\n"

// copyright says how a package may be used, with the licences of all modules
// that its binary links ("" for a package without one). Debian's packages
// refer to the system's copy of a common licence.
func (r *release) copyright(binary string, debian bool) ([]byte, error) {
	var out strings.Builder
	fmt.Fprintf(&out, own, r.version(), r.date.UTC().Year())
	text, err := os.ReadFile(filepath.Join(r.source, "LICENSE"))
	if err != nil {
		return nil, err
	}
	out.WriteString(commonText(string(text), debian))
	if binary == "" {
		return []byte(out.String()), nil
	}
	modules, err := linked(binary)
	if err != nil {
		return nil, err
	}
	for _, m := range modules {
		found, err := r.licences(m)
		if err != nil {
			return nil, err
		}
		for _, l := range found {
			fmt.Fprintf(&out, "\n%s\n%s %s, which is linked in: %s\n\n", strings.Repeat("-", 78), m.path, m.version, l.name)
			out.WriteString(commonText(l.text, debian))
		}
	}
	return []byte(out.String()), nil
}

func commonText(text string, debian bool) string {
	if debian && identifier(text) == "Apache-2.0" {
		return debianLicence
	}
	return text
}
