// Package chef drives an external Chef client in its local mode.
package chef

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jetpack.internal/shared/run"
)

// grace is how long a client that has to stop may tidy up.
const grace = 30 * time.Second

// Client is a Chef client on this machine.
type Client struct{ Path string }

// Find is the client embedded below home's system folder, else one in the
// folders of path, a list as $PATH holds it. It is false when there is none.
func Find(embedded, path string) (Client, bool) {
	folders := append([]string{embedded}, filepath.SplitList(path)...)
	for _, folder := range append(folders, usualFolders()...) {
		for _, name := range names() {
			if at := filepath.Join(folder, name); filepath.IsAbs(at) && isProgram(at) {
				return Client{at}, true
			}
		}
	}
	return Client{}, false
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && runnable(info.Mode())
}

// isSolo tells chef-solo, whose options differ.
func (c Client) isSolo() bool { return strings.HasPrefix(filepath.Base(c.Path), "chef-solo") }

// arguments make the client read nothing but our files. Chef 17 accepts them
// in both forms.
func (c Client) arguments(r Repository) []string {
	if c.isSolo() {
		return []string{"--legacy-mode", "-c", r.config(), "-j", r.attributes()}
	}
	return []string{"-z", "-c", r.config(), "-j", r.attributes()}
}

// Job is one run of the client.
type Job struct {
	Repository  Repository
	Environment map[string]string
	Log         *os.File // takes the output
	Timeout     time.Duration
}

// Run runs the client to its end.
func (c Client) Run(ctx context.Context, job Job) (run.Result, error) {
	// Chef 15 and later ask a person for it. A value of the environment counts.
	env := []string{"CHEF_LICENSE=accept-no-persist"}
	for name, value := range job.Environment {
		env = append(env, name+"="+value)
	}
	return run.Run(ctx, run.Process{
		Path:            c.Path,
		Args:            c.arguments(job.Repository),
		Dir:             string(job.Repository),
		Env:             env,
		Output:          job.Log,
		Timeout:         job.Timeout,
		Grace:           grace,
		KeepDescendants: true,
	})
}

// Meaning of the client's exit statuses, as Chef's RFC 62 and its licensing
// document them; "" for one that tells nothing but that it failed.
func Meaning(status int) string {
	switch status {
	case RebootScheduled:
		return "Chef has scheduled a reboot of the node"
	case RebootNeeded:
		return "Chef needs a reboot of the node"
	case 41:
		return "Chef tried to reboot the node and failed"
	case 42:
		return "Chef's audit failed"
	case 172:
		return "this Chef wants its licence to be accepted: set CHEF_LICENSE in /etc/environment, or install Cinc"
	case 173, 174:
		return "this Chef wants a licence key: install Cinc, or a Chef before version 19"
	case 213:
		return "Chef was upgraded during the run: run it again"
	}
	return ""
}

// The exit statuses of a client that is not done before the node was restarted.
const (
	RebootScheduled = 35
	RebootNeeded    = 37
)
