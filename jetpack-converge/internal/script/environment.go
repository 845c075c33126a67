package script

import (
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"jetpack.internal/shared/home"
)

const maxEnvironment = 64 << 10 // bytes of /etc/environment that are read

// Environment is what every script gets, the same at boot, from cron and by
// hand: the system's own variables, the user's, and Jetpack's.
func Environment(h home.Home) map[string]string {
	env := systemEnvironment()
	for name, value := range userEnvironment() {
		env[name] = value
	}
	env["PATH"] = h.Bin() + string(os.PathListSeparator) + first(env["PATH"], defaultPath)
	env["CYCLECLOUD_HOME"] = h.Dir
	env["JETPACK_HOME"] = h.Dir
	env["JETPACK_CLUSTER_INIT"] = h.ClusterInit
	env["BOOTSTRAP_HOME"] = h.System("bootstrap")
	if endpoint := home.MetadataEndpoint(); endpoint != "" {
		env["JETPACK_IMDS_ENDPOINT"] = endpoint
	}
	return env
}

// environment adds what tells one script of a spec from others.
func (s Script) environment(base map[string]string, h home.Home) []string {
	env := make([]string, 0, len(base)+6)
	for name, value := range base {
		env = append(env, name+"="+value)
	}
	project := filepath.Join(h.ClusterInit, s.Project)
	return append(env,
		"CYCLECLOUD_PROJECT_NAME="+s.Project,
		"CYCLECLOUD_PROJECT_PATH="+project,
		"CYCLECLOUD_PROJECT_VERSION="+s.Version,
		"CYCLECLOUD_SPEC_NAME="+s.Spec,
		"CYCLECLOUD_SPEC_PATH="+filepath.Join(project, s.Spec),
	)
}

func userEnvironment() map[string]string {
	u, err := user.Current()
	if err != nil {
		return nil
	}
	return map[string]string{"HOME": u.HomeDir, "USER": u.Username, "LOGNAME": u.Username}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// assignments reads lines of KEY=value as /etc/environment has them: optional
// "export", optional quotes, # for comments.
func assignments(text string) map[string]string {
	env := map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		name, value, found := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		if !found || strings.HasPrefix(line, "#") || name == "" || strings.ContainsAny(name, " \t\x00") || strings.ContainsRune(value, 0) {
			continue
		}
		env[name] = unquote(value)
	}
	return env
}

func unquote(value string) string {
	if len(value) >= 2 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
		return value[1 : len(value)-1]
	}
	return value
}

func readSome(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	text, _ := io.ReadAll(io.LimitReader(file, maxEnvironment))
	return string(text)
}
