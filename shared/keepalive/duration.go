package keepalive

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Longest is the longest keepalive that has an end.
const Longest = 10 * 365 * day

const day = 24 * time.Hour

var units = []struct {
	name string
	size time.Duration
}{{"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}

// ParseDuration reads "90s", "30m", "6h", "2d", "1h30m" or a bare number of
// hours. Units go from large to small, each at most once, and numbers may have
// a fraction. The duration is whole seconds, at least one, at most Longest.
func ParseDuration(text string) (time.Duration, error) {
	if text == "" {
		return 0, errors.New("empty duration")
	}
	if strings.HasPrefix(text, "-") {
		return 0, fmt.Errorf("negative duration %q", text)
	}
	rest := text
	if strings.Trim(rest, "0123456789.") == "" {
		rest += "h"
	}
	total, unit := 0.0, 0
	for rest != "" {
		number, size, used, next, err := term(rest, unit)
		if err != nil {
			return 0, fmt.Errorf("%w in duration %q", err, text)
		}
		total += number * size.Seconds()
		rest, unit = rest[used:], next
	}
	seconds := math.Round(total)
	switch {
	case seconds < 1:
		return 0, fmt.Errorf("duration %q is less than a second", text)
	case seconds > Longest.Seconds():
		return 0, fmt.Errorf("duration %q is more than ten years", text)
	}
	return time.Duration(seconds) * time.Second, nil
}

// term reads a number and its unit, which must be one from the given on. It
// tells how much of the text it used and which unit may come next.
func term(text string, from int) (number float64, size time.Duration, used, next int, err error) {
	end := len(text) - len(strings.TrimLeft(text, "0123456789."))
	number, err = strconv.ParseFloat(text[:end], 64)
	if end == 0 || err != nil {
		return 0, 0, 0, 0, errors.New("bad number")
	}
	for i := range units {
		if strings.HasPrefix(text[end:], units[i].name) {
			if i < from {
				return 0, 0, 0, 0, errors.New("units out of order")
			}
			return number, units[i].size, end + 1, i + 1, nil
		}
	}
	return 0, 0, 0, 0, errors.New("bad unit")
}

// FormatDuration writes d, rounded to seconds, as ParseDuration reads it:
// "1h30m". Nothing and less is "0s".
func FormatDuration(d time.Duration) string {
	d = d.Round(time.Second)
	if d <= 0 {
		return "0s"
	}
	var out strings.Builder
	for _, unit := range units {
		if n := d / unit.size; n > 0 {
			fmt.Fprintf(&out, "%d%s", n, unit.name)
			d -= n * unit.size
		}
	}
	return out.String()
}
