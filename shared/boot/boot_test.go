package boot

import (
	"testing"
)

func TestNow(t *testing.T) {
	a, b := Now(), Now()
	if a.Boot == "" || a.Boot != b.Boot {
		t.Errorf("boots %q and %q", a.Boot, b.Boot)
	}
	if a.Up <= 0 || b.Up < a.Up {
		t.Errorf("up %s, then %s", a.Up, b.Up)
	}
}

func TestIs(t *testing.T) {
	for _, c := range []struct {
		a, b Machine
		want Relation
	}{
		{Machine{"x", "1"}, Machine{"x", "2"}, Same},  // the firmware decides
		{Machine{"x", "1"}, Machine{"y", "1"}, Other}, // an image's copy
		{Machine{"x", "1"}, Machine{"", "1"}, Same},   // read by a normal user
		{Machine{"", "1"}, Machine{"x", "2"}, Other},
		{Machine{"x", ""}, Machine{"", "1"}, Unknown},
		{Machine{}, Machine{}, Unknown},
	} {
		if got := c.a.Is(c.b); got != c.want {
			t.Errorf("%v is %v: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
