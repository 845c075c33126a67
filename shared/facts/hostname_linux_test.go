package facts

import (
	"context"
	"net/netip"
	"testing"
	"time"
)

func TestFullName(t *testing.T) {
	const resolv = "nameserver 127.0.0.1\nsearch one.example two.example\n"
	for name, c := range map[string]struct {
		files  map[string]string
		dns    map[string]string
		node   string
		full   any
		domain any
	}{
		"hosts":           {map[string]string{"/etc/hosts": "10.0.0.1 vm.example.org vm\n"}, nil, "vm", "vm.example.org", "example.org"},
		"hosts, no case":  {map[string]string{"/etc/hosts": "10.0.0.1 VM.Example.org VM\n"}, nil, "vm", "VM.Example.org", "Example.org"},
		"hosts, no dot":   {map[string]string{"/etc/hosts": "127.0.1.1 vm\n"}, nil, "vm", "vm", nil},
		"search":          {map[string]string{"/etc/resolv.conf": resolv}, map[string]string{"vm.two.example": ""}, "vm", "vm.two.example", "two.example"},
		"alias":           {map[string]string{"/etc/resolv.conf": resolv}, map[string]string{"vm.one.example": "real.example.org"}, "vm", "real.example.org", "example.org"},
		"dots":            {map[string]string{"/etc/resolv.conf": resolv}, map[string]string{"vm.x.org": ""}, "vm.x.org", "vm.x.org", "x.org"},
		"unknown":         {map[string]string{"/etc/resolv.conf": resolv}, nil, "vm", nil, nil},
		"myhostname":      {map[string]string{"/etc/nsswitch.conf": "hosts: files myhostname\n"}, nil, "vm", "vm", nil},
		"resolve":         {map[string]string{"/etc/nsswitch.conf": "hosts: resolve [!UNAVAIL=return] files\n", "/run/systemd/resolve/stub-resolv.conf": ""}, nil, "vm", "vm", nil},
		"impossible name": {map[string]string{"/etc/resolv.conf": resolv}, nil, "a..b", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			plantAll(t, root, c.files)
			m := &Machine{Root: root, Uname: func() Uname { return Uname{Node: c.node} }, Exchange: recording{DNS: c.dns}.exchange}
			full, _ := m.Fact(t.Context(), "fqdn")
			domain, found := m.Fact(t.Context(), "domain")
			if full != c.full || domain != c.domain || !found {
				t.Errorf("full name %v, domain %v; want %v, %v", full, domain, c.full, c.domain)
			}
		})
	}
}

// TestSilentNameServer: the name is given up in time, and the host name does
// not wait for it at all.
func TestSilentNameServer(t *testing.T) {
	root := t.TempDir()
	plantAll(t, root, map[string]string{"/etc/resolv.conf": "nameserver 127.0.0.1\nnameserver 127.0.0.2\nsearch a b c\n"})
	asked := 0
	m := &Machine{Root: root, Patience: 30 * time.Millisecond, Uname: func() Uname { return Uname{Node: "vm.x"} },
		Exchange: func(ctx context.Context, _ netip.Addr, _ []byte) []byte { asked++; <-ctx.Done(); return nil }}
	if name, _ := m.Fact(t.Context(), "hostname"); name != "vm" || asked > 0 {
		t.Errorf("host name %v after %d questions", name, asked)
	}
	if name, found := m.Fact(t.Context(), "fqdn"); found || asked != 1 {
		t.Errorf("full name %v after %d questions", name, asked)
	}
}
