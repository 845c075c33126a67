package facts

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
)

// parseTunnel reads what `ip -d link` prints of an interface of kind ipip or
// ip6tnl, as far as Ohai looks: IFLA_LINKINFO's IFLA_IPTUN_* attributes
// (linux/if_tunnel.h) and some of the link's own. It is nil for other kinds.
func parseTunnel(link map[uint16][]byte) map[string]any {
	const linkInfo, kind, data = 18, 1, 2
	const local, remote, protocol, external = 2, 3, 9, 19
	info := netlinkAttributes(link[linkInfo])
	name, a := strings.TrimRight(string(info[kind]), "\x00"), netlinkAttributes(info[data])
	if name != "ipip" && name != "ip6tnl" {
		return nil
	}
	t := map[string]any{}
	if _, found := a[external]; found {
		t["external"] = true
	}
	if p := a[protocol]; len(p) > 0 {
		switch {
		case p[0] == 0:
			t["proto"] = "any"
		case p[0] == 4 && name == "ip6tnl":
			t["proto"] = "ipip6"
		case p[0] == 41 && name == "ip6tnl":
			t["proto"] = "ip6ip6"
		}
	}
	for side, b := range map[string][]byte{"local": a[local], "remote": a[remote]} {
		if ip, ok := netip.AddrFromSlice(b); ok && !ip.IsUnspecified() {
			t[side] = ip.String()
		} else {
			t[side], t["proto"] = "any", "any" // Ohai takes any of these words for the protocol
		}
	}
	if name == "ip6tnl" {
		tunnel6Header(a, t)
	}
	tunnelQueues(link, t)
	return t
}

// tunnel6Header is the fields of the outer IPv6 header.
func tunnel6Header(a map[uint16][]byte, t map[string]any) {
	const hops, limit, flow, flags = 4, 6, 7, 8
	const noLimit, sameClass, sameLabel = 1, 2, 4 // linux/ip6_tunnel.h
	bits := uint32Of(a[flags])
	set := func(name string, unless bool, instead string, found []byte, format string, value uint32) {
		if unless {
			t[name] = instead
		} else if len(found) > 0 {
			t[name] = fmt.Sprintf(format, value)
		}
	}
	first := func(b []byte) uint32 { return uint32(append(b, 0)[0]) }
	set("hoplimit", len(a[hops]) > 0 && a[hops][0] == 0, "inherit", a[hops], "%d", first(a[hops]))
	set("encaplimit", bits&noLimit != 0, "none", a[limit], "%d", first(a[limit]))
	word := binary.BigEndian.Uint32(append([]byte{0, 0, 0, 0}, a[flow]...)[len(a[flow]):])
	set("tclass", bits&sameClass != 0, "inherit", a[flow], "0x%02x", word>>20&0xff)
	set("flowlabel", bits&sameLabel != 0, "inherit", a[flow], "0x%05x", word&0xfffff)
}

// tunnelQueues is what ip prints of every link, and Ohai reads of tunnels.
func tunnelQueues(link map[uint16][]byte, t map[string]any) {
	const afSpec, inet6, addressMode = 26, 10, 8
	mode := netlinkAttributes(netlinkAttributes(link[afSpec])[inet6])[addressMode]
	if names := [...]string{"eui64", "none", "stable_secret", "random"}; len(mode) > 0 && int(mode[0]) < len(names) {
		t["addrgenmode"] = names[mode[0]]
	}
	for _, q := range [...]struct {
		name string
		kind uint16
	}{{"numtxqueues", 31}, {"numrxqueues", 32}, {"gso_max_size", 41}, {"gso_max_segs", 40}} {
		if b, found := link[q.kind]; found {
			t[q.name] = text(int(uint32Of(b)))
		}
	}
}
