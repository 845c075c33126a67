package facts

import (
	"bytes"
	"net"
	"syscall"
	"testing"

	"golang.org/x/tools/txtar"
)

// FuzzNetlink: messages cut or mangled give nothing, or something sound, and
// the facts that come of it are a tree of JSON.
func FuzzNetlink(f *testing.F) {
	for _, kind := range []int{18, 22, 26, 30} { // RTM_GETLINK, ADDR, ROUTE, NEIGH
		reply, err := syscall.NetlinkRIB(kind, syscall.AF_UNSPEC)
		if err != nil {
			f.Fatal(err)
		}
		each(reply, func(payload []byte) { f.Add(bytes.Clone(payload)) })
		each(dumped(f, recordedKernel(f), kind), func(payload []byte) { f.Add(bytes.Clone(payload)) })
	}
	root := f.TempDir()
	plantAll(f, root, map[string]string{"/proc/net/if_inet6": ""})
	f.Fuzz(func(t *testing.T, b []byte) {
		state := Network{Links: []Link{{Index: 1, Name: "lo"}, {Index: 2, Name: "eth0"}}}
		if l, _, ok := parseLink(b); ok {
			state.Links = append(state.Links, l)
		}
		if a, ok := parseAddress(b); ok {
			if !a.IP.IsValid() {
				t.Error("an address without address")
			}
			state.Addresses = []Address{a}
		}
		if r, ok := parseRoute(b); ok {
			state.Routes = []Route{r}
		}
		if e, ok := parseNeighbour(b); ok {
			if !e.IP.IsValid() {
				t.Error("a neighbour without address")
			}
			state.Neighbours = []Neighbour{e}
		}
		m := &Machine{Root: root, Network: func() Network { return state }, Card: func(string) Card { return Card{} }}
		for _, name := range []string{"network", "counters", "ipaddress", "ip6address", "macaddress"} {
			value, _ := m.Fact(t.Context(), name)
			proper(t, name, value)
		}
	})
}

// recordedKernel is the root folder of the machine with a recorded kernel.
func recordedKernel(t testing.TB) *Machine {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/machines/interfaces.txtar")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, file := range archive.Files {
		plantAll(t, root, map[string]string{file.Name: string(file.Data)})
	}
	return &Machine{Root: root}
}

// TestNetlinkAgainstTheLibrary: the standard library sees the same interfaces
// and addresses.
func TestNetlinkAgainstTheLibrary(t *testing.T) {
	state := netlink()
	interfaces, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	if len(interfaces) != len(state.Links) {
		t.Fatalf("%d interfaces, not %d", len(state.Links), len(interfaces))
	}
	for i, want := range interfaces {
		got := state.Links[i]
		if got.Name != want.Name || got.Index != want.Index || got.MTU != want.MTU || !bytes.Equal(got.Address, want.HardwareAddr) && len(want.HardwareAddr) > 0 {
			t.Errorf("%+v, not %+v", got, want)
		}
		addresses, err := want.Addrs()
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, a := range state.Addresses {
			if a.Index == want.Index {
				found++
			}
		}
		if found != len(addresses) {
			t.Errorf("%s has %d addresses, not %d", want.Name, found, len(addresses))
		}
	}
}
