package facts

import (
	"context"
	"strconv"
)

// network is the interfaces with their addresses, routes, neighbours and
// cards, and the default routes. Ohai reads the output of ip(8) and
// ethtool(8); the places where its reading of that text shows in the facts
// are named below.
func network(_ context.Context, m *Machine) map[string]any {
	if m.Network == nil {
		return nil
	}
	n := newNet(m)
	tree := map[string]any{}
	n.choose(tree, map[string]any{})
	n.cards(m)
	interfaces := map[string]any{}
	for _, i := range n.order {
		interfaces[i.name] = i.facts
	}
	tree["interfaces"] = interfaces
	return map[string]any{"network": tree}
}

// ownAddresses is ipaddress, ip6address and macaddress.
func ownAddresses(_ context.Context, m *Machine) map[string]any {
	if m.Network == nil {
		return nil
	}
	n := newNet(m)
	tree, out := map[string]any{}, map[string]any{}
	n.choose(tree, out)
	n.fallback(tree, out)
	return out
}

// counters is the interfaces' traffic since they came up.
func counters(_ context.Context, m *Machine) map[string]any {
	if m.Network == nil {
		return nil
	}
	interfaces := map[string]any{}
	for _, l := range m.Network().Links {
		interfaces[linkName(l)] = traffic(l)
	}
	return map[string]any{"counters": map[string]any{"network": map[string]any{"interfaces": interfaces}}}
}

// netTree is the state of one computation: interfaces in the kernel's order.
type netTree struct {
	order   []*nic
	byName  map[string]*nic
	byIndex map[int]*nic
	routes  []*route
	v6      bool // whether Ohai looks at the routes and neighbours of IPv6
}

// nic is one interface, or an alias such as "eth0:1".
type nic struct {
	name      string
	facts     map[string]any
	addresses []address
	flags     []string
	ethernet  bool
	renamed   bool // Ohai's name is not the kernel's, by which it then misses routes and neighbours
}

// address is one member of an interface's addresses, in order of appearance.
type address struct {
	text  string
	facts map[string]any
}

func newNet(m *Machine) *netTree {
	state := m.Network()
	n := &netTree{byName: map[string]*nic{}, byIndex: map[int]*nic{}, v6: m.exists("/proc/net/if_inet6")}
	for _, l := range state.Links {
		n.link(l)
		for _, a := range state.Addresses {
			if a.Index == l.Index && a.IP.Is4() {
				n.inet(a)
			}
		}
		for _, a := range state.Addresses {
			if a.Index == l.Index && a.IP.Is6() {
				n.inet6(a)
			}
		}
	}
	n.neighbours(state.Neighbours)
	for _, r := range state.Routes {
		n.route(r)
	}
	return n
}

func (n *netTree) add(name string) *nic {
	if i := n.byName[name]; i != nil {
		return i
	}
	i := &nic{name: name, facts: map[string]any{}}
	n.order = append(n.order, i)
	n.byName[name] = i
	return i
}

func (n *netTree) neighbours(list []Neighbour) {
	const noARP = 0x40
	for _, e := range list {
		i := n.byIndex[e.Index]
		if i == nil || i.renamed || len(e.LLAddr) == 0 || e.State&^noARP == 0 || e.IP.Is6() && !n.v6 {
			continue
		}
		key := "arp"
		if e.IP.Is6() {
			key = "neighbour_inet6"
		}
		table, ok := i.facts[key].(map[string]any)
		if !ok {
			table = map[string]any{}
			i.facts[key] = table
		}
		table[e.IP.String()] = hardware(e.LLAddr)
	}
}

func text(n int) string { return strconv.Itoa(n) }

func count(n uint64) string { return strconv.FormatUint(n, 10) }
