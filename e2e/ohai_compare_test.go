//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// compare compares Ohai's answer with ours before and after it.
func compare(t *testing.T, before, reference, after map[string]any, user bool) {
	t.Helper()
	c := compared(t, before, reference, after, user)
	for _, complaint := range c.wrong {
		t.Error(complaint)
	}
	c.log(t)
}

func compared(t *testing.T, before, reference, after map[string]any, user bool) *comparison {
	t.Helper()
	c := &comparison{differences: patterns(t, "ohai_differences.txt", "user:", user),
		volatile: patterns(t, "ohai_volatile.txt", "grows:", true), steady: patterns(t, "ohai_volatile.txt", "grows:", false)}
	for _, path := range union(reference, after) {
		c.leaf(path, before, reference, after)
	}
	return c
}

func (c *comparison) log(t *testing.T) {
	t.Helper()
	t.Logf("%d leaves of Ohai compared: %d equal, %d moving and plausible, %d different on purpose, %d wrong",
		c.equal+c.moving+c.purpose+len(c.wrong), c.equal, c.moving, c.purpose, len(c.wrong))
}

// patterns reads a file of regular expressions, one at a line's start, joined
// to one for a whole leaf. Lines that begin with mark are special: with
// special they count too, without they do not.
func patterns(t *testing.T, file, mark string, special bool) *regexp.Regexp {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 0 && !strings.HasPrefix(line, "#") {
			if pattern, marked := strings.CutPrefix(f[0], mark); special || !marked {
				all = append(all, pattern)
			}
		}
	}
	return regexp.MustCompile("^(" + strings.Join(all, "|") + ")$")
}

type comparison struct {
	differences, volatile, steady *regexp.Regexp
	equal, moving, purpose        int
	wrong                         []string
}

func (c *comparison) leaf(path string, before, reference, after map[string]any) {
	want, inOhai := reference[path]
	got, inOurs := after[path]
	earlier, wasOurs := before[path]
	same := func(a, b any) bool { return fmt.Sprintf("%T %v", a, b) == fmt.Sprintf("%T %v", b, a) }
	switch {
	case inOhai == inOurs && same(want, got), inOhai == wasOurs && same(want, earlier):
		c.equal++
	case c.differences.MatchString(path):
		c.purpose++
	case inOhai && inOurs && (c.volatile.MatchString(path) || !same(earlier, got)) && plausible(want, earlier, got, c.grows(path)):
		c.moving++
	case inOhai != inOurs && wasOurs != inOurs || inOhai != inOurs && strings.Contains(path, "neighbour_inet6"):
		c.moving++ // came or went meanwhile
	default:
		c.wrong = append(c.wrong, fmt.Sprintf("%s: Ohai has %s, we have %s and then %s", path, shown(want, inOhai), shown(earlier, wasOurs), shown(got, inOurs)))
	}
}

// grows tells whether a leaf is a number that only grows.
func (c *comparison) grows(path string) bool {
	return c.volatile.MatchString(path) && !c.steady.MatchString(path)
}

func shown(value any, there bool) string {
	if !there {
		return "nothing"
	}
	text, _ := json.Marshal(value)
	return string(text)
}

var digits = regexp.MustCompile(`[0-9]+(\.[0-9]+)?`)

// plausible tells whether a moving leaf has the type and the form of ours from
// before and after it, and if it is a number that it fits between them: closely
// if it only grows, else with room for what a busy machine does meanwhile.
func plausible(want, before, after any, grows bool) bool {
	if fmt.Sprintf("%T", want) != fmt.Sprintf("%T", after) {
		return false
	}
	w, a, b := fmt.Sprint(want), fmt.Sprint(before), fmt.Sprint(after)
	if strings.Contains(w, " ") {
		return true // words, such as "2 hours 13 minutes"
	}
	if strings.Count(w, "-") == 4 { // a UUID
		return len(w) == len(b)
	}
	if digits.ReplaceAllString(w, "#") != digits.ReplaceAllString(b, "#") {
		return false
	}
	low := number(digits.FindString(a))
	if before == nil {
		low = 0
	}
	return between(number(digits.FindString(w)), low, number(digits.FindString(b)), grows)
}

func between(x, a, b float64, grows bool) bool {
	if grows {
		const slip = 0.01 // counters of several processors are not read at once
		return a-slip*a-10 <= x && x <= b+slip*b+10
	}
	const room = 4e6 // kB or blocks
	return min(a, b)/2-room <= x && x <= 2*max(a, b)+room
}

func number(text string) float64 {
	x, _ := strconv.ParseFloat(text, 64)
	return x
}
