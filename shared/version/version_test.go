package version

import (
	"regexp"
	"testing"
)

func TestString(t *testing.T) {
	form := regexp.MustCompile(`^8\.0\.0-[0-9]+$`)
	if got := String(); !form.MatchString(got) {
		t.Errorf("unstamped: %q does not match %v", got, form)
	}
	defer func(old string) { build = old }(build)
	build = "42"
	if got := String(); got != "8.0.0-42" {
		t.Errorf("stamped: %q", got)
	}
}
