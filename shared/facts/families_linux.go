package facts

// families says which top-level keys each file provides.
func families() []family {
	return []family{
		{keys: []string{"hostname", "machinename", "fqdn", "domain"}, compute: hostname},
		{keys: []string{"os", "os_version"}, compute: system},
		{keys: []string{"platform", "platform_family", "platform_version"}, compute: platform},
		{keys: []string{"os_release"}, compute: osRelease},
		{keys: []string{"lsb"}, compute: lsb},
		{keys: []string{"kernel"}, compute: kernel},
		{keys: []string{"memory"}, compute: memory},
		{keys: []string{"cpu"}, compute: cpu},
		{keys: []string{"network", "counters", "ipaddress", "ip6address", "macaddress"}, compute: network},
	}
}
