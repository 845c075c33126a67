package facts

import (
	"bytes"
	"net"
	"syscall"
	"testing"
)

// FuzzNetlink: messages cut or mangled give nothing, or something sound.
func FuzzNetlink(f *testing.F) {
	for _, kind := range []int{18, 22, 26, 30} { // RTM_GETLINK, ADDR, ROUTE, NEIGH
		reply, err := syscall.NetlinkRIB(kind, syscall.AF_UNSPEC)
		if err != nil {
			f.Fatal(err)
		}
		each(reply, func(payload []byte) { f.Add(bytes.Clone(payload)) })
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, _, ok := parseLink(b); ok && l.Name == "" {
			t.Error("a link without name")
		}
		if a, ok := parseAddress(b); ok && !a.IP.IsValid() {
			t.Error("an address without address")
		}
		parseRoute(b)
		if e, ok := parseNeighbour(b); ok && !e.IP.IsValid() {
			t.Error("a neighbour without address")
		}
	})
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
