package attempt

import (
	"context"
	"fmt"
	"strings"

	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/jetpack-converge/internal/record"
	"jetpack.internal/shared/journal"
)

// Report is the data of a message of type installation.
type Report struct {
	Status         string         `json:"status"` // started, phase, ready, failed
	Phase          string         `json:"phase,omitempty"`
	Mode           string         `json:"mode"`
	Attempt        int            `json:"attempt"`
	Description    string         `json:"description"`
	Recommendation string         `json:"recommendation,omitempty"`
	Detail         string         `json:"detail,omitempty"`
	Duration       float64        `json:"duration_s"`        // since the attempt began
	Scripts        map[string]int `json:"scripts,omitempty"` // how many of each result
}

// tell completes the report and hands it over.
func (a *Attempt) tell(ctx context.Context, report Report) {
	report.Mode, report.Attempt = a.record.Mode, a.record.Attempt
	if n := len(a.record.Phases); n > 0 && report.Status != "ready" {
		report.Phase = a.record.Phases[n-1].Name
	}
	report.Duration = seconds(a.now().Sub(*a.record.Started))
	for _, s := range a.record.Scripts {
		if report.Scripts == nil {
			report.Scripts = map[string]int{}
		}
		report.Scripts[s.Result]++
	}
	a.Messenger.Installation(ctx, report)
}

// complain shows a failure on the console and in the log. The description
// itself is printed by the program's end.
func (a *Attempt) complain(f *failure.Error) {
	a.Console.Quote(f.Detail)
	a.log(journal.Error, "%s", f.Error())
	for line := range strings.Lines(f.Detail) {
		a.log(journal.Error, "  | %s", strings.TrimRight(line, "\n"))
	}
	if f.Recommendation != "" {
		a.log(journal.Error, "recommendation: %s", f.Recommendation)
	}
}

func (a *Attempt) info(format string, args ...any) { a.log(journal.Info, format, args...) }

// warn logs and shows what is wrong but does not end the attempt.
func (a *Attempt) warn(format string, args ...any) {
	a.log(journal.Warn, format, args...)
	a.Console.Line("warning: "+format, args...)
}

// log writes to jetpack.log. A log that cannot be written (a full disk) must
// not end the work.
func (a *Attempt) log(level journal.Level, format string, args ...any) {
	_ = a.Log.Log(level, fmt.Sprintf(format, args...))
}

// count is how many scripts have that result.
func count(scripts []record.Script, result string) (n int) {
	for _, s := range scripts {
		if s.Result == result {
			n++
		}
	}
	return n
}
