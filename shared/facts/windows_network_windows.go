package facts

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// windowsNetwork is the adapters that are up, by their index in hexadecimal
// as in Ohai, and the node's own addresses: those of the adapter with a
// gateway whose metric is the lowest.
func windowsNetwork(context.Context, *Machine) map[string]any {
	interfaces := map[string]any{}
	tree := map[string]any{"interfaces": interfaces}
	out := map[string]any{"network": tree}
	all := adapters()
	slices.SortStableFunc(all, func(a, b *windows.IpAdapterAddresses) int {
		return cmp.Or(cmp.Compare(withGateway(a), withGateway(b)), cmp.Compare(a.Ipv4Metric, b.Ipv4Metric))
	})
	for _, a := range all {
		name := fmt.Sprintf("0x%x", a.IfIndex)
		i := &nic{name: name, facts: map[string]any{}}
		describeAdapter(i, a)
		interfaces[name] = i.facts
		if gateway := socketAddress(&gatewayOf(a).Address); withGateway(a) == 0 && tree["default_interface"] == nil {
			tree["default_interface"], tree["default_gateway"] = name, gateway.String()
		}
		ownWindowsAddresses(i, out)
	}
	return out
}

func gatewayOf(a *windows.IpAdapterAddresses) *windows.IpAdapterGatewayAddress {
	if a.FirstGatewayAddress != nil {
		return a.FirstGatewayAddress
	}
	return &windows.IpAdapterGatewayAddress{}
}

func withGateway(a *windows.IpAdapterAddresses) int {
	if a.FirstGatewayAddress != nil {
		return 0
	}
	return 1
}

func adapters() (all []*windows.IpAdapterAddresses) {
	const gateways = windows.GAA_FLAG_INCLUDE_GATEWAYS | windows.GAA_FLAG_SKIP_ANYCAST | windows.GAA_FLAG_SKIP_MULTICAST | windows.GAA_FLAG_SKIP_DNS_SERVER
	size := uint32(64 << 10)
	for range 3 {
		buffer := make([]byte, size)
		first := (*windows.IpAdapterAddresses)(unsafe.Pointer(&buffer[0]))
		err := windows.GetAdaptersAddresses(windows.AF_UNSPEC, gateways, 0, first, &size)
		if err == windows.ERROR_BUFFER_OVERFLOW && size < 16<<20 {
			continue
		}
		for a := first; err == nil && a != nil; a = a.Next {
			if a.OperStatus == windows.IfOperStatusUp {
				all = append(all, a)
			}
		}
		return all
	}
	return nil
}

func describeAdapter(i *nic, a *windows.IpAdapterAddresses) {
	const ethernet = 6
	i.facts["mtu"] = text(int(a.Mtu))
	i.facts["instance"] = map[string]any{"net_connection_id": windows.UTF16PtrToString(a.FriendlyName)}
	i.facts["configuration"] = map[string]any{"description": windows.UTF16PtrToString(a.Description)}
	if a.IfType == ethernet {
		i.facts["encapsulation"] = "Ethernet"
	}
	if n := min(int(a.PhysicalAddressLength), len(a.PhysicalAddress)); n > 0 {
		i.address(strings.ToUpper(hardware(a.PhysicalAddress[:n])), map[string]any{"family": "lladdr"})
	}
	for u := a.FirstUnicastAddress; u != nil; u = u.Next {
		ip := socketAddress(&u.Address)
		if !ip.IsValid() {
			continue
		}
		facts := map[string]any{"family": familyName(ip.Is6()), "prefixlen": text(int(u.OnLinkPrefixLength))}
		if ip.Is4() {
			facts["netmask"] = netmask(int(u.OnLinkPrefixLength))
		} else if facts["scope"] = "Global"; ip.IsLinkLocalUnicast() {
			facts["scope"] = "Link"
		}
		i.address(ip.WithZone("").String(), facts)
	}
}

func socketAddress(s *windows.SocketAddress) netip.Addr {
	ip, _ := netip.AddrFromSlice(s.IP())
	return ip.Unmap()
}

// ownWindowsAddresses takes an adapter's addresses for the node's where none
// are known yet; a loopback or link-local one is nobody's.
func ownWindowsAddresses(i *nic, out map[string]any) {
	for _, a := range i.addresses {
		ip, err := netip.ParseAddr(a.text)
		if err != nil || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
			continue
		}
		key := "ipaddress"
		if ip.Is6() {
			key = "ip6address"
		}
		if out[key] == nil {
			out[key] = a.text
			if mac := i.mac(); out["macaddress"] == nil && mac != "" {
				out["macaddress"] = mac
			}
		}
	}
}
