package main

import (
	"fmt"
	"strings"
	"time"

	"jetpack.internal/jetpack-converge/internal/console"
	"jetpack.internal/jetpack-converge/internal/record"
	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/exit"
)

// showStatus prints the record of the last converge. It is no error that it
// failed: the question was answered.
func showStatus(io cli.IO, asJSON bool) error {
	last, err := record.Read(io.Home.Run("converge.json"))
	if err != nil {
		return exit.With(exit.Usage, fmt.Errorf("cannot read the record of the last converge: %w", err))
	}
	if asJSON {
		_, err := io.Out.Write(last.JSON())
		return err
	}
	printStatus(io, last)
	return nil
}

func printStatus(io cli.IO, r record.Record) {
	if r.Result == record.Never {
		fmt.Fprintln(io.Out, "this node has never converged")
		return
	}
	fmt.Fprintf(io.Out, "result   %s (%s, attempt %d)\n", r.Result, r.Mode, r.Attempt)
	if r.Started != nil {
		fmt.Fprintf(io.Out, "started  %s\n", stamp(*r.Started))
	}
	if r.Ended != nil && r.Started != nil {
		fmt.Fprintf(io.Out, "ended    %s, after %s\n", stamp(*r.Ended), console.Duration(max(0, r.Ended.Sub(*r.Started)))) // the clock may have been set meanwhile
	}
	for _, p := range r.Phases {
		fmt.Fprintf(io.Out, "phase    %-8s %-14s %s\n", p.Result, console.OneLine(p.Name), console.Duration(span(p.Duration)))
	}
	for _, s := range r.Scripts {
		printScript(io, s)
	}
	if r.Error != nil {
		printError(io, *r.Error)
	}
}

func printScript(io cli.IO, s record.Script) {
	end := ""
	if s.Result == record.Ran || s.Result == record.Failed {
		end = "  " + console.Duration(span(s.Duration))
	}
	if s.Result == record.Failed && s.Status != nil {
		end += fmt.Sprintf("  status %d", *s.Status)
	}
	fmt.Fprintf(io.Out, "script   %-8s %s%s\n", s.Result, console.OneLine(s.Project+"/"+s.Spec+"/"+s.Name), end)
	if s.Result == record.Failed {
		fmt.Fprintf(io.Out, "         log      %s\n", console.OneLine(s.Log))
	}
}

func printError(io cli.IO, e record.Error) {
	fmt.Fprintf(io.Out, "error    %s\n", console.OneLine(e.Description))
	if !strings.HasSuffix(e.Description, e.Detail) { // it has said the cause already
		console.NewPlain(io.Out, func() error { return nil }).Quote(e.Detail)
	}
	if e.Recommendation != "" {
		fmt.Fprintf(io.Out, "advice   %s\n", console.OneLine(e.Recommendation))
	}
}

// summarize ends the converge's own output with what it did.
func summarize(io cli.IO, how string, r record.Record) {
	counts := map[string]int{}
	for _, s := range r.Scripts {
		counts[s.Result]++
	}
	text := fmt.Sprintf("%s ran, %d skipped", console.Count(counts[record.Ran], "script"), counts[record.Skipped])
	for _, result := range []string{record.Failed, record.Pending} {
		if counts[result] > 0 {
			text += fmt.Sprintf(", %d %s", counts[result], result)
		}
	}
	if r.Started != nil && r.Ended != nil {
		text += ", in " + console.Duration(max(0, r.Ended.Sub(*r.Started)))
	}
	fmt.Fprintf(io.Out, "%s: %s\n", how, text)
}

func stamp(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }

func span(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
