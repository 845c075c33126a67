package facts

import (
	"net/netip"
	"strings"
)

// route is one entry of an interface's routes.
type route struct {
	nic   *nic
	v6    bool
	dst   string // as ip prints it; "default"
	net   netip.Prefix
	via   netip.Addr
	src   netip.Addr
	rank  int // the metric
	facts map[string]any
}

// route adds a route to the interfaces of its hops.
func (n *netTree) route(r Route) {
	for _, hop := range r.Hops {
		i := n.byIndex[hop.Index]
		if i == nil || i.renamed || r.V6 && !n.v6 || n.foreign(i, r) {
			continue
		}
		e := newRoute(r, hop)
		e.nic = i
		routes, _ := i.facts["routes"].([]any)
		i.facts["routes"] = append(routes, e.facts)
		n.routes = append(n.routes, e)
	}
}

func newRoute(r Route, hop Hop) *route {
	e := &route{v6: r.V6, dst: destination(r), net: r.Dst, via: hop.Via, src: r.Src, rank: r.Metric}
	e.facts = map[string]any{"destination": e.dst, "family": familyName(r.V6)}
	if hop.Via.IsValid() {
		e.facts["via"] = hop.Via.String()
	}
	if r.Many { // ip prints the rest before the hops, where Ohai does not look
		e.dst += attributes(r) + r.Preference
		e.facts["destination"] = e.dst
		e.src, e.rank = netip.Addr{}, 0
		return e
	}
	for word := strings.Fields(attributes(r)); len(word) > 1; word = word[2:] {
		e.facts[word[0]] = word[1]
	}
	return e
}

func familyName(v6 bool) string {
	if v6 {
		return "inet6"
	}
	return "inet"
}

// destination is the first word of ip's line: the type of a special route.
func destination(r Route) string {
	switch r.Type { // linux/rtnetlink.h
	case 2:
		return "local"
	case 3:
		return "broadcast"
	case 4:
		return "anycast"
	case 5:
		return "multicast"
	case 6:
		return "blackhole"
	case 7:
		return "unreachable"
	case 8:
		return "prohibit"
	case 9:
		return "throw"
	case 10:
		return "nat"
	}
	switch {
	case !r.Dst.IsValid() || r.Dst.Bits() == 0:
		return "default"
	case r.Dst.IsSingleIP() && compatible(r.Dst.Addr()):
		return "::" + netip.AddrFrom4([4]byte(r.Dst.Addr().AsSlice()[12:])).String()
	case r.Dst.IsSingleIP():
		return r.Dst.Addr().String()
	}
	return r.Dst.String()
}

// attributes is what ip prints behind destination and device, for the words
// that Ohai keeps.
func attributes(r Route) string {
	var b strings.Builder
	if name := protocol(r.Protocol); name != "" {
		b.WriteString(" proto " + name)
	}
	if r.Scope != 0 {
		name := strings.ToLower(scope(r.Scope))
		if r.Scope == 254 {
			name = "host"
		}
		b.WriteString(" scope " + name)
	}
	if r.Src.IsValid() {
		b.WriteString(" src " + r.Src.String())
	}
	if r.Metric != 0 {
		b.WriteString(" metric " + text(r.Metric))
	}
	return b.String()
}

// protocol is the name in iproute2's rt_protos; boot is not printed.
func protocol(p int) string {
	switch p {
	case 0:
		return "unspec"
	case 1:
		return "redirect"
	case 2:
		return "kernel"
	case 3:
		return ""
	case 4:
		return "static"
	case 8:
		return "gated"
	case 9:
		return "ra"
	case 11:
		return "zebra"
	case 12:
		return "bird"
	case 16:
		return "dhcp"
	case 18:
		return "keepalived"
	case 42:
		return "babel"
	case 186:
		return "bgp"
	case 187:
		return "isis"
	case 188:
		return "ospf"
	case 189:
		return "rip"
	case 192:
		return "eigrp"
	}
	return text(p)
}

// foreign tells whether a route's source is no address of an interface that
// has addresses of that family: Ohai leaves such a route out.
func (n *netTree) foreign(i *nic, r Route) bool {
	if !r.Src.IsValid() || r.Many {
		return false
	}
	_, has := i.find(r.Src.String())
	return !has && i.has(familyName(r.V6))
}

func (i *nic) find(text string) (map[string]any, bool) {
	for _, a := range i.addresses {
		if a.text == text {
			return a.facts, true
		}
	}
	return nil, false
}

func (i *nic) has(family string) bool {
	for _, a := range i.addresses {
		if a.facts["family"] == family {
			return true
		}
	}
	return false
}

// mac is the first hardware address, "" without one.
func (i *nic) mac() string {
	for _, a := range i.addresses {
		if a.facts["family"] == "lladdr" {
			return a.text
		}
	}
	return ""
}
