package facts

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"strings"
)

// dnsName is the canonical name that DNS has for a name, with the servers and
// search domains of resolv.conf(5); "" when there is none in time.
func dnsName(ctx context.Context, m *Machine, name string) string {
	if m.Exchange == nil {
		return ""
	}
	ctx, stop := context.WithTimeout(ctx, m.patience())
	defer stop()
	servers, search := resolver(m)
	candidates := []string{name}
	for _, domain := range search {
		candidates = append(candidates, name+"."+strings.Trim(domain, "."))
	}
	if !strings.Contains(name, ".") && len(candidates) > 1 { // ndots:1
		candidates = append(candidates[1:], name)
	}
	for _, candidate := range candidates {
		for _, kind := range [...]uint16{1, 28} { // A, AAAA
			if found := askAll(ctx, m, servers, candidate, kind); found != "" {
				return found
			}
		}
	}
	return ""
}

func askAll(ctx context.Context, m *Machine, servers []netip.Addr, name string, kind uint16) string {
	query, ok := dnsQuery(name, kind)
	if !ok {
		return ""
	}
	for _, server := range servers {
		if ctx.Err() != nil {
			m.trouble("fqdn", "no answer from the name servers in time")
			return ""
		}
		if answer := m.Exchange(ctx, server, query); answer != nil {
			return canonical(answer, query, name, kind)
		}
	}
	return ""
}

func resolver(m *Machine) (servers []netip.Addr, search []string) {
	for _, line := range m.lines("/etc/resolv.conf") {
		field := strings.Fields(line)
		if len(field) < 2 {
			continue
		}
		switch field[0] {
		case "nameserver":
			if a, err := netip.ParseAddr(field[1]); err == nil && len(servers) < 3 {
				servers = append(servers, a)
			}
		case "domain", "search":
			search = field[1:min(len(field), 7)]
		}
	}
	return servers, search
}

// dnsQuery is a recursive question for one name (RFC 1035, 4.1).
func dnsQuery(name string, kind uint16) (packet []byte, ok bool) {
	id := rand.Uint32()
	packet = []byte{byte(id >> 8), byte(id), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0}
	for _, label := range strings.Split(strings.TrimSuffix(name, "."), ".") {
		if label == "" || len(label) > 63 {
			return nil, false
		}
		packet = append(append(packet, byte(len(label))), label...)
	}
	packet = append(packet, 0)
	packet = binary.BigEndian.AppendUint16(packet, kind)
	return binary.BigEndian.AppendUint16(packet, 1), len(packet) <= 12+255+2
}

// canonical follows the answer's aliases from the name to the one that has an
// address; "" when none has.
func canonical(answer, query []byte, name string, kind uint16) string {
	const header, alias = 12, 5
	if len(answer) < len(query) || answer[0] != query[0] || answer[1] != query[1] || answer[2]&0x80 == 0 || answer[3]&15 != 0 {
		return ""
	}
	at := len(query) // the question comes back unchanged
	for range min(int(binary.BigEndian.Uint16(answer[6:])), 64) {
		owner, next, ok := domainName(answer, at)
		if !ok || next+10 > len(answer) {
			return ""
		}
		size := int(binary.BigEndian.Uint16(answer[next+8:]))
		data := next + 10
		if data+size > len(answer) {
			return ""
		}
		switch t := binary.BigEndian.Uint16(answer[next:]); {
		case !strings.EqualFold(owner, name):
		case t == kind:
			return name
		case t == alias:
			if name, _, ok = domainName(answer, data); !ok {
				return ""
			}
		}
		at = data + size
	}
	return ""
}

// domainName reads a possibly compressed name (RFC 1035, 4.1.4) and tells
// where the text behind it begins. Only names of printable ASCII pass.
func domainName(b []byte, at int) (name string, next int, ok bool) {
	var labels []string
	for jumps := 0; at < len(b); {
		size := int(b[at])
		switch {
		case size == 0:
			if jumps == 0 {
				next = at + 1
			}
			return strings.Join(labels, "."), next, len(labels) > 0
		case size >= 0xc0 && at+1 < len(b) && jumps < 16:
			if jumps == 0 {
				next = at + 2
			}
			at, jumps = (size&0x3f)<<8|int(b[at+1]), jumps+1
		case size < 64 && at+1+size <= len(b) && len(labels) < 128:
			label := string(b[at+1 : at+1+size])
			if strings.ContainsFunc(label, func(r rune) bool { return r <= ' ' || r > '~' || r == '.' }) {
				return "", 0, false
			}
			labels, at = append(labels, label), at+1+size
		default:
			return "", 0, false
		}
	}
	return "", 0, false
}
