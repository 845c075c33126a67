package facts

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// choose fills in the default interfaces and gateways of the network tree,
// and the node's own addresses where a route tells them.
func (n *netTree) choose(tree, out map[string]any) {
	for _, family := range [...]struct {
		v6     bool
		prefix string
		none   string
	}{{false, "default", "0.0.0.0"}, {true, "default_inet6", "::"}} {
		routes := n.family(family.v6)
		way := defaultRoute(routes)
		if way == nil {
			continue
		}
		tree[family.prefix+"_interface"] = way.nic.name
		tree[family.prefix+"_gateway"] = family.none
		if way.via.IsValid() {
			tree[family.prefix+"_gateway"] = way.via.String()
		}
		if best := favoured(routes, way); best != nil {
			favour(best, out)
		}
	}
}

// family lists routes by interface, as Ohai goes through them.
func (n *netTree) family(v6 bool) (routes []*route) {
	for _, i := range n.order {
		for _, r := range n.routes {
			if r.nic == i && r.v6 == v6 {
				routes = append(routes, r)
			}
		}
	}
	return routes
}

func defaultRoute(routes []*route) (best *route) {
	for _, r := range routes {
		if r.dst == "default" && (best == nil || r.rank < best.rank) {
			best = r
		}
	}
	return best
}

// favoured picks the route whose source is the node's address: a default
// route, or the one to the network of the default route's gateway.
func favoured(routes []*route, way *route) (best *route) {
	for _, r := range routes {
		if usable(r) && leads(r, way) && (best == nil || before(r, best)) {
			best = r
		}
	}
	return best
}

func before(a, b *route) bool {
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.rank, b.rank), cmp.Compare(prefixBits(a), prefixBits(b))) < 0
}

func rank(r *route) int {
	if r.dst == "default" {
		return 0
	}
	return 1
}

func prefixBits(r *route) int {
	if r.dst == "default" {
		return 0
	}
	return max(0, r.net.Bits())
}

func usable(r *route) bool {
	if r.v6 {
		return r.nic.facts["state"] == "up"
	}
	if !r.src.IsValid() {
		return false
	}
	facts, has := r.nic.find(r.src.String())
	return !r.nic.has("inet") || has && facts["scope"] != "Link"
}

func leads(r, way *route) bool {
	return r.dst == "default" || way.via.IsValid() && r.net.IsValid() && r.net.Contains(way.via)
}

func favour(r *route, out map[string]any) {
	key := "ipaddress"
	if r.v6 {
		key = "ip6address"
	}
	if r.src.IsValid() {
		out[key] = r.src.String()
	}
	if _, has := out["macaddress"]; has && r.v6 {
		return
	}
	if mac := r.nic.mac(); mac != "" && !slices.Contains(r.nic.flags, "NOARP") {
		out["macaddress"] = mac
	}
}

// fallback chooses what no route told, from the addresses alone: of the
// default interface, the one whose network has the gateway, else the one of
// widest scope, longest prefix and lowest number.
func (n *netTree) fallback(tree, out map[string]any) {
	for _, family := range [...][3]string{{"inet", "default", "ipaddress"}, {"inet6", "default_inet6", "ip6address"}} {
		best := n.find(tree, family[0], family[1])
		if best == nil {
			continue
		}
		if _, has := out[family[2]]; !has {
			out[family[2]] = best.ip.Addr().String()
		}
		if _, has := out["macaddress"]; !has && best.nic.mac() != "" {
			out["macaddress"] = best.nic.mac()
		}
	}
}

type candidate struct {
	ip    netip.Prefix
	scope int
	peer  string
	nic   *nic
}

func (n *netTree) find(tree map[string]any, family, prefix string) *candidate {
	name, one := tree[prefix+"_interface"].(string)
	gateway, _ := tree[prefix+"_gateway"].(string)
	via, err := netip.ParseAddr(gateway)
	far := err == nil && !via.IsUnspecified() && !strings.HasPrefix(gateway, "fe80:")
	var first *candidate
	for _, c := range n.candidates(family) {
		switch {
		case one && c.nic.name != name:
		case !one || !far || c.reaches(via):
			return c
		case first == nil:
			first = c
		}
	}
	return first
}

func (c *candidate) reaches(via netip.Addr) bool {
	if c.peer != "" {
		return c.peer == via.String()
	}
	return c.ip.Contains(via)
}

// candidates are all addresses of a family, the best first.
func (n *netTree) candidates(family string) (all []*candidate) {
	scopes := []string{"Global", "Site", "Link", "Host", "Node"}
	for _, i := range n.order {
		for _, a := range i.addresses {
			length, _ := a.facts["prefixlen"].(string)
			ip, err := netip.ParsePrefix(a.text + "/" + length)
			if err != nil || a.facts["family"] != family {
				continue
			}
			name, _ := a.facts["scope"].(string)
			peer, _ := a.facts["peer"].(string)
			at := slices.Index(scopes, name)
			if at < 0 {
				at = len(scopes)
			}
			all = append(all, &candidate{ip, at, peer, i})
		}
	}
	slices.SortStableFunc(all, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(a.scope, b.scope), cmp.Compare(b.ip.Bits(), a.ip.Bits()), a.ip.Addr().Compare(b.ip.Addr()))
	})
	return all
}
