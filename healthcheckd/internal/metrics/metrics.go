// Package metrics writes what HealthCheck knows in the text format of
// Prometheus (its exposition format, version 0.0.4), for node_exporter's
// textfile collector.
package metrics

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/keepalive"
)

// Text is the metrics of a state.
func Text(s *status.State, held keepalive.State) []byte {
	var p page
	p.family("jetpack_health_verdict", "gauge", "What all checks together say of the node: 1 for the verdict that holds.")
	for _, verdict := range []check.Verdict{check.Good, check.Bad, check.Unknown} {
		p.value("jetpack_health_verdict", truth(s.Verdict == verdict), "verdict", string(verdict))
	}
	p.family("jetpack_healthcheck_verdict", "gauge", "What a check says: 1 for the verdict that holds.")
	for _, c := range s.Checks {
		for _, verdict := range []check.Verdict{check.Good, check.Bad, check.Unknown} {
			p.value("jetpack_healthcheck_verdict", truth(c.Verdict == verdict), "check", c.Name, "verdict", string(verdict))
		}
	}
	p.perCheck(s)
	p.single("jetpack_health_rounds_total", "counter", "Rounds of all checks.", float64(s.Round.Number))
	p.single("jetpack_health_round_duration_seconds", "gauge", "How long the last round took.", s.Round.Ended.Sub(s.Round.Started).Seconds())
	p.single("jetpack_health_round_timestamp_seconds", "gauge", "When the last round ended.", unix(&s.Round.Ended))
	p.single("jetpack_outbox_messages", "gauge", "Messages that wait for the server.", float64(s.Server.Queued))
	p.single("jetpack_server_contact_timestamp_seconds", "gauge", "When the server last confirmed a message.", unix(s.Server.Contact))
	p.single("jetpack_keepalive_active", "gauge", "Whether a keepalive holds.", truth(held.Active))
	p.single("jetpack_keepalive_until_timestamp_seconds", "gauge", "When the keepalive ends; 0 without one or without an end.", unix(&held.Until))
	return p.Bytes()
}

// perCheck writes the numbers that each check has.
func (p *page) perCheck(s *status.State) {
	for _, family := range []struct {
		name, kind, help string
		of               func(c *status.Check) float64
	}{
		{"jetpack_healthcheck_duration_seconds", "gauge", "How long the last run took.", func(c *status.Check) float64 { return c.Seconds }},
		{"jetpack_healthcheck_strikes", "gauge", "How often in a row the check said unhealthy.", func(c *status.Check) float64 { return float64(c.Strikes) }},
		{"jetpack_healthcheck_runs_total", "counter", "Runs.", func(c *status.Check) float64 { return float64(c.Runs) }},
		{"jetpack_healthcheck_timeouts_total", "counter", "Runs that timed out.", func(c *status.Check) float64 { return float64(c.Timeouts) }},
		{"jetpack_healthcheck_leftovers_total", "counter", "Processes that the check left behind.", func(c *status.Check) float64 { return float64(c.Remaining) }},
		{"jetpack_healthcheck_run_timestamp_seconds", "gauge", "When the last run ended.", func(c *status.Check) float64 { return unix(&c.LastRun) }},
	} {
		p.family(family.name, family.kind, family.help)
		for i := range s.Checks {
			p.value(family.name, family.of(&s.Checks[i]), "check", s.Checks[i].Name)
		}
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// unix is a time in seconds since 1970, 0 for none.
func unix(t *time.Time) float64 {
	if t == nil || t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

// page is a text of metrics.
type page struct{ bytes.Buffer }

func (p *page) family(name, kind, help string) {
	fmt.Fprintf(p, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func (p *page) single(name, kind, help string, value float64) {
	p.family(name, kind, help)
	p.value(name, value)
}

// value writes one sample; labels are names and values in turn.
func (p *page) value(name string, value float64, labels ...string) {
	p.WriteString(name)
	for i := 0; i+1 < len(labels); i += 2 {
		p.WriteString(string("{,"[min(i, 1)]) + labels[i] + `="` + label(labels[i+1]) + `"`)
	}
	if len(labels) > 0 {
		p.WriteByte('}')
	}
	p.WriteString(" " + strconv.FormatFloat(value, 'f', -1, 64) + "\n")
}

// label is a label's value: UTF-8 in which three characters are escaped. What is
// not UTF-8 is shown byte by byte, for two names must not become one: the whole
// file would be refused.
func label(text string) string {
	var valid strings.Builder
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") {
			fmt.Fprintf(&valid, `\x%02x`, text[i])
		} else {
			valid.WriteRune(r)
		}
	}
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(valid.String())
}
