package facts

import "net/netip"

// Network is the kernel's network state, as rtnetlink(7) dumps it.
type Network struct {
	Links      []Link
	Addresses  []Address
	Routes     []Route // the main table's
	Neighbours []Neighbour
}

// Link is a network interface.
type Link struct {
	Index     int
	Parent    string // "eth0", or "if5" in another namespace; "" none
	Name      string
	Type      int // ARPHRD_*
	Flags     uint32
	MTU       int
	State     int    // IF_OPER_*
	PortState string // of a bridge's port or a bond's slave, as ip(8) calls it; "" for others
	QueueLen  int
	Address   []byte
	Broadcast []byte
	RX, TX    Traffic
	VLAN      *VLAN
	Tunnel    map[string]any // of an IPIP or ip6tnl interface, in ip(8)'s words
}

// Traffic is one direction's counters since the link came up.
type Traffic struct{ Bytes, Packets, Errors, Dropped, Missed, Carrier, Collisions uint64 }

// VLAN is what a VLAN's interface adds to its parent.
type VLAN struct {
	ID       int
	Protocol string // "802.1Q" or "802.1ad"
	Flags    []string
}

// Address is one address of an interface.
type Address struct {
	Index     int
	IP        netip.Addr
	Peer      netip.Addr // the zero Addr when there is none
	Broadcast netip.Addr
	Bits      int
	Scope     int // RT_SCOPE_*
	Flags     uint32
	Label     string
}

// Route is one way to a destination. An ECMP route has several hops.
type Route struct {
	Dst      netip.Prefix // the zero Prefix with V6 unset or set: default
	V6       bool
	Type     int // RTN_*
	Scope    int
	Protocol int // RTPROT_*
	Metric   int // 0 none
	Src      netip.Addr
	Hops     []Hop
	Many     bool // an ECMP route, also when it has one hop

	Preference string // of an IPv6 route (RFC 4191), as ip(8) prints it: " pref medium"
}

// Hop is a next hop; Via is the zero Addr for a directly connected network.
type Hop struct {
	Via   netip.Addr
	Index int
}

// Neighbour is an entry of the ARP or ND cache.
type Neighbour struct {
	Index  int
	IP     netip.Addr
	LLAddr []byte
	State  int // NUD_*
}
