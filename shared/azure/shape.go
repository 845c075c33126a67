package azure

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strings"
)

// decode reads exactly one JSON value, numbers as written.
func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more than one value")
	}
	return nil
}

// shape gives the service's answer the form of Ohai's azure plugin.
func shape(instance any) (azure map[string]any, ok bool) {
	answer, ok := instance.(map[string]any)
	if !ok {
		return nil, false
	}
	compute, _ := plain(answer["compute"]).(map[string]any)
	if compute == nil {
		compute = map[string]any{}
	}
	metadata := map[string]any{"compute": compute}
	if n, ok := answer["network"].(map[string]any); ok {
		metadata["network"] = network(n)
	}
	return map[string]any{"metadata": metadata}, true
}

// plain turns numbers as written into Go's.
func plain(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key := range v {
			v[key] = plain(v[key])
		}
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
		return v.String()
	}
	return value
}

// network has each interface by its address, and all their addresses.
func network(answer map[string]any) map[string]any {
	interfaces := map[string]any{}
	out := map[string]any{"interfaces": interfaces}
	for _, key := range kinds() {
		out[key] = []any{}
	}
	entries, _ := answer["interface"].([]any)
	for _, entry := range entries {
		nic, _ := entry.(map[string]any)
		mac, _ := nic["macAddress"].(string)
		mac = strings.ToUpper(strings.NewReplacer(":", "", "-", "").Replace(mac))
		if mac == "" {
			continue
		}
		described := map[string]any{"mac": mac}
		for _, key := range kinds() {
			list := addresses(nic, key)
			described[key] = list
			out[key] = append(out[key].([]any), list...)
		}
		interfaces[mac] = described
	}
	return out
}

func kinds() [4]string {
	return [...]string{"public_ipv4", "local_ipv4", "public_ipv6", "local_ipv6"}
}

// addresses lists one kind of an interface's addresses; empty ones are the
// service's way to say none.
func addresses(nic map[string]any, kind string) []any {
	field := "privateIpAddress"
	if strings.HasPrefix(kind, "public") {
		field = "publicIpAddress"
	}
	family, _ := nic[kind[strings.IndexByte(kind, '_')+1:]].(map[string]any)
	entries, _ := family["ipAddress"].([]any)
	list := []any{}
	for _, entry := range entries {
		e, _ := entry.(map[string]any)
		if address, _ := e[field].(string); address != "" && !slices.Contains(list, any(address)) {
			list = append(list, address)
		}
	}
	return list
}

// Cloud is the value of the top-level key "cloud", derived from the value of
// "azure". It is nil, as Ohai has it, when azure is.
func Cloud(azure map[string]any) map[string]any {
	metadata, _ := azure["metadata"].(map[string]any)
	if metadata == nil {
		return nil
	}
	cloud := map[string]any{"provider": "azure"}
	network, _ := metadata["network"].(map[string]any)
	for _, kind := range kinds() {
		if list, _ := network[kind].([]any); len(list) > 0 {
			list = normal(list)
			cloud[kind+"_addrs"], cloud[kind] = list, list[0]
		}
	}
	return cloud
}

// normal has addresses in their shortest form, as Ohai's cloud plugin has them.
func normal(list []any) []any {
	list = slices.Clone(list)
	for i := range list {
		text, _ := list[i].(string)
		if address, err := netip.ParseAddr(text); err == nil {
			list[i] = address.String()
		}
	}
	return list
}
