package main

import (
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

// healthUnit is the unit that healthcheckd itself would install, with what a
// package adds: a place for the interval, and the name of old.
func (r *release) healthUnit(home string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(r.source, "healthcheckd", "internal", "manager", "healthcheckd.service"))
	if err != nil {
		return nil, err
	}
	same := func(s string) string { return s }
	say := func(s string) func() string { return func() string { return s } }
	unit, err := template.New("unit").Funcs(template.FuncMap{
		"Name": say("healthcheckd"), "Description": say("Judges the health of this cluster node"),
		"Path": say(home + "/bin/healthcheckd"), "cmdEscape": same, "cmd": same,
		"Arguments": func() []string { return []string{"run", "--verbose"} },
		"EnvVars":   func() []string { return []string{"Environment=JETPACK_HOME=" + home, "Environment=INTERVAL="} },
	}).Parse(string(text))
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	if err := unit.Execute(&out, nil); err != nil {
		return nil, err
	}
	return []byte(strings.TrimRight(out.String(), "\n") + "\nAlias=healthcheck.service\n"), nil
}
