package exit

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestStatus(t *testing.T) {
	base := errors.New("broken")
	for _, c := range []struct {
		name string
		err  error
		want int
	}{
		{"nil", nil, OK},
		{"nil marked", With(Usage, nil), OK},
		{"unmarked", base, No},
		{"marked", With(Temporary, base), Temporary},
		{"wrapped afterwards", fmt.Errorf("cannot read: %w", With(Usage, base)), Usage},
		{"outermost mark wins", With(No, With(Usage, base)), No},
		{"hint keeps status", Hint(With(Temporary, base), "wait"), Temporary},
		{"hint on unmarked", Hint(base, "wait"), No},
		{"quiet", Quiet(Unhealthy), Unhealthy},
		{"signal", Quiet(Signal(15)), 143},
	} {
		if got := Status(c.err); got != c.want {
			t.Errorf("%s: status %d, want %d", c.name, got, c.want)
		}
	}
}

func TestHints(t *testing.T) {
	err := Hint(fmt.Errorf("outer: %w", Hint(errors.New("inner"), "first %d", 1)), "second")
	if got, want := Hints(err), []string{"second", "first 1"}; !slices.Equal(got, want) {
		t.Errorf("hints %q, want %q", got, want)
	}
	if err.Error() != "outer: inner" {
		t.Errorf("a hint changed the message: %q", err)
	}
}

func TestQuiet(t *testing.T) {
	if !IsQuiet(fmt.Errorf("x: %w", Quiet(1))) || IsQuiet(errors.New("x")) {
		t.Error("IsQuiet does not tell quiet errors apart")
	}
}
