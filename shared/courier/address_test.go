package courier

import "testing"

func TestWithPassword(t *testing.T) {
	for _, c := range []struct{ broker, want string }{
		{"amqps://node@host/%2f", "amqps://node:p%40ss@host/%2f"},
		{"amqps://node:own@host/%2f", "amqps://node:own@host/%2f"},
		{"amqps://node:@host", "amqps://node:@host"},
		{"amqps://host", "amqps://host"},
		{"", ""},
	} {
		got := Connection{Broker: Broker{URL: c.broker}, Username: "u"}.WithPassword("p@ss")
		if got.Broker.URL != c.want || got.Password != "p@ss" {
			t.Errorf("%q: broker %q, password %q", c.broker, got.Broker.URL, got.Password)
		}
	}
	own := Connection{Username: "u", Password: "own", URL: "https://me@host"}
	if got := own.WithPassword("p"); got.Password != "own" || got.URL != "https://me:p@host" {
		t.Errorf("%+v", got)
	}
	if got := own.WithPassword(""); got != own {
		t.Errorf("no password changed %+v", got)
	}
}
